"""Lines: the phones on the switch. Any number or ``client:name`` is one as soon as somebody names it."""

import asyncio
import re
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from app.switch.events import Journal

if TYPE_CHECKING:
    from app.switch.calls import Call

NAME = re.compile(r"\+[1-9]\d{2,14}|\d{3,6}|client:[\w.@+-]{1,120}")
"""E.164, a short number, or a client (https://www.twilio.com/docs/voice/twiml/client)."""

ANSWERS = frozenset({"by-hand", "itself", "voicemail", "never", "busy", "unreachable"})

Outcome = Literal["answered", "busy", "no-answer", "failed"]


@dataclass(frozen=True)
class Behaviour:
    """How a line takes calls and texts. after: seconds of ringing. presses, says: at the first prompt that collects."""

    answers: str = "by-hand"
    after: float = 0
    presses: str = ""
    says: str = ""
    texts: bool = True

    def __post_init__(self) -> None:
        if self.answers not in ANSWERS:
            raise ValueError(self.answers)


@dataclass
class Line:
    """number: E.164 or client:name. call: the one it holds. picked: resolved by answer (True) or reject (False)."""

    number: str
    behaviour: Behaviour = field(default_factory=Behaviour)
    call: "Call | None" = None
    journal: Journal = field(default_factory=Journal)
    picked: asyncio.Future[bool] | None = None

    @property
    def state(self) -> str:
        """idle, calling, ringing or connected."""
        if self.call is None:
            return "idle"
        if self.call.record.status == "in-progress":
            return "connected"
        return "calling" if self.call.record.direction == "inbound" else "ringing"

    def pick(self, answered: bool) -> bool:
        """Answer or reject what rings; False if nothing rings."""
        if self.picked is None or self.picked.done():
            return False
        self.picked.set_result(answered)
        return True

    def to_json(self) -> dict[str, Any]:
        """As the lines' interface shows it."""
        return {
            "number": self.number,
            "state": self.state,
            "call": self.call.sid if self.call else None,
            "with": self.call.other_end if self.call else None,
            "behaviour": asdict(self.behaviour),
            "last": self.journal.last,
        }


class Lines:
    """All lines named so far."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}

    def line(self, number: str) -> Line:
        """The line of that number. Raises ValueError for what is none."""
        if number not in self._lines:
            if not NAME.fullmatch(number):
                raise ValueError(number)
            self._lines[number] = Line(number)
        return self._lines[number]

    def all(self) -> list[Line]:
        """In the order in which they were first named."""
        return list(self._lines.values())

    def reset(self) -> None:
        """Every line back to its first day; readers of its journal stay connected."""
        for line in self._lines.values():
            line.behaviour = Behaviour()
            line.journal.clear()
