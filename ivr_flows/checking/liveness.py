"""Which facts and counts still matter at a node: the rest is left out when two states are told apart.

A backward data-flow analysis over the document: a fact is live where some way on reads it before it is set anew.
"""

from collections.abc import Mapping
from string import Formatter

from ivr_flows.effects import EFFECTS
from ivr_flows.flow import Flow
from ivr_flows.nodes import Node
from ivr_flows.nodes.branch import BranchNode
from ivr_flows.nodes.effect import EffectNode
from ivr_flows.nodes.enter import EnterNode
from ivr_flows.nodes.language import LanguageNode


class Liveness:
    """``facts[node]``: choices still to be read from there on; ``counts[node]``: nodes whose tries still count."""

    def __init__(self, flow: Flow, reached: bool = False) -> None:
        """``reached``: for calls that have led to something already, whose hang-up is an end and goes nowhere else."""
        self.flow = flow
        self._reached = reached
        self._ways = {name: self._ways_on(node) for name, node in flow.nodes.items()}
        self.facts = self._settle({name: _reads(flow, node) for name, node in flow.nodes.items()})
        self.counts = self._settle({n: {n} if isinstance(node, EnterNode) else set() for n, node in flow.nodes.items()})

    def _ways_on(self, node: Node) -> list[tuple[str, frozenset[str]]]:
        """(target, facts set on the way)."""
        flow = self.flow
        options = getattr(node, "options", {})
        ways = [(option.go, frozenset(name for name, _ in option.sets)) for option in options.values() if option.go]
        spec = EFFECTS.get(node.effect) if isinstance(node, EffectNode) else None
        for label, target in node.edges():
            set_here = spec.outcomes.get(label, ()) if spec else ()
            ways.append((target, frozenset(set_here)))
        others = [flow.limit_go, *self._hang_ups(node)]
        if node.takes and not isinstance(node, EffectNode):
            others += [*flow.always.values(), *([flow.answered] if flow.answered else [])]
        if isinstance(node, LanguageNode):
            return ways
        return [*ways, *((target, frozenset()) for target in others)]

    def _hang_ups(self, node: Node) -> list[str]:
        if node.waits:
            return [self.flow.hung_up_waiting]
        return [] if self._reached else [self.flow.hung_up]

    def _settle(self, own: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
        """The least fixed point of own(n) and what is live at n's targets less what is set on the way."""
        live = {name: set(reads) for name, reads in own.items()}
        changed = True
        while changed:
            changed = False
            for name, ways in self._ways.items():
                for target, sets in ways:
                    more = live.get(target, set()) - sets - live[name]
                    if more:
                        live[name] |= more
                        changed = True
        return {name: frozenset(reads) for name, reads in live.items()}


def _reads(flow: Flow, node: Node) -> set[str]:
    """Facts that the node itself reads: a branch, a prompt chosen by {fact}, an effect's argument."""
    spec = flow.document["nodes"][node.name]
    reads = {node.fact} if isinstance(node, BranchNode) else set()
    lines = [*spec.get("say", ()), *(line for part in spec.get("rounds", ()) for line in part["say"])]
    templates = [line if isinstance(line, str) else line["prompt"] for line in lines]
    templates += spec.get("args", {}).values()
    return reads | {field for template in templates for _, field, _, _ in Formatter().parse(template) if field}
