"""What can happen to a call: the inputs of the engine's step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Start:
    """The call is there (inbound), or was picked up (outbound). Always the first input."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The caller pressed ``digits`` (0-9 and *; the finishing # is not among them)."""

    digits: str


@dataclass(frozen=True, slots=True)
class Speech:
    """The caller said ``text``, as the carrier understood it."""

    text: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing came before the time-out of an Ask or a Wait."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """The other side is gone; nothing more can be said."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A Record ended. ref: the carrier's reference; seconds: its length, 0 if empty; key: what ended it, or ""."""

    ref: str
    seconds: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Dialled:
    """A Dial or a Conference is over. outcome: answered (they talked), busy, no-answer, failed."""

    outcome: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to an Effect. name: one of its declared outcomes; facts: values for the facts that it declares."""

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AgentAnswered:
    """An agent has claimed the call: wherever the caller is, he goes to the conference now."""


@dataclass(frozen=True, slots=True)
class Resume:
    """The carrier lost the step, or asks again: say the present place once more."""


Input = Start | Keys | Speech | Silence | HangUp | Recorded | Dialled | Outcome | AgentAnswered | Resume
