"""Where a call is in its flow: a value that is stored between two steps."""

from dataclasses import asdict, dataclass, field
from typing import Any

from ivr_flows.effects import Effect
from ivr_flows.steps import Step


@dataclass(slots=True)
class State:
    """Plain data; the engine never changes one that it was given.

    facts: what is known, by name. kept: what the caller said and keyed, oldest first:
    {"at": node, "kind": "keys" | "speech" | "recording", "value": str, "seconds": int (recordings)}.
    reached: what the call has led to so far, in order (order, person, call_back, message, emergency, alarm; outbound
    flows have their own). end: the name of the end once the flow is over; None while it goes on. says: what is said
    at the present place ({"prompt", "params", "language"}), so that it can be said again. pending: the effect whose
    Outcome is due. tries: failures by node. waited: seconds since a person began to be rung. turns: inputs so far.
    late: the limit of turns was reached. gone: the caller hung up.
    """

    node: str
    language: str
    pace: str = "normal"
    facts: dict[str, Any] = field(default_factory=dict)
    says: list[dict[str, Any]] = field(default_factory=list)
    pending: str | None = None
    tries: dict[str, int] = field(default_factory=dict)
    waited: int = 0
    turns: int = 0
    late: bool = False
    kept: list[dict[str, Any]] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    end: str | None = None
    gone: bool = False

    def copy(self) -> "State":
        """A copy that can be changed without touching this one."""
        return State(
            self.node, self.language, self.pace, dict(self.facts), list(self.says), self.pending, dict(self.tries),
            self.waited, self.turns, self.late, list(self.kept), list(self.reached), self.end, self.gone,
        )  # fmt: skip

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "State":
        """The state that to_json gave."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Event:
    """Something worth a line in the call's history. name is in the past tense; facts are plain strings."""

    name: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one input leads to.

    With an effect, steps is empty: carry it out, step again with its Outcome. Without one, steps are what the carrier
    does next (empty only after a hang-up). trace: the nodes entered.
    """

    state: State
    steps: tuple[Step, ...] = ()
    events: tuple[Event, ...] = ()
    effect: Effect | None = None
    trace: tuple[str, ...] = ()
