"""The reference of flows and effects as Markdown, written from the data itself so that it stays true."""

from collections.abc import Iterator

from ivr_flows import loader
from ivr_flows.effects import EFFECTS, Spec
from ivr_flows.facts import Choice, Digits, Fact
from ivr_flows.flow import Flow


def reference() -> str:
    """Facts and ends of every flow, then every effect with its outcomes."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Flows and effects: reference"
    yield ""
    yield "Written by `doorline flows describe`; a test holds it against the flows."
    for name in loader.names():
        yield ""
        yield from _flow(loader.shipped(name))
    yield ""
    yield "## Effects"
    yield ""
    yield "`->` says what the call has led to by that outcome."
    yield ""
    yield "| effect | arguments | outcomes (facts they set) | meaning |"
    yield "|---|---|---|---|"
    for name, spec in EFFECTS.items():
        outcomes = "; ".join(_outcome(spec, outcome) for outcome in spec.outcomes)
        yield f"| `{name}` | {', '.join(spec.args)} | {outcomes} | {spec.meaning} |"


def _flow(flow: Flow) -> Iterator[str]:
    yield f"## {flow.name}: {flow.document['title']['en']}"
    yield ""
    yield f"Ends: {', '.join(flow.document['ends'])}."
    yield ""
    yield "| fact | values, or most signs (zh-CN / en) | set | spoken only after |"
    yield "|---|---|---|---|"
    for name, spec in flow.facts.items():
        declared = flow.document["facts"][name]
        given = "at the start" if declared.get("given") else "on the way"
        yield f"| `{name}` | {_kind(spec)} | {given} | {declared.get('after', '')} |"


def _kind(spec: Fact) -> str:
    if isinstance(spec, Choice):
        return ", ".join(spec.values)
    if isinstance(spec, Digits):
        return f"{spec.length} digits, read in groups of {', '.join(map(str, spec.groups))}"
    return f"text, {spec.characters['zh-CN']} / {spec.characters['en']}"


def _outcome(spec: Spec, outcome: str) -> str:
    facts = f" ({', '.join(spec.outcomes[outcome])})" if spec.outcomes[outcome] else ""
    return f"`{outcome}`{facts}" + (f" -> {spec.reaches[outcome]}" if outcome in spec.reaches else "")
