"""What the carrier is to do: neutral steps, which the edge translates (into TwiML, or into a terminal)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a prompt; ``Flow.text(say)`` renders it.

    params: strings, ready to speak. language: zh-CN or en. pace: normal or slow (speak slower).
    """

    prompt: str
    params: Mapping[str, str] = field(default_factory=dict)
    language: str = "zh-CN"
    pace: str = "normal"


@dataclass(frozen=True, slots=True)
class Ask:
    """Speak, and take keys or words from the first second. Answered by Keys, Speech or Silence.

    says: all of them interruptible by a key. num_digits: after so many keys the answer is complete (also after
    timeout_s, or #). keys: those that mean something here, 0 and 9 included; a translator need not filter by them.
    words: hints for speech recognition; empty means that speech is not wanted.
    """

    says: tuple[Say, ...]
    keys: str
    num_digits: int
    timeout_s: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wait:
    """Speak and stay ``seconds``, keys working, while a person is rung. Answered by Keys, Speech or Silence."""

    says: tuple[Say, ...]
    keys: str
    seconds: int
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """Speak, then record up to ``max_s`` seconds; quiet_s of silence or a finish key ends it. Gives Recorded."""

    says: tuple[Say, ...]
    max_s: int
    quiet_s: int
    finish_keys: str = "1234567890*#"


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring somebody outside. target: "duty", the number on duty of the settings. Gives Dialled."""

    target: str
    timeout_s: int


@dataclass(frozen=True, slots=True)
class Conference:
    """Join the conference ``name`` (our call id), where the other side is or will be. Gives Dialled when it is over."""

    name: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """Say nothing more."""


Step = Say | Ask | Wait | Record | Dial | Conference | HangUp
