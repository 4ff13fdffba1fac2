"""connect: into the conference with the person who answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.inputs import Dialled, Input
from ivr_flows.nodes.node import Node, lines
from ivr_flows.steps import Conference


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectNode(Node):
    """``say``; ``ended`` after the talk, ``lost`` if it could not be joined. The fact "call" names the conference."""

    kind: ClassVar[str] = "connect"
    takes: ClassVar[tuple[type, ...]] = (Dialled,)

    say: tuple[LINE, ...]
    ended: str
    lost: str

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "ConnectNode":
        return cls(name=name, say=lines(spec), ended=spec["ended"], lost=spec["lost"])

    def enter(self, call: Call, came_from: str) -> str | None:
        call.reach("person")
        call.say(self.say)
        self.present(call)
        return None

    def present(self, call: Call) -> None:
        call.stop(*call.says(), Conference(str(call.state.facts["call"])))

    def take(self, call: Call, given: Input) -> str:
        assert isinstance(given, Dialled)
        call.event("talked" if given.outcome == "answered" else "line_lost", outcome=given.outcome)
        return self.ended if given.outcome == "answered" else self.lost

    def edges(self) -> list[tuple[str, str]]:
        return [("talked", self.ended), ("lost", self.lost)]
