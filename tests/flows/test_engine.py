"""The engine: pure, never at a loss, bounded."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_flows import engine, loader
from ivr_flows.checking.inputs import outcomes
from ivr_flows.effects import EFFECTS
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
from ivr_flows.steps import Conference
from tests.flows.documents import small
from tests.flows.test_nodes import ASK, play, says

INPUTS: st.SearchStrategy[Input] = st.one_of(
    st.text("0123456789*", min_size=1, max_size=9).map(Keys),
    st.sampled_from("0123456789*").map(Keys),
    st.one_of(st.text(max_size=12), st.sampled_from(["救命", "人工", "好的", "不是", "fire", "operator"])).map(Speech),
    st.just(Silence()),
    st.builds(Recorded, st.text(max_size=5), st.integers(0, 90), st.sampled_from(["", "0", "9", "#"])),
    st.sampled_from(["answered", "busy", "no-answer", "failed", "exploded"]).map(Dialled),
    st.sampled_from([Resume(), Start(), AgentAnswered(), HangUp(), Outcome("stray")]),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(loader.names()), st.lists(INPUTS, max_size=60), st.randoms(use_true_random=False), st.data())
def test_any_inputs_in_any_order_never_raise_and_a_hang_up_ends_every_call(name, inputs, chance, data) -> None:  # type: ignore[no-untyped-def]
    flow = loader.shipped(name)
    facts = {fact: data.draw(st.text(max_size=30)) for fact in flow.facts}
    state = engine.begin(flow, facts, chance.choice(["zh-CN", "en"]), chance.choice(["normal", "slow"]))

    def house(effect: object, _: State) -> Outcome:
        return chance.choice(list(outcomes(flow, effect.name)))  # type: ignore[attr-defined]

    for one in [Start(), *inputs]:
        kept = list(state.kept)
        turn = engine.run(flow, state, one, house)
        state = State.from_json(json.loads(json.dumps(turn.state.to_json())))
        assert state.kept[: len(kept)] == kept
        for step in turn.steps:
            for say in getattr(step, "says", ()):
                flow.text(say)
    over = engine.run(flow, state, HangUp(), house)
    assert over.state.end in flow.ends


def test_a_call_that_never_stops_talking_ends_at_the_limit_of_turns() -> None:
    document = small("asked", asked={**ASK, "options": {"1": {"again": True}}})
    turn = play(document, *[Keys("1")] * 12)
    assert turn.effect is not None and turn.effect.name == "save_dropped"
    assert "limit_reached" in [event.name for event in turn.events]


def test_resume_at_the_limit_does_not_go_on_for_ever() -> None:
    assert play(small("asked", asked=ASK), *[Resume()] * 12).effect is not None


def test_step_leaves_the_given_state_alone() -> None:
    flow = loader.load(small("asked", asked=ASK))
    state = engine.step(flow, engine.begin(flow, {}), Start()).state
    before = json.dumps(state.to_json())
    engine.step(flow, state, Speech("好的"))
    assert json.dumps(state.to_json()) == before


def test_the_same_step_twice_gives_the_same_turn() -> None:
    flow = loader.shipped("hotline")
    state = engine.begin(flow, {})
    assert engine.step(flow, state, Start()) == engine.step(flow, state, Start())


def test_an_agent_who_answers_takes_the_caller_from_anywhere() -> None:
    turn = play(small("asked", asked=ASK), Silence(), AgentAnswered(), facts={"call": "call-7"})
    assert turn.steps[-1] == Conference("call-7")


def test_who_is_on_his_way_to_the_agent_is_led_there_again_without_words() -> None:
    flow = small("asked", asked=ASK)
    turn = play(flow, Silence(), AgentAnswered(), AgentAnswered(), facts={"call": "call-7"})
    assert turn.steps == (Conference("call-7"),)
    assert turn.events == ()


def test_an_agent_who_answers_too_late_finds_nobody() -> None:
    turn = play(small("asked", asked=ASK), HangUp(), Outcome("saved"), AgentAnswered())
    assert [event.name for event in turn.events] == ["too_late"]


def test_a_hang_up_reported_twice_changes_nothing() -> None:
    once = play(small("asked", asked=ASK), HangUp(), Outcome("saved"))
    twice = play(small("asked", asked=ASK), HangUp(), Outcome("saved"), HangUp())
    assert (twice.state, twice.effect, twice.steps) == (once.state, None, ())


def test_a_hang_up_after_something_was_reached_keeps_that_as_the_end() -> None:
    flow = loader.shipped("hotline")
    turn = engine.step(flow, engine.begin(flow, {"caller": "known", "has_usual": "yes"}), Start())
    for one in (Outcome("ringing"), Keys("1"), Keys("1"), Outcome("ordered", {"number": "20260017"}), HangUp()):
        turn = engine.step(flow, turn.state, one)
    assert (turn.state.end, turn.effect) == ("order", None)


def test_who_wants_a_person_after_an_order_and_hangs_up_is_still_rung_back() -> None:
    flow = loader.shipped("hotline")
    turn = engine.step(flow, engine.begin(flow, {"caller": "known", "has_usual": "yes"}), Start())
    order = Outcome("ordered", {"number": "20260017"})
    for one in (Outcome("ringing"), Keys("1"), Keys("1"), order, Keys("0"), Outcome("ringing"), HangUp()):
        turn = engine.step(flow, turn.state, one)
    assert turn.effect is not None and turn.effect.name == "save_dropped"


def test_a_call_in_progress_stays_on_the_document_it_began_with() -> None:
    old = small("asked", asked=ASK)
    new = small("asked", asked={**ASK, "options": {"1": {"go": "end"}}})
    before = engine.step(loader.load(old), engine.begin(loader.load(old), {}), Start()).state
    assert loader.digest(old) != loader.digest(new)
    assert engine.step(loader.load(old), before, Keys("1")).state.end == "order"
    assert engine.step(loader.load(new), before, Keys("1")).state.end == "call_back"


def test_run_carries_out_every_effect_on_the_way_and_keeps_all_events() -> None:
    flow = loader.shipped("hotline")
    turn: Turn = engine.run(flow, engine.begin(flow, {}), Start(), lambda effect, state: Outcome("ringing"))
    assert turn.effect is None
    assert says(turn) == ["greeting"]
    assert turn.trace == ("ring", "greet")
    assert [event.name for event in turn.events] == ["started", "effect"]


def test_missing_facts_have_their_defaults_and_long_ones_are_cut() -> None:
    flow = loader.shipped("hotline")
    state = engine.begin(flow, {"usual": "很" * 99, "caller": "neighbour", "nothing": "x"})
    assert state.facts["caller"] == "unknown"
    assert len(state.facts["usual"]) == 30


def test_every_effect_of_the_table_is_used_by_a_flow() -> None:
    used = {node.get("effect") for name in loader.names() for node in loader.document(name)["nodes"].values()}
    assert set(EFFECTS) <= used
