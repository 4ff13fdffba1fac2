"""effect: the house is asked to do something; its answer is the way on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import Call
from ivr_flows.effects import EFFECTS, Effect
from ivr_flows.inputs import Input, Outcome
from ivr_flows.nodes.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectNode(Node):
    """``effect``, ``args`` (texts in which {fact} stands for a fact's value) and ``outcomes``.

    fresh_wait: the seconds of waiting for a person begin here. An answer that the document does not know (it may be
    older than the house) leads to the flow's limit, where a call-back is booked.
    """

    kind: ClassVar[str] = "effect"
    takes: ClassVar[tuple[type, ...]] = (Outcome,)

    effect: str
    args: Mapping[str, str]
    outcomes: Mapping[str, str]
    fresh_wait: bool

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "EffectNode":
        return cls(
            name=name, effect=spec["effect"], args=dict(spec.get("args", {})), outcomes=dict(spec["outcomes"]),
            fresh_wait=spec.get("fresh_wait", False),
        )  # fmt: skip

    def enter(self, call: Call, came_from: str) -> str | None:
        if self.fresh_wait:
            call.state.waited = 0
        call.state.pending = self.effect
        self.present(call)
        return None

    def present(self, call: Call) -> None:
        call.effect = Effect(self.effect, {name: text.format(**call.state.facts) for name, text in self.args.items()})

    def take(self, call: Call, given: Input) -> str:
        assert isinstance(given, Outcome)
        call.state.pending = None
        call.learn(given.facts)
        call.event("effect", name=self.effect, outcome=given.name)
        spec = EFFECTS.get(self.effect)
        if spec is not None and given.name in spec.reaches:
            call.reach(spec.reaches[given.name])
        return self.outcomes.get(given.name, call.flow.limit_go)

    def edges(self) -> list[tuple[str, str]]:
        return list(self.outcomes.items())
