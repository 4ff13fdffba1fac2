"""Playing a flow in the terminal: what is said is printed, what is typed is pressed or spoken, effects are answered."""

from collections.abc import Iterable, Iterator, Mapping

import click

from ivr_flows import engine
from ivr_flows.effects import EFFECTS, Effect
from ivr_flows.facts import Choice, Digits
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
)
from ivr_flows.state import State, Turn
from ivr_flows.steps import Ask, Conference, Dial, Record, Say, Step, Wait
from ivr_flows.steps import HangUp as HangUpStep

HELP = """  1, 12345678, *   press keys            (empty line)  silence
  words            say them              hangup        hang up
  record 5 [KEY]   speak for 5 s         agent         an agent answers
  dial OUTCOME     answered busy …       resume        the carrier lost the step
  facts            what is known         ?             this list"""

SAMPLES = {
    "number": "20260017", "code": "4071", "code_half": "40", "order_number": "20260017", "call": "call-1",
    "worker": {"zh-CN": "社工李娜", "en": "Lena Li"}, "when": {"zh-CN": "今天下午三点", "en": "today at three"},
    "service": {"zh-CN": "上门保洁", "en": "cleaning"}, "usual": {"zh-CN": "上门保洁", "en": "cleaning"},
    "name": {"zh-CN": "单阿姨", "en": "Rosa"}, "community": {"zh-CN": "柳河社区", "en": "Willow Bend"},
    "message": {"zh-CN": "您的上门服务改为明天上午10:30。", "en": "Your visit is now tomorrow at 10:30 AM."},
    "minutes": "12", "address": {"zh-CN": "柳河路8号3单元201", "en": "8 Willow Road, 3-201"},
    "person1": {"zh-CN": "单阿姨", "en": "Rosa"}, "person2": {"zh-CN": "老单", "en": "Mr Shan"},
    "person3": {"zh-CN": "小美", "en": "Mei"}, "who": {"zh-CN": "单阿姨", "en": "Rosa"},
}  # fmt: skip
"""What is spoken where nothing else was given."""


class NoSuchOutcome(Exception):
    """An effect has no such outcome."""


def play(
    flow: Flow, language: str, pace: str, facts: Mapping[str, str], answers: Mapping[str, str], lines: Iterable[str]
) -> State:
    """Play ``flow`` with ``lines`` as the other side until the call is over or the lines end; returns the last state.

    answers: {effect: outcome}; other effects are asked for in ``lines`` by name or number. Raises NoSuchOutcome.
    """
    for effect, outcome in answers.items():
        if outcome not in (EFFECTS[effect].outcomes if effect in EFFECTS else ()):
            raise NoSuchOutcome(f"{effect} has no outcome {outcome}")
    typed = iter(lines)
    state = engine.begin(flow, {**_samples(flow), **facts}, language, pace)
    turn = engine.step(flow, state, Start())
    while True:
        turn = _carried_out(flow, turn, answers, typed)
        _print(flow, turn)
        if turn.state.end is not None:
            return turn.state
        given = _read(turn.state, typed)
        if given is None:
            click.echo("(no more input: hang-up)")
            given = HangUp()
        turn = engine.step(flow, turn.state, given)


def sample(flow: Flow, effect: str, outcome: str) -> Outcome:
    """``outcome`` with something to say for each of its facts."""
    return Outcome(outcome, {name: SAMPLES.get(name, "") for name in EFFECTS[effect].outcomes[outcome]
                             if not isinstance(flow.facts.get(name), Choice)})  # fmt: skip


def _samples(flow: Flow) -> dict[str, object]:
    given = [name for name, spec in flow.document["facts"].items() if spec.get("given")]
    known = {name: flow.facts[name] for name in given}
    return {
        name: SAMPLES.get(name, "7" * spec.length if isinstance(spec, Digits) else "")
        for name, spec in known.items()
        if not isinstance(spec, Choice)
    }


def _carried_out(flow: Flow, turn: Turn, answers: Mapping[str, str], typed: Iterator[str]) -> Turn:
    _print_events(turn)
    while turn.effect is not None:
        effect = turn.effect
        outcome = answers.get(effect.name) or _choose(effect, typed)
        click.echo(click.style(f"  * {effect.name} {dict(effect.args) or ''} -> {outcome}", dim=True))
        turn = engine.step(flow, turn.state, sample(flow, effect.name, outcome))
        _print_events(turn)
    return turn


def _choose(effect: Effect, typed: Iterator[str]) -> str:
    """The outcome that is typed; the first for an empty line."""
    names = list(EFFECTS[effect.name].outcomes)
    if len(names) == 1:
        return names[0]
    click.echo(f"  ? {effect.name}: " + "  ".join(f"{i}) {name}" for i, name in enumerate(names, 1)))
    text = next(typed, "").strip()
    if text.isdigit() and 0 < int(text) <= len(names):
        return names[int(text) - 1]
    if text and text not in names:
        raise NoSuchOutcome(f"{effect.name} has no outcome {text}")
    return text or names[0]


def _read(state: State, typed: Iterator[str]) -> Input | None:
    click.echo("> ", nl=False)
    for line in typed:
        text = line.strip()
        if text == "?":
            click.echo(HELP)
        elif text == "facts":
            click.echo(f"  {state.facts}")
        else:
            click.echo()
            return read(text)
    return None


def read(text: str) -> Input:
    """A typed line as an input."""
    words = text.split()
    match words:
        case []:
            return Silence()
        case ["hangup"]:
            return HangUp()
        case ["agent"]:
            return AgentAnswered()
        case ["resume"]:
            return Resume()
        case ["dial", outcome]:
            return Dialled(outcome)
        case ["record", seconds, *key] if seconds.isdigit():
            return Recorded(f"rec-{seconds}", int(seconds), key[0] if key else "")
    return Keys(text) if all(sign in "0123456789*" for sign in text) else Speech(text)


def _print_events(turn: Turn) -> None:
    for event in turn.events:
        facts = " ".join(f"{name}={value}" for name, value in event.facts.items())
        click.echo(click.style(f"  . {event.name} {facts}".rstrip(), dim=True))


def _print(flow: Flow, turn: Turn) -> None:
    for step in turn.steps:
        for say in (step,) if isinstance(step, Say) else getattr(step, "says", ()):
            click.echo(f"  {flow.text(say)}")
        click.echo(click.style(_does(step), dim=True), nl=bool(_does(step)))
    if turn.state.end is not None:
        click.echo(click.style(f"= {turn.state.end}", bold=True))


def _does(step: Step) -> str:
    match step:
        case Ask():
            return f"    [{step.num_digits} of {step.keys}, {step.timeout_s} s]"
        case Wait():
            return f"    [waiting {step.seconds} s, keys {step.keys}]"
        case Record():
            return f"    [recording up to {step.max_s} s: record SECONDS]"
        case Dial():
            return f"    [dialling {step.target}: dial OUTCOME]"
        case Conference():
            return f"    [talking in {step.name}: dial answered]"
        case HangUpStep():
            return "    [line closed]"
    return ""
