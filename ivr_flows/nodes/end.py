"""end: a last word, and the end by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.nodes.node import Node, lines
from ivr_flows.steps import HangUp


@dataclass(frozen=True, slots=True, kw_only=True)
class EndNode(Node):
    """``end`` (one of the flow's ends) and ``say``."""

    kind: ClassVar[str] = "end"

    end: str
    say: tuple[LINE, ...]

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "EndNode":
        return cls(name=name, end=spec["end"], say=lines(spec))

    def enter(self, call: Call, came_from: str) -> str | None:
        call.say(self.say)
        call.state.end = self.end
        call.event("ended", end=self.end)
        call.stop(*call.says(), HangUp())
        return None

    def edges(self) -> list[tuple[str, str]]:
        return []
