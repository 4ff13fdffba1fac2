"""Every input that can come at a place: each key, wrong keys, words, silence, hang-up, recordings, dials, outcomes."""

import itertools
from collections.abc import Iterator
from typing import Any

from ivr_flows.effects import EFFECTS
from ivr_flows.facts import LANGUAGES, Choice, Digits, Fact, Text
from ivr_flows.flow import Flow
from ivr_flows.inputs import (
    AgentAnswered,
    Dialled,
    HangUp,
    Input,
    Keys,
    Outcome,
    Recorded,
    Resume,
    Silence,
    Speech,
    Start,
)  # fmt: skip
from ivr_flows.state import State
from ivr_flows.steps import Ask, Step

KEYS = "0123456789*"
NONSENSE = {"zh-CN": "嗯嗯嗯", "en": "hmm hmm"}
UNHEARD_OF = Outcome("never_heard_of")
"""What a house newer than the document might answer."""

STRAY: tuple[Input, ...] = (Start(), Resume(), UNHEARD_OF)
DIALS = tuple(Dialled(outcome) for outcome in ("answered", "busy", "no-answer", "failed"))
RECORDINGS = tuple(Recorded(f"R{seconds}{key}", seconds, key) for seconds in (0, 5) for key in ("", "0", "9", "5", "*"))


def longest(spec: Fact) -> Any:
    """The value of a fact that takes the longest to say."""
    if isinstance(spec, Text):
        return {language: spec.longest(language) for language in LANGUAGES}
    return "7" * spec.length if isinstance(spec, Digits) else spec.default


def beginnings(flow: Flow) -> Iterator[dict[str, Any]]:
    """Facts of every kind of call that can begin: all values of the given choices, all texts at their longest."""
    given = [name for name, spec in flow.document["facts"].items() if spec.get("given")]
    choices = {name: spec.values for name in given if isinstance(spec := flow.facts[name], Choice)}
    texts = {name: longest(flow.facts[name]) for name in given if name not in choices}
    for values in itertools.product(*choices.values()):
        yield {**texts, **dict(zip(choices, values, strict=True))}


def at(flow: Flow, state: State, steps: tuple[Step, ...]) -> tuple[Input, ...]:
    """The inputs to be tried in ``state``, whose last turn gave ``steps``."""
    if state.pending is not None:
        return (*outcomes(flow, state.pending), UNHEARD_OF, HangUp(), Resume(), Keys("0"))
    if state.end is not None or state.gone:
        return (HangUp(), Resume(), Keys("0"), AgentAnswered(), Dialled("answered"))
    if state.turns == flow.limit_turns:
        return (Silence(), Keys("1"), Keys("0"), Recorded("R5", 5), DIALS[0], Resume(), HangUp(), AgentAnswered())
    asked = steps[-1] if steps else None
    number = (Keys("7" * asked.num_digits),) if isinstance(asked, Ask) and asked.num_digits > 1 else ()
    # What a place does not take makes it say itself again, whatever the value: one of each kind is enough there.
    takes = flow.nodes[state.node].takes
    keys = (*(Keys(key) for key in KEYS), Keys("12"), *number)
    kinds = ((Keys, keys), (Speech, speeches(flow)), (Recorded, RECORDINGS), (Dialled, DIALS))
    tried = [given for kind, values in kinds for given in (values if kind in takes else values[:1])]
    return (*tried, Silence(), *STRAY, AgentAnswered(), HangUp())


def speeches(flow: Flow) -> tuple[Input, ...]:
    """A word of every group the flow listens for, in both languages, and nonsense."""
    words = flow.document["words"]
    said = [group[0] for language in LANGUAGES for group in words[language].values() if group]
    return tuple(Speech(text) for text in (*said, *NONSENSE.values()))


def outcomes(flow: Flow, effect: str) -> Iterator[Outcome]:
    """Every outcome of ``effect``, with every value of the choices it sets and the longest of its texts."""
    spec = EFFECTS.get(effect)
    for name, facts in spec.outcomes.items() if spec else ():
        known = {fact: flow.facts[fact] for fact in facts if fact in flow.facts}
        choices = {fact: kind.values for fact, kind in known.items() if isinstance(kind, Choice)}
        texts = {fact: longest(kind) for fact, kind in known.items() if fact not in choices}
        for values in itertools.product(*choices.values()):
            yield Outcome(name, {**texts, **dict(zip(choices, values, strict=True))})


def label(given: Input) -> str:
    """An input in a word or two."""
    match given:
        case Keys(digits):
            return f"key {digits}"
        case Speech(text):
            return f'"{text}"'
        case Recorded(_, seconds, key):
            return f"recorded {seconds} s{' key ' + key if key else ''}"
        case Dialled(outcome):
            return f"dial {outcome}"
        case Outcome(name, _):
            return name
    return type(given).__name__.lower()
