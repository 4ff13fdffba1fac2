"""dial: ring a number outside and let both talk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.inputs import Dialled, Input
from ivr_flows.nodes.node import Node, lines
from ivr_flows.steps import Dial


@dataclass(frozen=True, slots=True, kw_only=True)
class DialNode(Node):
    """``say``, ``target`` (duty), ``timeout``; ``answered`` after the talk, ``failed`` for busy, no answer, failure."""

    kind: ClassVar[str] = "dial"
    takes: ClassVar[tuple[type, ...]] = (Dialled,)

    say: tuple[LINE, ...]
    target: str
    timeout: int
    answered: str
    failed: str

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "DialNode":
        return cls(
            name=name, say=lines(spec), target=spec["target"], timeout=spec.get("timeout", 20),
            answered=spec["answered"], failed=spec["failed"],
        )  # fmt: skip

    def enter(self, call: Call, came_from: str) -> str | None:
        call.say(self.say)
        self.present(call)
        return None

    def present(self, call: Call) -> None:
        call.stop(*call.says(), Dial(self.target, self.timeout))

    def take(self, call: Call, given: Input) -> str:
        assert isinstance(given, Dialled)
        call.event("dialled", target=self.target, outcome=given.outcome)
        if given.outcome == "answered":
            call.reach("person")
            return self.answered
        return self.failed

    def edges(self) -> list[tuple[str, str]]:
        return [("answered", self.answered), ("busy, no answer, failed", self.failed)]
