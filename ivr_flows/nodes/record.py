"""record: the caller speaks freely; what was said is kept whatever comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.inputs import Input, Recorded, Silence, Speech
from ivr_flows.nodes.node import STAY, Node, lines
from ivr_flows.steps import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNode(Node):
    """``say``, ``max`` and ``quiet`` seconds, ``go`` with something said, ``otherwise`` after ``tries`` empty."""

    kind: ClassVar[str] = "record"
    takes: ClassVar[tuple[type, ...]] = (Recorded, Speech, Silence)

    say: tuple[LINE, ...]
    max: int
    quiet: int
    go: str
    tries: int
    otherwise: str

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "RecordNode":
        return cls(
            name=name, say=lines(spec), max=spec.get("max", 60), quiet=spec.get("quiet", 5), go=spec["go"],
            tries=spec.get("tries", 2), otherwise=spec["otherwise"],
        )  # fmt: skip

    def enter(self, call: Call, came_from: str) -> str | None:
        call.say(self.say)
        self.present(call)
        return None

    def present(self, call: Call) -> None:
        call.stop(Record(call.says(), self.max, call.seconds(self.quiet)))

    def take(self, call: Call, given: Input) -> str:
        if self._kept(call, given):
            return self.go
        call.event("nothing_recorded", at=self.name)
        tries = call.state.tries[self.name] = call.state.tries.get(self.name, 0) + 1
        if tries >= self.tries:
            return self.otherwise
        call.say(("again.empty", *self.say))
        return STAY

    def keep(self, call: Call, given: Recorded) -> None:
        if given.seconds > 0:
            call.keep("recording", given.ref, seconds=given.seconds)
            call.event("recorded", at=self.name, ref=given.ref)

    def _kept(self, call: Call, given: Input) -> bool:
        if isinstance(given, Recorded):
            self.keep(call, given)
            return given.seconds > 0
        if isinstance(given, Speech) and given.text.strip():
            call.keep("speech", given.text)
            return True
        return False

    def edges(self) -> list[tuple[str, str]]:
        return [("recorded", self.go), ("otherwise", self.otherwise)]
