"""Calls as data: each file of cases/ is a call, played line by line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr_flows import engine, loader, player
from ivr_flows.effects import EFFECTS, Effect
from ivr_flows.inputs import Input, Outcome, Silence, Start
from ivr_flows.state import State, Turn
from ivr_flows.steps import Say

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


class House:
    """Answers effects as the case says, and remembers what was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = {name: iter(a) if isinstance(a, list) else repeat(a) for name, a in answers.items()}
        self.asked: list[str] = []

    def __call__(self, effect: Effect, state: State) -> Outcome:
        args = ", ".join(f"{name}={value}" for name, value in effect.args.items())
        self.asked.append(f"{effect.name}({args})")
        only = list(EFFECTS[effect.name].outcomes)
        answer = next(self.answers[effect.name]) if effect.name in self.answers else only[0] if len(only) == 1 else None
        assert answer is not None, f"the case does not say what {effect.name} answers"
        name, facts = next(iter(answer.items())) if isinstance(answer, dict) else (answer, {})
        assert name in EFFECTS[effect.name].outcomes
        return Outcome(name, facts)


def repeat(answer: Any) -> Iterator[Any]:
    while True:
        yield answer


def given(text: str) -> Input:
    if text == "start":
        return Start()
    return Silence() if text == "silence" else player.read(text)


def said(turn: Turn) -> list[Say]:
    alone = [step for step in turn.steps if isinstance(step, Say)]
    return alone + [say for step in turn.steps for say in getattr(step, "says", ())]


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_call(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    flow = loader.shipped(case["flow"])
    house = House(case.get("answers", {}))
    state = engine.begin(flow, case.get("facts", {}), case.get("language", "zh-CN"), case.get("pace", "normal"))
    for line in case["call"]:
        house.asked.clear()
        turn = engine.run(flow, state, given(line["give"]), house)
        state = State.from_json(turn.state.to_json())
        where = f"{path.name}: {line['give']}"
        if "effects" in line:
            assert house.asked == line["effects"], where
        if "says" in line:
            assert [say.prompt for say in said(turn)] == line["says"], where
        heard = " ".join(flow.text(say) for say in said(turn))
        assert all(piece in heard for piece in line.get("hears", [])), f"{where}: {heard}"
        assert (type(turn.steps[-1]).__name__ if turn.steps else "nothing") == line["does"], where
    assert state.end == case["end"]
    assert state.reached == case.get("reached", state.reached)
    if "kept" in case:
        assert [[kept["kind"], kept["value"]] for kept in state.kept] == case["kept"]
    assert case.get("state", {}).items() <= state.facts.items()


def test_every_flow_has_cases() -> None:
    assert {yaml.safe_load(path.read_text(encoding="utf-8"))["flow"] for path in CASES} == set(loader.names())
