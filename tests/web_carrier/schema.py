"""The official schema of TwiML, against which every document that we send is held."""

from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

FOLDER = Path(__file__).parents[1] / "contracts" / "twiml"
MAIN = FOLDER / "twiml_v20100401_twilioRealtimeCallSchema.xsd"

OLD_VOICES, VOICES = r"Polly\.[a-zA-Z]+", r"Polly\.[a-zA-Z]+(-Neural)?|Google\.[a-zA-Z0-9-]+"
"""The schema is older than neural voices (https://www.twilio.com/docs/voice/twiml/say/text-speech)."""

MOST_BYTES = 64 * 1024
MOST_SAID = 4096
"""https://www.twilio.com/docs/api/errors/11750 and https://www.twilio.com/docs/voice/twiml/say"""


class _Here(etree.Resolver):
    """Finds what the schemas include in our folder, wherever they say it is."""

    def resolve(self, url: str, public_id: str, context: Any) -> Any:
        return self.resolve_filename(str(FOLDER / url.rsplit("/", 1)[-1]), context)


@cache
def official() -> etree.XMLSchema:
    """The schema, read once."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Here())
    text = MAIN.read_text("iso-8859-1")
    assert OLD_VOICES in text
    return etree.XMLSchema(
        etree.fromstring(text.replace(OLD_VOICES, VOICES).encode("iso-8859-1"), parser, base_url=str(MAIN))
    )


def problems(document: str | bytes) -> list[str]:
    """What is wrong with a TwiML document; empty if nothing is."""
    data = document.encode() if isinstance(document, str) else document
    tree = etree.fromstring(data)
    official().validate(tree)
    found = [f"{error.line}: {error.message}" for error in official().error_log]
    found += ["larger than 64 kB"] if len(data) > MOST_BYTES else []
    said = ("".join(verb.itertext()) for verb in tree.iter("Say"))
    return found + [f"too much in one Say: {text[:40]}" for text in said if len(text.encode()) > MOST_SAID]
