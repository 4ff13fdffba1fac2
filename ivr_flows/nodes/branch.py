"""branch: go by the value of a choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import Call
from ivr_flows.nodes.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchNode(Node):
    """``fact`` and ``cases``: a node for each of its values."""

    kind: ClassVar[str] = "branch"

    fact: str
    cases: Mapping[str, str]

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "BranchNode":
        return cls(name=name, fact=spec["fact"], cases=dict(spec["cases"]))

    def enter(self, call: Call, came_from: str) -> str | None:
        return self.cases[str(call.state.facts[self.fact])]

    def edges(self) -> list[tuple[str, str]]:
        return list(self.cases.items())
