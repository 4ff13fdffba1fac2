"""Every code that the house can store or raise has its word, so that no page ever shows a bare code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.core.errors import BadInput
from app.hotline import effects
from app.hotline.rules import CALL_BACK, SEAT
from app.messages import templates
from app.messages.rules import MESSAGE
from app.orders.rules import CHANNELS, ORDER
from app.people import rules as people
from app.quality.rules import FOLLOW_UP, GRADES
from app.visits import rules as visits
from app.web import sentences, words
from app.web.console import telling
from app.web.vocabulary import WORDS
from ivr_flows.effects import EFFECTS

APP = Path(__file__).resolve().parents[2] / "app"
WINGS = (
    "core",
    "people",
    "places",
    "organisations",
    "catalogue",
    "workforce",
    "orders",
    "visits",
    "quality",
    "hotline",
)
NEVER_SEEN = ("crypto.", "settings.", "template.", "demo.", "switch.", "message.", "flow.", "carrier.", "import.")
"""Codes that the pages can't meet: they stop a process, or belong to other tools."""

CODES = {
    "order": ORDER.states,
    "visit": visits.VISIT.states,
    "offer": visits.OFFER.states,
    "message": MESSAGE.states,
    "seat": SEAT.states,
    "call_back": CALL_BACK.states,
    "follow_up": FOLLOW_UP.states,
    "channel": CHANNELS,
    "grade": GRADES,
    "role": people.ROLES,
    "flag": people.FLAGS,
    "pace": people.PACES,
    "language": people.LANGUAGES,
    "attention": visits.ATTENTION,
    "hard_rule": visits.HARD_RULES,
    "cost": visits.COST_PARTS,
    "decline": visits.DECLINE_REASONS,
    "outcome": visits.NOT_DONE_REASONS,
    "proof": visits.PROOFS,
    "plan": visits.PLAN.states,
    "plan_reason": visits.PLAN_REASONS,
    "plan_change": visits.CHANGES,
    "weather": ("usual", *visits.WEATHER),
    "answered_by": visits.ANSWERED_BY,
}
MACHINES = {
    "order": ORDER,
    "visit": visits.VISIT,
    "offer": visits.OFFER,
    "message": MESSAGE,
    "call_back": CALL_BACK,
    "follow_up": FOLLOW_UP,
}


@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_a_word(kind: str) -> None:
    assert sorted(set(CODES[kind]) - set(WORDS[kind])) == []


@pytest.mark.parametrize("name", MACHINES)
def test_every_event_has_a_sentence(name: str) -> None:
    events = {event for row in MACHINES[name].table.values() for event in row}
    assert sorted(event for event in events if (name, event) not in telling.SENTENCES) == []


def test_every_recorded_event_of_an_orders_timeline_has_a_sentence() -> None:
    known = {event for _, event in telling.SENTENCES}
    assert sorted(set(_recorded()) - known - ELSEWHERE) == []


ELSEWHERE = {"door_found", "absent", "back", "begun", "weighed", "noted", "dropped", "weather_said"}
"""Events of things that stand on no order's timeline: a resident's, a worker's, a plan's, absences' to be noted, the
rules of dispatch."""


def test_every_event_that_a_call_flow_reports_has_a_sentence() -> None:
    assert sorted(event for event in effects.RECORDED if ("call", event) not in telling.SENTENCES) == []


def test_everything_that_a_call_can_lead_to_has_a_word() -> None:
    reached = {what for spec in EFFECTS.values() for what in spec.reaches.values()} | {"person"}
    assert sorted(reached - set(WORDS["reached"])) == []


def test_every_template_has_a_name() -> None:
    assert sorted(set(templates.table()) - set(telling.TEMPLATES)) == []


def _recorded() -> Iterator[str]:
    """Names of events that services write down around orders, visits, offers, messages, calls and follow-ups."""
    for wing in ("orders", "visits", "quality", "messages", "hotline"):
        for path in (APP / wing).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in ("moves.record", "moves.move"):
                    event = node.args[2]
                    if isinstance(event, ast.Constant):
                        yield str(event.value)


def test_every_error_that_a_page_can_meet_has_a_sentence() -> None:
    raised = set()
    for path in [path for wing in WINGS for path in (APP / wing).rglob("*.py")]:
        raised |= set(re.findall(r'(?:BadInput|NotFound|Refused|NotAllowed)\(\s*"([a-z_.]+)"', path.read_text()))
    seen = {code for code in raised if not code.startswith(NEVER_SEEN)}
    assert sorted(seen - set(sentences.SENTENCES)) == []


def test_an_unknown_code_still_gives_a_sentence(app: Flask) -> None:
    with app.test_request_context():
        assert "new.code" in sentences.by_code("new.code")


def test_a_sentence_tells_what_was_given(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert "12ab" in sentences.sentence(BadInput("phone.unreadable", given="12ab"))


def test_a_chip_says_with_a_symbol_what_its_colour_says(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "language=en"}):
        assert words.chip("late", "nothing") == ('<span class="chip "><span aria-hidden="true">·</span> late</span>')
        assert 'class="chip bad"' in words.chip("missed", "visit") and ">!<" in words.chip("missed", "visit")
