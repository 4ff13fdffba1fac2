"""Each kind of node alone."""

from typing import Any

import pytest

from ivr_flows import engine, loader
from ivr_flows.inputs import Dialled, HangUp, Input, Keys, Outcome, Recorded, Resume, Silence, Speech, Start
from ivr_flows.state import Turn
from ivr_flows.steps import Ask, Conference, Dial, Record, Say, Wait
from ivr_flows.steps import HangUp as HangUpStep
from tests.flows.documents import small

ASK: dict[str, Any] = {
    "kind": "ask",
    "say": ["choose"],
    "options": {"1": {"go": "other", "words": "yes"}, "2": {"go": "asked", "set": {"letter": "b"}, "words": "no"}},
    "otherwise": "end",
}


def play(document: dict[str, Any], *given: Input, facts: dict[str, Any] | None = None, **kind: str) -> Turn:
    flow = loader.load(document)
    turn = engine.step(flow, engine.begin(flow, facts or {}, **kind), Start())
    for one in given:
        turn = engine.step(flow, turn.state, one)
    return turn


def says(turn: Turn) -> list[str]:
    spoken = [(step,) if isinstance(step, Say) else getattr(step, "says", ()) for step in turn.steps]
    return [say.prompt for part in spoken for say in part]


class TestSay:
    def test_words_join_the_next_question(self) -> None:
        turn = play(small("hello", hello={"kind": "say", "say": ["hello"], "go": "asked"}, asked=ASK))
        assert isinstance(turn.steps[0], Ask)
        assert says(turn) == ["hello", "choose"]

    def test_words_survive_an_effect_on_the_way(self) -> None:
        document = small("hello", hello={"kind": "say", "say": ["hello"], "go": "person"})
        turn = play(document, Outcome("ringing"))
        assert says(turn) == ["hello", "bye"]

    def test_a_line_in_the_other_language(self) -> None:
        line = {"prompt": "hello", "language": "other"}
        turn = play(small("hello", hello={"kind": "say", "say": [line], "go": "end"}))
        assert [say.language for say in turn.steps if isinstance(say, Say)] == ["en", "zh-CN"]

    def test_facts_are_spoken_in_the_callers_language_and_digits_one_by_one(self) -> None:
        document = small("hello", hello={"kind": "say", "say": ["fact"], "go": "end"})
        facts = {"text": {"zh-CN": "柳河路", "en": "Willow Rd"}, "digits": "4071"}
        chinese, english = play(document, facts=facts), play(document, facts=facts, language="en")
        flow = loader.load(document)
        assert [flow.text(turn.steps[0]) for turn in (chinese, english)] == [  # type: ignore[arg-type]
            "柳河路，4 0，7 1。",
            "Willow R, 4 0, 7 1.",
        ]

    def test_a_choice_picks_the_prompt(self) -> None:
        document = small("hello", hello={"kind": "say", "say": ["by.{letter}"], "go": "end"})
        assert says(play(document, facts={"letter": "b"})) == ["by.b", "bye"]


class TestAsk:
    document = small("asked", asked=ASK)

    def test_a_key_chooses(self) -> None:
        assert play(self.document, Keys("1")).state.end == "order"

    def test_a_word_stands_for_its_key_and_is_kept(self) -> None:
        turn = play(self.document, Speech("好的，谢谢"))
        assert turn.state.end == "order"
        assert turn.state.kept == [{"at": "asked", "kind": "speech", "value": "好的，谢谢"}]

    def test_words_for_two_keys_choose_neither(self) -> None:
        assert play(self.document, Speech("好的……不要")).state.node == "asked"

    def test_an_english_word_is_heard_whole(self) -> None:
        assert play(self.document, Speech("I know nothing"), language="en").state.end is None

    def test_an_option_sets_its_facts(self) -> None:
        assert play(self.document, Keys("2")).state.facts["letter"] == "b"

    def test_repeats_once_then_goes_otherwise(self) -> None:
        once = play(self.document, Silence())
        assert says(once) == ["again.silence", "choose"]
        assert play(self.document, Silence(), Keys("7")).state.end == "call_back"

    def test_mistakes_are_forgotten_when_the_caller_comes_back(self) -> None:
        assert play(self.document, Keys("7"), Keys("2"), Keys("7")).state.end is None

    def test_silence_may_lead_on_at_once(self) -> None:
        document = small("asked", asked={**ASK, "silent": "other"})
        assert play(document, Silence()).state.end == "order"

    def test_hearing_again_is_no_mistake(self) -> None:
        again = {**ASK, "options": {"1": {"again": True}}}
        assert says(play(small("asked", asked=again), *[Keys("1")] * 5)) == ["choose"]

    def test_a_slow_caller_has_more_time_and_slower_words(self) -> None:
        slow, normal = play(self.document, pace="slow").steps[0], play(self.document).steps[0]
        assert isinstance(slow, Ask) and isinstance(normal, Ask)
        assert (slow.timeout_s, normal.timeout_s) == (12, 8)
        assert {say.pace for say in slow.says} == {"slow"}

    def test_hints_always_have_the_words_for_help(self) -> None:
        asked = play(self.document).steps[0]
        assert isinstance(asked, Ask)
        assert {"救命", "人工", "好的"} <= set(asked.words)


class TestEnter:
    document = small(
        "number",
        number={"kind": "enter", "say": ["number"], "digits": 4, "into": "digits", "go": "look", "otherwise": "end"},
        look={"kind": "branch", "fact": "letter", "cases": {"a": "other", "b": "number"}},
    )

    def test_takes_its_digits(self) -> None:
        turn = play(self.document, Keys("4071"))
        assert (turn.state.end, turn.state.facts["digits"]) == ("order", "4071")

    def test_spoken_digits_are_taken_too(self) -> None:
        assert play(self.document, Speech("4 0 7 1")).state.facts["digits"] == "4071"

    def test_too_few_digits_are_kept_and_asked_for_once_more(self) -> None:
        turn = play(self.document, Keys("40"))
        assert says(turn) == ["again.wrong", "number"]
        assert turn.state.kept[-1]["value"] == "40"
        assert play(self.document, Keys("40"), Silence()).state.end == "call_back"

    def test_a_long_time_out_is_cut_into_short_ones_that_pass_without_a_word(self) -> None:
        patient = {**self.document, "nodes": {**self.document["nodes"]}}
        patient["nodes"]["number"] = {**patient["nodes"]["number"], "timeout": 14}
        first, quiet, again = (play(patient, *[Silence()] * count) for count in range(3))
        assert [says(turn) for turn in (first, quiet, again)] == [["number"], [], ["again.silence", "number"]]
        assert [turn.steps[0].timeout_s for turn in (first, quiet, again)] == [7, 7, 7]  # type: ignore[union-attr]
        assert play(patient, *[Silence()] * 3).state.end is None
        assert play(patient, *[Silence()] * 4).state.end == "call_back"
        assert play(patient, Silence(), Keys("4071")).state.end == "order"

    def test_coming_back_counts_as_a_try(self) -> None:
        turn = play(self.document, Keys("4071"), Keys("4071"), facts={"letter": "b"})
        assert turn.state.end == "call_back"

    def test_a_number_may_have_a_nought_but_a_lone_one_is_a_person(self) -> None:
        assert play(self.document, Keys("0000")).state.facts["digits"] == "0000"
        turn = play(self.document, Keys("0"))
        assert turn.effect is not None and turn.effect.name == "ring_agents"


class TestWait:
    document = small(
        "waiting",
        waiting={
            "kind": "wait",
            "person": "person",
            "rounds": [{"say": ["hello"], "seconds": 5}, {"say": ["speak"], "seconds": 5}],
            "limit": 15,
            "options": {"1": {"go": "other", "words": "yes"}},
            "otherwise": "end",
        },
    )

    def test_rounds_follow_each_other_until_the_limit(self) -> None:
        assert says(play(self.document)) == ["hello"]
        assert says(play(self.document, Silence())) == ["speak"]
        assert says(play(self.document, Silence(), Silence())) == ["speak"]
        assert play(self.document, Silence(), Silence(), Silence()).state.end == "call_back"

    def test_keys_and_words_work_while_one_waits(self) -> None:
        assert play(self.document, Keys("1")).state.end == "order"
        assert play(self.document, Silence(), Speech("好的")).state.end == "order"

    def test_nought_says_that_somebody_is_being_rung_and_rings_nobody_anew(self) -> None:
        turn = play(self.document, Keys("0"))
        assert turn.effect is None
        assert says(turn) == ["ringing", "speak"]

    def test_a_key_never_ends_the_waiting(self) -> None:
        turn = play(self.document, *[Keys("5")] * 6)
        assert isinstance(turn.steps[0], Wait)
        assert [kept["value"] for kept in turn.state.kept] == ["5"] * 6

    def test_who_hangs_up_while_waiting_is_treated_as_waiting(self) -> None:
        assert play(self.document, HangUp()).trace == ("dropped_waiting",)


class TestRecord:
    document = small("speak", speak={"kind": "record", "say": ["speak"], "go": "other", "otherwise": "end"})

    def test_a_recording_is_kept(self) -> None:
        turn = play(self.document, Recorded("rec-1", 7))
        assert turn.state.end == "order"
        assert turn.state.kept == [{"at": "speak", "kind": "recording", "value": "rec-1", "seconds": 7}]

    def test_recognised_words_serve_as_well(self) -> None:
        assert play(self.document, Speech("我要保洁")).state.kept[0]["value"] == "我要保洁"

    @pytest.mark.parametrize("nothing", [Recorded("", 0), Silence(), Speech(" ")])
    def test_nothing_recorded_is_helped_once(self, nothing: Input) -> None:
        turn = play(self.document, nothing)
        assert isinstance(turn.steps[0], Record)
        assert says(turn) == ["again.empty", "speak"]
        assert play(self.document, nothing, nothing).state.end == "call_back"

    def test_the_key_for_a_person_ends_it_and_keeps_what_was_said(self) -> None:
        turn = play(self.document, Recorded("rec-1", 7, "0"))
        assert turn.effect is not None and turn.effect.name == "ring_agents"
        assert turn.state.kept[0]["value"] == "rec-1"


class TestEffect:
    document = small(
        "do",
        do={
            "kind": "effect",
            "effect": "find_order",
            "args": {"digits": "{digits}"},
            "outcomes": {"found": "other", "wrong": "end", "unknown": "end"},
        },
    )

    def test_asks_the_house_and_says_nothing_yet(self) -> None:
        turn = play(self.document, facts={"digits": "4071"})
        assert turn.effect is not None
        assert (turn.effect.name, turn.effect.args, turn.steps) == ("find_order", {"digits": "4071"}, ())

    def test_the_outcome_leads_on_sets_facts_and_counts_as_reached(self) -> None:
        turn = play(self.document, Outcome("found", {"text": "今天下午三点"}))
        assert turn.state.facts["text"] == "今天下午三点"[:8]
        assert (turn.state.end, turn.state.reached) == ("order", ["order"])

    def test_a_fact_that_the_flow_does_not_declare_is_left_out_and_noted(self) -> None:
        turn = play(self.document, Outcome("found", {"colour": "red", "letter": "z"}))
        assert [event.facts["fact"] for event in turn.events if event.name == "fact_refused"] == ["colour", "letter"]

    def test_an_outcome_newer_than_the_document_is_booked_as_a_call_back(self) -> None:
        turn = play(self.document, Outcome("exploded"))
        assert turn.effect is not None and turn.effect.name == "save_dropped"

    def test_a_repeated_step_asks_for_the_same_effect(self) -> None:
        turn = play(self.document, Resume(), facts={"digits": "4071"})
        assert turn.effect is not None and turn.effect.args == {"digits": "4071"}

    def test_a_hang_up_meanwhile_is_kept(self) -> None:
        turn = play(self.document, HangUp(), Outcome("saved"))
        assert (turn.state.end, turn.steps) == ("call_back", ())


def test_branch_goes_by_the_value() -> None:
    document = small("by", by={"kind": "branch", "fact": "letter", "cases": {"a": "end", "b": "other"}})
    assert play(document).state.end == "call_back"
    assert play(document, facts={"letter": "b"}).state.end == "order"


def test_language_changes_and_says_the_place_again() -> None:
    turn = play(small("asked", asked=ASK), Keys("*"))
    assert (turn.state.node, turn.state.language) == ("asked", "en")
    assert {say.language for say in turn.steps[0].says} == {"en"}  # type: ignore[union-attr]


class TestDial:
    document = small(
        "ring", ring={"kind": "dial", "say": ["hello"], "target": "duty", "answered": "talked", "failed": "end"},
        talked={"kind": "end", "end": "person"},
    )  # fmt: skip

    def test_dials_after_its_words(self) -> None:
        assert [type(step) for step in play(self.document).steps] == [Say, Dial]

    def test_an_answer_is_a_person(self) -> None:
        turn = play(self.document, Dialled("answered"))
        assert (turn.state.end, turn.state.reached) == ("person", ["person"])

    @pytest.mark.parametrize("outcome", ["busy", "no-answer", "failed"])
    def test_anything_else_is_none(self, outcome: str) -> None:
        assert play(self.document, Dialled(outcome)).state.reached == []


class TestConnect:
    document = small("talk")

    def test_joins_the_conference_of_the_call(self) -> None:
        turn = play(self.document, facts={"call": "call-7"})
        assert turn.steps[-1] == Conference("call-7")
        assert turn.state.reached == ["person"]

    def test_a_lost_line_is_no_end(self) -> None:
        assert play(self.document, Dialled("failed")).effect is not None
        assert play(self.document, Dialled("answered")).state.end == "call_back"


def test_end_says_its_last_word_and_closes_the_line() -> None:
    turn = play(small("end"))
    assert [type(step) for step in turn.steps] == [Say, HangUpStep]
    assert turn.state.end == "call_back"
