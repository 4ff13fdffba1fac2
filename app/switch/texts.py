"""Texts: out with receipts, in to the app's SmsUrl, and both into the journals of the lines they concern.

Statuses: https://www.twilio.com/docs/messaging/api/message-resource#message-status-values
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from app.core import clock
from app.switch import segments
from app.switch.calls import API_VERSION
from app.switch.debugger import MESSAGES, TwimlError
from app.switch.events import Event, next_id
from app.switch.numbers import Number
from app.switch.sids import new
from app.switch.webhooks import Hook

if TYPE_CHECKING:
    from app.switch.exchange import Exchange

FINAL = frozenset({"delivered", "undelivered", "failed", "received"})
_STEPS = ("queued", "sending", "sent", "delivered")

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
"""https://help.twilio.com/articles/223134027"""


@dataclass
class Text:
    """direction: inbound, outbound-api, outbound-reply, or line (from line to line, unseen by the app).

    told: the app was told of the end, or is never told; an inbound text is ``receiving`` until the app has it.
    """

    sid: str
    from_: str
    to: str
    body: str
    direction: str
    status: str
    callback: str = ""
    error: int | None = None
    sent: float | None = None
    id: int = field(default_factory=next_id)
    created: float = field(default_factory=clock.timestamp)
    updated: float = field(default_factory=clock.timestamp)
    told: bool = True

    @property
    def segments(self) -> int:
        """Parts it travels in."""
        return segments.count(self.body)

    def shown(self) -> dict[str, Any]:
        """As handsets show it."""
        at = datetime.fromtimestamp(self.created, UTC).isoformat()
        return {
            "id": self.id, "sid": self.sid, "from": self.from_, "to": self.to, "body": self.body, "at": at,
            "direction": self.direction, "status": self.status,
        }  # fmt: skip


class Texts:
    """All texts, oldest first."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._texts = {r["sid"]: Text(**r) for r in exchange.store.all("text")}
        self._stopped = {r["number"] for r in exchange.store.all("stopped")}

    def get(self, sid: str) -> Text | None:
        """The text with that sid."""
        return self._texts.get(sid)

    def find(self, fits: Callable[[Text], bool]) -> list[Text]:
        """Those that fit."""
        return [text for text in self._texts.values() if fits(text)]

    def of_line(self, number: str, since: int = 0) -> list[Text]:
        """What a handset shows: all it sent and all that reached it."""
        return self.find(
            lambda t: t.id > since and (t.from_ == number or (t.to == number and t.status in ("delivered", "received")))
        )

    def is_stopped(self, number: str) -> bool:
        """Whether ``number`` said STOP and the switch keeps to it (option opt_out)."""
        return number in self._stopped

    def forget(self, sid: str | None = None) -> None:
        """Drop one, or all."""
        self._exchange.store.forget("text", sid)
        for gone in [sid] if sid else list(self._texts):
            self._texts.pop(gone, None)

    def resume(self) -> None:
        """Go on with what a killed switch had accepted and not yet delivered, handed in or told."""
        for text in self.find(lambda t: t.status not in FINAL and t.direction.startswith("outbound")):
            self._exchange.webhooks.spawn(self._deliver(text))
        for text in self.find(lambda t: t.status in FINAL and not t.told):
            self._tell(text)
        for text in self.find(lambda t: t.status == "receiving"):
            if number := self._exchange.number_of(text.to):
                self._exchange.webhooks.spawn(self._hand_in(text, number))

    def send(self, from_: str, to: str, body: str, callback: str = "", direction: str = "outbound-api") -> Text:
        """Accept a text of the app's and deliver it in the background."""
        text = Text(new("SM"), from_, to, body, direction, "queued", callback, told=False)
        self._keep(text)
        self._exchange.webhooks.spawn(self._deliver(text))
        return text

    def write(self, from_: str, to: str, body: str) -> Text:
        """Somebody texts from a handset: to the app if ``to`` is the account's number, else to that line."""
        number = self._exchange.number_of(to)
        text = Text(new("SM"), from_, to, body, "inbound" if number else "line", "received")
        text.status = "receiving" if number else "received"
        self._keep(text)
        self._note(text, from_)
        if number:
            self._obey(text)
            self._exchange.webhooks.spawn(self._hand_in(text, number))
        else:
            self._note(text, to)
        return text

    def _keep(self, text: Text) -> None:
        text.updated = clock.timestamp()
        self._texts[text.sid] = text
        self._exchange.store.put("text", text.sid, asdict(text))

    def _note(self, text: Text, number: str) -> Event:
        return self._exchange.lines.line(number).journal.write("text", None, text=text.shown())

    # --- out

    async def _deliver(self, text: Text) -> None:
        spoilt = self._spoilt(text)
        for status in _STEPS[_STEPS.index(text.status) + 1 :]:
            await asyncio.sleep(0)
            if status == "delivered" and spoilt:
                text.error = spoilt
                self._exchange.debugger.write(spoilt, text.sid)
                self._advance(text, "undelivered")
                return
            self._advance(text, status)

    def _spoilt(self, text: Text) -> int:
        fault = self._exchange.faults.take("undeliver", "message", text.to)
        if fault:
            return fault.code or 30008
        behaviour = self._exchange.lines.line(text.to).behaviour
        if behaviour.answers == "unreachable":
            return 30003
        return 0 if behaviour.texts else 30006

    def _advance(self, text: Text, status: str) -> None:
        text.status = status
        if status == "sent":
            text.sent = clock.timestamp()
        self._keep(text)
        if status == "delivered":
            text.id = next_id()  # A handset's reader asks by id, and to it a text begins with its arrival.
            self._keep(text)
            self._note(text, text.to)
        self._tell(text)

    def _tell(self, text: Text) -> None:
        """A receipt for what the text has come to; of its end it is remembered that it was told."""
        failed = {"ErrorCode": str(text.error), "ErrorMessage": MESSAGES.get(text.error, "")} if text.error else {}
        params = self._params(text) | {"MessageStatus": text.status, "SmsStatus": text.status} | failed
        hook = Hook("receipt", text.callback, params, sid=text.sid, numbers=(text.from_, text.to))
        # Decided now: when the receipt before the last is answered, the text may have come to its end already.
        is_end = text.status in FINAL
        self._exchange.webhooks.tell(hook, then=lambda: self._told(text) if is_end else None)

    def _told(self, text: Text) -> None:
        if text.sid in self._texts and not text.told:
            text.told = True
            self._exchange.store.put("text", text.sid, asdict(text))

    def _params(self, text: Text) -> dict[str, str]:
        return {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "AccountSid": self._exchange.config.account,
            "From": text.from_,
            "To": text.to,
            "ApiVersion": API_VERSION,
        }

    # --- in

    def _obey(self, text: Text) -> None:
        word = text.body.strip().upper()
        if not self._exchange.config.opt_out or word not in STOP_WORDS | START_WORDS:
            return
        if word in STOP_WORDS:
            self._stopped.add(text.from_)
            self._exchange.store.put("stopped", text.from_, {"number": text.from_})
        else:
            self._stopped.discard(text.from_)
            self._exchange.store.forget("stopped", text.from_)

    async def _hand_in(self, text: Text, number: Number) -> None:
        """Ask SmsUrl, then SmsFallbackUrl (https://www.twilio.com/docs/messaging/guides/webhook-request)."""
        params = self._params(text) | {
            "SmsMessageSid": text.sid,
            "Body": text.body,
            "NumMedia": "0",
            "NumSegments": str(text.segments),
            "SmsStatus": "received",
        }
        tries = [(number.sms_url, number.sms_method), (number.sms_fallback_url, number.sms_fallback_method)]
        for url, method in [(url, method) for url, method in tries if url]:
            hook = Hook("sms", url, params, method, text.sid, (text.from_, text.to))
            try:
                self._reply(text, (await self._exchange.webhooks.ask(hook)).body)
                break
            except TwimlError as error:
                self._exchange.debugger.write(error.code, text.sid, error.url, error.detail)
                params = params | {"ErrorCode": str(error.code), "ErrorUrl": error.url}
        if text.sid in self._texts:
            text.status = "received"
            self._keep(text)

    def _reply(self, text: Text, document: bytes) -> None:
        """Carry out the Messages of an answer (https://www.twilio.com/docs/messaging/twiml)."""
        if not document.strip():
            return
        try:
            root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            self._exchange.debugger.write(12100, text.sid)
            return
        for message in root.findall("Message"):
            body = "".join(message.itertext()).strip()
            self.send(text.to, message.get("to", text.from_), body, message.get("statusCallback", ""), "outbound-reply")
