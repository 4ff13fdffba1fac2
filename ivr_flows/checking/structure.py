"""Rules that can be read off the document without walking: names that exist, effects as declared, few options."""

from collections.abc import Iterator
from string import Formatter

from ivr_flows.checking.problem import Problem
from ivr_flows.effects import EFFECTS, Spec
from ivr_flows.facts import Choice, Digits
from ivr_flows.flow import Flow
from ivr_flows.nodes import Node
from ivr_flows.nodes.branch import BranchNode
from ivr_flows.nodes.effect import EffectNode
from ivr_flows.nodes.end import EndNode
from ivr_flows.nodes.enter import EnterNode

MOST_OPTIONS = 3
MOST_TRIES = 2
"""Repeat once, then a person."""

PUBLIC_ENDS = frozenset({"order", "person", "call_back", "message", "emergency", "alarm"})
"""Where a resident's call may end; emergency and alarm stand on the worklist as urgent call-backs."""


def problems(flow: Flow) -> Iterator[Problem]:
    """All of them; a document with any is not walked."""
    yield from _targets(flow)
    yield from _always(flow)
    yield from _ends(flow)
    for node in flow.nodes.values():
        yield from _options(flow, node)
        yield from _effect(flow, node)
        yield from _facts(flow, node)


def _targets(flow: Flow) -> Iterator[Problem]:
    ways = [(node.name, target) for node in flow.nodes.values() for _, target in node.edges()]
    ways += [("flow", target) for target in (flow.start, flow.hung_up, flow.hung_up_waiting, flow.limit_go)]
    ways += [(f"key {key}", target) for key, target in flow.always.items()]
    ways += [("answered", flow.answered)] if flow.answered else []
    for where, target in ways:
        if target not in flow.nodes:
            yield Problem("targets", where, f"leads to {target}, which is not there")


def _always(flow: Flow) -> Iterator[Problem]:
    if flow.document.get("audience") == "staff":
        return
    for key, rule in (("0", "person"), ("9", "emergency")):
        if key not in flow.always:
            yield Problem(rule, "flow", f"key {key} does not work everywhere")


def _ends(flow: Flow) -> Iterator[Problem]:
    if flow.direction == "inbound" and flow.document.get("audience", "public") == "public":
        for end in sorted(flow.ends - PUBLIC_ENDS):
            yield Problem("ends", "flow", f"a resident's call may not end as {end}")
    for node in flow.nodes.values():
        if isinstance(node, EndNode) and node.end not in flow.ends:
            yield Problem("ends", node.name, f"ends as {node.end}, which the flow does not declare")
    if flow.direction == "outbound" and flow.document.get("silence_end") not in flow.ends:
        yield Problem("voicemail", "flow", "does not say how a call ends that nobody answers with a key")


def _options(flow: Flow, node: Node) -> Iterator[Problem]:
    options = getattr(node, "options", {})
    if len(options) > MOST_OPTIONS:
        yield Problem("options", node.name, f"{len(options)} options; at most {MOST_OPTIONS}")
    for key in sorted(set(options) & set(flow.always)):
        yield Problem("options", node.name, f"key {key} has its meaning everywhere")
    public = flow.document.get("audience", "public") == "public"
    if public and getattr(node, "tries", 0) > MOST_TRIES:
        yield Problem("patience", node.name, "asks more than twice before a person helps")


def _effect(flow: Flow, node: Node) -> Iterator[Problem]:
    if not isinstance(node, EffectNode):
        return
    spec: Spec | None = EFFECTS.get(node.effect)
    if spec is None:
        yield Problem("effects", node.name, f"there is no effect {node.effect}")
        return
    if set(node.outcomes) != set(spec.outcomes):
        differing = ", ".join(sorted(set(node.outcomes) ^ set(spec.outcomes)))
        yield Problem("effects", node.name, f"outcomes of {node.effect} missing or unknown: {differing}")
    if set(node.args) != set(spec.args):
        differing = ", ".join(sorted(set(node.args) ^ set(spec.args)))
        yield Problem("effects", node.name, f"arguments of {node.effect} missing or unknown: {differing}")
    for fact in sorted({fact for facts in spec.outcomes.values() for fact in facts} - set(flow.facts)):
        yield Problem("facts", node.name, f"{node.effect} sets {fact}, which the flow does not declare")


def _facts(flow: Flow, node: Node) -> Iterator[Problem]:
    if isinstance(node, BranchNode):
        spec = flow.facts.get(node.fact)
        if not isinstance(spec, Choice):
            yield Problem("facts", node.name, f"branches on {node.fact}, which is no choice")
        elif set(node.cases) != set(spec.values):
            yield Problem("facts", node.name, f"cases differ from the values of {node.fact}")
    if isinstance(node, EnterNode):
        into = flow.facts.get(node.into)
        if not isinstance(into, Digits) or into.length != node.digits:
            yield Problem("facts", node.name, f"{node.into} does not take {node.digits} digits")
    for option in getattr(node, "options", {}).values():
        for name, value in option.sets:
            if name not in flow.facts or flow.facts[name].clean(value) is None:
                yield Problem("facts", node.name, f"{name} can't be set to {value}")
    for text in getattr(node, "args", {}).values():
        for _, field, _, _ in Formatter().parse(text):
            if field and field not in flow.facts:
                yield Problem("facts", node.name, f"{field} is not declared")
