"""The checker names each rule that a changed document breaks. (What is shipped, ``doorline flows check`` looks at.)"""

from collections.abc import Callable
from typing import Any

import pytest

from ivr_flows import checker, effect_table
from ivr_flows.call import Call
from ivr_flows.checking.problem import Problem
from ivr_flows.effects import EFFECTS
from ivr_flows.nodes.ask import AskNode
from tests.flows.documents import shipped

Document = dict[str, Any]
Change = Callable[[Document], object]


def found(document: Document) -> tuple[Problem, ...]:
    """What a quick check (one language, one pace to begin with) finds."""
    return checker.check(document, ["zh-CN"], ["normal"]).problems


def set_prompt(key: str, chinese: str, english: str | None = None) -> Change:
    def change(document: Document) -> None:
        document["prompts"]["zh-CN"][key] = chinese
        if english is not None:
            document["prompts"]["en"][key] = english

    return change


def node(name: str, **changes: Any) -> Change:
    return lambda document: document["nodes"][name].update(changes)


def option(name: str, key: str, **spec: Any) -> Change:
    return lambda document: document["nodes"][name]["options"].update({key: spec})


def new_node(name: str, spec: dict[str, Any], *others: Change) -> Change:
    def change(document: Document) -> None:
        document["nodes"][name] = spec
        for other in others:
            other(document)

    return change


def top(**changes: Any) -> Change:
    return lambda document: document.update(changes)


BREAKS: list[tuple[str, str, str, Change]] = [
    ("schema: a key without meaning", "schema", "announce", node("details", colour="red")),
    ("a way to nowhere", "targets", "announce", node("details", silent="nowhere")),
    ("an effect that is not there", "effects", "announce", node("told", effect="sing")),
    (
        "an outcome not led on",
        "effects",
        "hotline",
        node("who_is_due", outcomes={"due": "door_code", "nobody": "nobody_due"}),
    ),
    ("an argument left out", "effects", "hotline", node("find_order", args={})),
    ("a branch on a text", "facts", "hotline", node("offer_keys", fact="usual")),
    ("a case forgotten", "facts", "hotline", node("usual_who", cases={"unknown": "need", "known": "usual_known"})),
    ("digits into a fact that can't hold them", "facts", "hotline", node("order_number", digits=6)),
    (
        "a resident's call may end as nothing",
        "ends",
        "hotline",
        top(ends=["order", "person", "call_back", "message", "lost"]),
    ),
    ("an order is claimed that nobody made", "ends", "hotline", node("confirm_usual", otherwise="ordered_end")),
    ("a call-back is promised that nobody booked", "ends", "out_of_hours", node("night", otherwise="night_end")),
    ("a hang-up is forgotten", "hang_up", "announce", top(hung_up="announce")),
    ("silence ends without a person", "silence", "hotline", node("door_code", otherwise="nobody_due_end")),
    ("silence goes in a circle", "endless", "hotline", node("call_back_booked", silent="call_back_booked")),
    ("nodes in a circle", "endless", "hotline", node("order_unknown", go="order_unknown")),
    ("a question after the limit of turns", "endless", "announce", top(limit={"turns": 40, "go": "announce"})),
    ("0 does not work", "person", "hotline", lambda d: d["always"].pop("0")),
    ("0 leads to a question", "person", "announce", lambda d: d["always"].update({"0": "leave_message"})),
    ("9 leads to a person only", "emergency", "announce", lambda d: d["always"].update({"9": "person"})),
    ("9 does not work", "emergency", "announce", lambda d: d["always"].pop("9")),
    (
        "an emergency with nobody rung",
        "emergency",
        "announce",
        node("emergency", outcomes={"ringing": "emergency_hold", "nobody": "emergency_missed"}),
    ),
    ("four options", "options", "hotline", option("which_of_3", "4", go="person")),
    ("an option on a key that works everywhere", "options", "announce", option("details", "0", go="told_end")),
    (
        "four keys offered at a time",
        "options",
        "announce",
        set_prompt("announce.keys", "一请按1，二请按2，三请按3，四请按4。"),
    ),
    ("an option that is not said", "offered", "announce", option("details", "3", go="person")),
    ("a key that does nothing", "offered", "announce", set_prompt("announce.listen", "听请按1，不听请按5。")),
    ("the key before the choice", "text_first", "announce", set_prompt("announce.listen", "请按1，听时间和密码。")),
    (
        "the key before the choice in English",
        "text_first",
        "announce",
        lambda d: d["prompts"]["en"].update({"announce.listen": "Press 1 to hear your code."}),
    ),
    ("digits that are read as a quantity", "digits", "announce", set_prompt("call_us", "有事请打12345，再见。")),
    ("a text in one language", "languages", "announce", lambda d: d["prompts"]["en"].pop("announce.code")),
    ("a text left in the other language", "languages", "announce", set_prompt("call_us", "Please ring us.")),
    ("facts told in one language", "languages", "announce", set_prompt("announce.visit", "{worker}要上门。")),
    (
        "a prompt too long",
        "budget",
        "announce",
        set_prompt("announce.visit", "{worker}，{when}上门，" + "请您在家里安心等候" * 3),
    ),
    ("a fact too long", "budget", "announce", lambda d: d["facts"]["worker"]["text"].update({"zh-CN": 40})),
    ("too much in one breath", "budget", "announce", lambda d: d["budgets"].update({"turn": 15})),
    ("a greeting of 25 characters", "greeting", "hotline", set_prompt("greeting", "您好，" + "热" * 21 + "。")),
    ("a greeting with a key", "greeting", "hotline", set_prompt("greeting", "您好，社区热线，通话录音，人工请按0。")),
    ("a greeting before anybody is rung", "greeting", "hotline", top(start="greet")),
    (
        "words before the greeting",
        "greeting",
        "hotline",
        node("greet", rounds=[{"say": ["hold", "greeting"], "seconds": 1}]),
    ),
    ("asked three times", "patience", "hotline", node("confirm_usual", tries=3)),
    (
        "a code read out",
        "secrets",
        "announce",
        node("announce", say=["announce.hello.{news}", "announce.code", "announce.listen"]),
    ),
    (
        "an address before acceptance",
        "secrets",
        "offer",
        node("offer", say=["offer.hello", "visit.where", "offer.keys"]),
    ),
    (
        "a keyed code repeated",
        "secrets",
        "hotline",
        new_node(
            "x",
            {"kind": "say", "say": [], "go": "person"},
            set_prompt("door.no", "{code_half}不对。", "{code_half} is wrong."),
        ),
    ),
    ("a voicemail accepts", "voicemail", "offer", node("offer", silent="accept")),
    ("a person is rung for a voicemail", "voicemail", "satisfaction", node("contacted", otherwise="person")),
    ("silence is taken for satisfied", "voicemail", "satisfaction", node("contacted", otherwise="answers")),
    ("no end for a voicemail", "voicemail", "notice", lambda d: d.pop("silence_end")),
    ("a node that nothing leads to", "unreachable", "announce", new_node("attic", {"kind": "end", "end": "told"})),
]


@pytest.mark.parametrize(("rule", "name", "change"), [row[1:] for row in BREAKS], ids=[row[0] for row in BREAKS])
def test_broken_rule_is_named(rule: str, name: str, change: Change) -> None:
    document = shipped(name)
    if rule == "silence":
        document["nodes"]["nobody_due_end"] = {"kind": "end", "end": "order"}
    change(document)
    assert rule in {problem.rule for problem in found(document)}


@pytest.mark.parametrize("rule", sorted(set(checker.RULES) - {"kept", "lost_step"}))
def test_every_rule_is_broken_by_a_test(rule: str) -> None:
    assert rule in {row[1] for row in BREAKS}


def test_an_engine_that_forgets_what_was_said_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr_flows.call.Call.keep", lambda self, kind, value, **more: None)
    assert "kept" in {problem.rule for problem in found(shipped("announce"))}


def test_an_engine_that_says_less_after_a_lost_step_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    present = AskNode.present

    def forgetful(self: AskNode, call: Call) -> None:
        if not call.trace and len(call.state.says) > 1:
            call.state.says.pop(0)
        present(self, call)

    monkeypatch.setattr(AskNode, "present", forgetful)
    assert "lost_step" in {problem.rule for problem in found(shipped("announce"))}


def test_a_problem_says_how_to_come_there() -> None:
    document = shipped("announce")
    document["nodes"]["details"]["options"]["3"] = {"go": "person"}
    (problem,) = [problem for problem in found(document) if problem.rule == "offered"]
    assert str(problem) == "offered: details: does not say what key 3 is for [key 1 > noted > details]"


def test_the_table_of_effects_is_sound() -> None:
    for name, spec in EFFECTS.items():
        assert spec.outcomes, name
        assert set(spec.reaches) <= set(spec.outcomes), name
        assert set(effect_table.TABLE[name]) <= {"meaning", "args", "outcomes", "reaches"}
