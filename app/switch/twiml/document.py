"""TwiML documents: how they are asked for, and what is a document at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin

from lxml import etree

from app.switch.calls import Call, Voice
from app.switch.debugger import TwimlError
from app.switch.webhooks import Answer

XML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)


@dataclass(frozen=True)
class Document:
    """A parsed document. url and method: how it was got; relative URLs in it start there."""

    root: etree._Element
    url: str = ""
    method: str = "POST"

    def absolute(self, url: str | None) -> str:
        """A URL of the document made absolute; none or empty is the document's own."""
        return urljoin(urldefrag(self.url)[0], url) if url else self.url


@dataclass(frozen=True)
class Goto:
    """Where the call goes on: a document to ask for, with further parameters."""

    url: str
    method: str = "POST"
    params: Mapping[str, str] = field(default_factory=dict)


def parse(text: bytes, url: str = "", method: str = "POST") -> Document:
    """Read TwiML. Raises TwimlError 12100 (https://www.twilio.com/docs/api/errors/12100)."""
    try:
        root = etree.fromstring(text.strip(), _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise TwimlError(12100, url, str(error)) from error
    if root.tag != "Response":
        raise TwimlError(12100, url, f"the root is {root.tag}, not Response")
    return Document(root, url, method)


def from_answer(answer: Answer, url: str, method: str) -> Document:
    """What the app answered: TwiML, a sound to play, or plain text to say; else TwimlError 12300.

    Source: https://www.twilio.com/docs/voice/twiml#twilios-response-mime-types
    """
    if answer.content_type in XML_TYPES:
        return parse(answer.body, url, method)
    root = etree.Element("Response")
    if answer.content_type.startswith("audio/"):
        etree.SubElement(root, "Play").text = answer.url
    elif answer.content_type == "text/plain":
        etree.SubElement(root, "Say").text = answer.body.decode("utf-8", "replace")
    else:
        raise TwimlError(12300, url, answer.content_type)
    return Document(root, url, method)


async def fetch(call: Call, goto: Goto) -> Document:
    """Ask the app for a document. Raises TwimlError with Twilio's code."""
    if not goto.url.startswith(("http://", "https://")):
        raise TwimlError(11100, goto.url)
    params = call.record.params(call.exchange.config.account) | dict(goto.params)
    answer = await call.exchange.webhooks.ask(call.hook("voice", goto.url, goto.method, params))
    return from_answer(answer, goto.url, goto.method)


def first(voice: Voice) -> Goto | Document:
    """Where a call begins."""
    return parse(voice.twiml.encode()) if voice.twiml else Goto(voice.url, voice.method)
