"""say: speak, then go on; the words join the next question, so that keys work while they are spoken."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.nodes.node import Node, lines


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNode(Node):
    """``say`` and ``go``."""

    kind: ClassVar[str] = "say"

    say: tuple[LINE, ...]
    go: str

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "SayNode":
        return cls(name=name, say=lines(spec), go=spec["go"])

    def enter(self, call: Call, came_from: str) -> str | None:
        call.say(self.say)
        return self.go

    def edges(self) -> list[tuple[str, str]]:
        return [("", self.go)]
