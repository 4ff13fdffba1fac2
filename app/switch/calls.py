"""A call: one leg between the switch and one line, its states, its news to the app, and what the person does on it."""

import asyncio
import logging
import math
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Protocol

from app.core import clock
from app.switch import speech
from app.switch.lines import Line
from app.switch.webhooks import Hook

if TYPE_CHECKING:
    from app.switch.exchange import Exchange

log = logging.getLogger(__name__)

API_VERSION = "2010-04-01"
FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
"""https://www.twilio.com/docs/voice/api/call-resource#call-status-values"""

_EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


class HungUp(Exception):
    """The call is over: what runs on it stops."""


async def until_hung_up(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` beside the call's script; the end of the call is its end too, and no error."""
    with suppress(HungUp):
        await work


class Listener(Protocol):
    """What hears the person at a line now: a Gather, a Record, a bridge or a conference."""

    def press(self, digits: str) -> bool:
        """Keys; False if nothing listens for keys."""

    def speak(self, text: str, language: str) -> bool:
        """Words; False if nothing listens for words."""


@dataclass(frozen=True)
class Voice:
    """Where a call's TwiML comes from: twiml itself, or url and, when that fails, fallback_url."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    twiml: str = ""


@dataclass(frozen=True)
class Callback:
    """Where news go, and which (https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent)."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass
class CallRecord:
    """What is kept of a call. Times are seconds since the epoch in product time; ended calls have a final status.

    told: the app was told of the end, or there is nothing to tell yet.
    """

    sid: str
    from_: str
    to: str
    direction: str
    status: str = "queued"
    parent: str | None = None
    created: float = field(default_factory=clock.timestamp)
    answered: float | None = None
    ended: float | None = None
    callback: dict[str, Any] | None = None
    told: bool = True

    @property
    def seconds(self) -> int:
        """Whole seconds talked, rounded up as the carrier bills them."""
        return math.ceil(self.ended - self.answered) if self.ended and self.answered else 0

    def params(self, account: str) -> dict[str, str]:
        """What every voice webhook carries (https://www.twilio.com/docs/voice/twiml#request-parameters)."""
        parent = {"ParentCallSid": self.parent} if self.parent else {}
        return {
            "CallSid": self.sid,
            "AccountSid": account,
            "From": self.from_,
            "To": self.to,
            "Caller": self.from_,
            "Called": self.to,
            "CallStatus": self.status,
            "Direction": self.direction,
            "ApiVersion": API_VERSION,
            **parent,
        }


class Call:
    """A live call. ``over`` is done when it has ended; ``script`` is what runs on it."""

    def __init__(
        self, exchange: "Exchange", record: CallRecord, line: Line, voice: Voice, callback: Callback | None
    ) -> None:
        self.exchange, self.record, self.line, self.voice, self.callback = exchange, record, line, voice, callback
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.listener: Listener | None = None
        self._script: asyncio.Task[None] | None = None
        self._told = 0
        self._prompted = False
        if callback:
            record.callback = asdict(callback) | {"events": sorted(callback.events)}
        exchange.keep(record)

    @property
    def sid(self) -> str:
        """The call's sid, CA…"""
        return self.record.sid

    @property
    def other_end(self) -> str:
        """The number or client that the line sees."""
        return self.record.to if self.record.direction == "inbound" else self.record.from_

    # --- states

    def move(self, status: str) -> None:
        """Take a new status and tell whoever wants to know."""
        if self.record.status in FINAL:
            return
        # "initiated" is an event only: the resource stays queued until it rings.
        self.record.status = status if status != "initiated" else "queued"
        self.record.told = status not in FINAL
        self.exchange.keep(self.record)
        self._tell(_EVENTS.get(status, "completed"), status)

    def answer(self) -> None:
        """The two sides hear each other from now on; a second time changes nothing."""
        if self.record.answered is None and self.record.status not in FINAL:
            self.record.answered = clock.timestamp()
            self.move("in-progress")
            self.note("connected", **{"with": self.other_end})

    def end(self, status: str, reason: str | None = None) -> None:
        """End in a final ``status``; ``reason`` is what the line is told if it differs."""
        if self.over.done():
            return
        self.record.ended = clock.timestamp()
        if self.line.call is self:
            self.line.call, self.line.picked = None, None
            self.note("ended", reason=reason or status, seconds=self.record.seconds)
        self.over.set_result(None)
        self.exchange.ended(self)
        self.move(status)

    def hang_up(self, reason: str | None = None) -> None:
        """End as a hang-up does: a call that was talked on is completed, else canceled."""
        self.end("completed" if self.record.answered is not None else "canceled", reason)

    def _tell(self, event: str, status: str) -> None:
        then = self._was_told if status in FINAL else lambda: None
        if self.callback is None or event not in self.callback.events:
            then()
        else:
            params = self.record.params(self.exchange.config.account) | {"CallStatus": status}
            self.exchange.webhooks.tell(
                self.hook(
                    "status",
                    self.callback.url,
                    self.callback.method,
                    {**params, **progress(self._told), **(duration(self.record) if status in FINAL else {})},
                ),
                then,
            )
            self._told += 1

    def _was_told(self) -> None:
        if self.sid in self.exchange.records:
            self.record.told = True
            self.exchange.keep(self.record)

    def hook(self, kind: str, url: str, method: str, params: dict[str, str]) -> Hook:
        """A webhook about this call."""
        return Hook(kind, url, params, method, self.sid, (self.record.from_, self.record.to))

    # --- what runs on it

    def begin(self, script: Coroutine[Any, Any, None]) -> None:
        """Run ``script`` on the call in place of what runs now; when it ends, the call ends."""
        before, self._script = self._script, None
        if before:
            before.cancel()
        self._script = self.exchange.webhooks.spawn(self._run(script, before))

    def redirect(self, voice: Voice) -> None:
        """Leave what runs now and follow ``voice`` (https://www.twilio.com/docs/voice/tutorials/how-to-modify-calls-in-progress)."""
        self.voice = voice
        self.begin(self.exchange.walker(self).follow(voice))

    async def _run(self, script: Coroutine[Any, Any, None], before: asyncio.Task[None] | None) -> None:
        if before:
            await asyncio.wait({before})
        try:
            await script
            self.hang_up()
        except HungUp:
            pass
        except Exception:
            log.exception("call %s", self.sid)
            self.end("failed")

    async def wait(self, *futures: asyncio.Future[Any], seconds: float | None = None) -> bool:
        """Whether one of ``futures`` was done within ``seconds`` of product time. Raises HungUp if the call ends."""
        await self.exchange.timers.first(self.over, *futures, seconds=seconds)
        if self.over.done():
            raise HungUp
        return any(future.done() for future in futures)

    # --- the person at the line

    def note(self, type_: str, **facts: Any) -> None:
        """Write what happens into the line's journal."""
        self.line.journal.write(type_, self.sid, **facts)

    def hear(self, text: str, language: str, verb: str, seconds: float = 0, **facts: Any) -> None:
        """Let the person at the line hear something."""
        self.note("heard", text=text, language=language, verb=verb, seconds=round(seconds, 1), **facts)

    def press(self, digits: str) -> bool:
        """The person presses keys; whether anything took them."""
        taken = self.listener is not None and self.listener.press(digits)
        self.note("pressed", digits=digits, taken=taken)
        return taken

    def speak(self, text: str, language: str = "") -> bool:
        """The person speaks; whether anything took it."""
        spoken = language or speech.guess(text)
        taken = self.listener is not None and self.listener.speak(text, spoken)
        if text:
            self.note("said", text=text, language=spoken, taken=taken)
        return taken

    def prompted(self) -> None:
        """Something listens: a line that acts by itself does what it was told, once a call."""
        behaviour = self.line.behaviour
        if self._prompted or behaviour.answers not in ("itself", "voicemail"):
            return
        self._prompted = True
        loop = asyncio.get_running_loop()
        if behaviour.presses:
            loop.call_soon(self.press, behaviour.presses)
        if behaviour.says:
            loop.call_soon(self.speak, behaviour.says)


def progress(sequence: int) -> dict[str, str]:
    """What call progress events add (https://www.twilio.com/docs/voice/api/call-resource#statuscallback)."""
    return {
        "SequenceNumber": str(sequence),
        "Timestamp": rfc2822(clock.timestamp()),
        "CallbackSource": "call-progress-events",
    }


def duration(record: CallRecord) -> dict[str, str]:
    """What the completed event adds: seconds, and minutes as billed."""
    return {"CallDuration": str(record.seconds), "Duration": str(math.ceil(record.seconds / 60))}


def rfc2822(moment: float) -> str:
    """Seconds since the epoch as Twilio writes dates: ``Fri, 17 Jul 2009 01:52:49 +0000``."""
    return format_datetime(datetime.fromtimestamp(moment, UTC))
