"""What flows ask of the house: every outcome that the table of effects promises can be brought about, and no other."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from app.hotline import arrivals, effects
from app.hotline.models import Call
from app.people.models import Resident
from app.visits import offers
from ivr_flows import loader
from ivr_flows.effects import EFFECTS
from ivr_flows.inputs import Outcome
from tests.hotline import office
from tests.hotline.house import House
from tests.people import cast


def nobody(house: House) -> Outcome:
    return house.does("ring_agents")


def somebody(house: House) -> Outcome:
    office.agent(house.session)
    return house.does("ring_agents")


def emergency_with_agent(house: House) -> Outcome:
    office.agent(house.session)
    return house.does("emergency")


def mr_shan_too(house: House, **more: Any) -> Resident:
    """He lives on the same phone."""
    return cast.mr_shan(house.session, house.world.town, phones=[cast.ROSA], **more)


def chosen(house: House, usual: bool) -> Outcome:
    mr_shan_too(house, usual_item_id=house.world.town.haircut.id if usual else None)
    return house.does("choose_person", person="2")


def refused_usual(house: House) -> Outcome:
    house.world.rosa.usual_item_id = None
    return house.does("order_usual")


def latest(house: House) -> Outcome:
    house.world.order()
    return house.does("latest_order")


def two_orders(house: House) -> Outcome:
    house.world.order()
    house.world.order()
    return house.does("latest_order")


def by_number(house: House, digits: str = "") -> Outcome:
    order = house.world.order()
    return house.does("find_order", number=cast.EVE, digits=digits or order.number)


def unknown_number(house: House) -> Outcome:
    number = house.world.order()
    other = number.number
    house.session.delete(number)
    return house.does("find_order", number=cast.EVE, digits=other)


def due(house: House, number: str = cast.ROSA) -> Outcome:
    house.visit("accepted")
    return house.does("who_is_due", number=number)


def code(house: House, right: bool) -> Outcome:
    visit = house.visit("accepted")
    return house.does("check_code", digits=visit.code[:2] if right else "**")


def told(house: House) -> Outcome:
    house.carries("order_cancelled", params={"number": "12345675"})
    return house.does("mark_told")


def not_reached(house: House) -> Outcome:
    house.carries("order_cancelled", params={"number": "12345675"})
    return house.does("mark_not_reached")


def graded(house: House, grade: str) -> Outcome:
    house.asks_after_visit()
    return house.does("record_answers", contacted="yes", solved="yes", grade=grade)


def at_desk(house: House, *steps: str) -> Outcome:
    house.visit(*steps)
    return house.works("desk")


def empty_desk(house: House) -> Outcome:
    house.world.amir()
    return house.works("desk")


def answers_offer(house: House, effect: str, gone: bool = False) -> Outcome:
    visit = house.visit()
    if gone:
        offers.withdraw(house.session, visit, "staff:1")
    return house.works(effect)


def goes_on(house: House, effect: str, *steps: str, **args: str) -> Outcome:
    house.visit(*steps)
    return house.works(effect, **args)


def too_early(house: House, effect: str, **args: str) -> Outcome:
    house.world.amir()
    return house.works(effect, **args)


def proves(house: House, right: bool) -> Outcome:
    visit = house.visit("accepted", "arrived")
    return house.works("prove", digits=visit.code[2:] if right else "xx")


def locked(house: House) -> Outcome:
    house.visit("accepted", "arrived")
    return [house.works("prove", digits="xx") for _ in range(3)][-1]


def answers_ring(house: House, late: bool) -> Outcome:
    agent = office.agent(house.session)
    caller = office.caller(house.session, cast.EVE, "CA" + "2" * 32)
    [ring] = office.rung(house.session, caller)
    leg = house.session.get_one(Call, arrivals.agent_picked_up(house.session, ring.id, "CA" + "3" * 32))
    if late:
        caller.staff_id = agent.id + 1
    house._call = leg
    return house.does("answer_ring")


BROUGHT_ABOUT: Mapping[tuple[str, str], Callable[[House], Outcome]] = {
    ("ring_agents", "nobody"): nobody,
    ("ring_agents", "ringing"): somebody,
    ("emergency", "nobody"): lambda house: house.does("emergency"),
    ("emergency", "ringing"): emergency_with_agent,
    ("book_call_back", "booked"): lambda house: house.does("book_call_back", reason="wanted"),
    ("save_message", "saved"): lambda house: house.does("save_message"),
    ("save_dropped", "saved"): lambda house: house.does("save_dropped"),
    ("choose_person", "usual"): lambda house: chosen(house, True),
    ("choose_person", "other"): lambda house: chosen(house, False),
    ("order_usual", "ordered"): lambda house: house.does("order_usual"),
    ("order_usual", "refused"): refused_usual,
    ("draft_order", "drafted"): lambda house: house.does("draft_order"),
    ("latest_order", "found"): latest,
    ("latest_order", "none"): two_orders,
    ("find_order", "found"): by_number,
    ("find_order", "wrong"): lambda house: by_number(house, "12345670"),
    ("find_order", "unknown"): unknown_number,
    ("who_is_due", "due"): due,
    ("who_is_due", "nobody"): lambda house: house.does("who_is_due"),
    ("who_is_due", "unknown"): lambda house: due(house, cast.EVE),
    ("check_code", "yes"): lambda house: code(house, True),
    ("check_code", "no"): lambda house: code(house, False),
    ("raise_alarm", "raised"): lambda house: house.does("raise_alarm", reason="nobody_due"),
    ("mark_told", "noted"): told,
    ("mark_not_reached", "noted"): not_reached,
    ("record_answers", "closed"): lambda house: graded(house, "satisfied"),
    ("record_answers", "reopened"): lambda house: graded(house, "dissatisfied"),
    ("desk", "offer"): at_desk,
    ("desk", "accepted"): lambda house: at_desk(house, "accepted"),
    ("desk", "en_route"): lambda house: at_desk(house, "accepted", "departed"),
    ("desk", "arrived"): lambda house: at_desk(house, "accepted", "arrived"),
    ("desk", "in_progress"): lambda house: at_desk(house, "accepted", "arrived", "proved"),
    ("desk", "nothing"): empty_desk,
    ("accept_offer", "accepted"): lambda house: answers_offer(house, "accept_offer"),
    ("accept_offer", "gone"): lambda house: answers_offer(house, "accept_offer", gone=True),
    ("decline_offer", "declined"): lambda house: answers_offer(house, "decline_offer"),
    ("decline_offer", "gone"): lambda house: answers_offer(house, "decline_offer", gone=True),
    ("depart", "done"): lambda house: goes_on(house, "depart", "accepted"),
    ("depart", "refused"): lambda house: too_early(house, "depart"),
    ("arrive", "done"): lambda house: goes_on(house, "arrive", "accepted"),
    ("arrive", "refused"): lambda house: too_early(house, "arrive"),
    ("prove", "proved"): lambda house: proves(house, True),
    ("prove", "wrong"): lambda house: proves(house, False),
    ("prove", "locked"): locked,
    ("finish_visit", "done"): lambda house: goes_on(house, "finish_visit", "accepted", "arrived", "proved"),
    ("finish_visit", "refused"): lambda house: goes_on(house, "finish_visit", "accepted"),
    ("not_done", "done"): lambda house: goes_on(house, "not_done", "accepted", "arrived", reason="nobody_home"),
    ("not_done", "refused"): lambda house: too_early(house, "not_done", reason="other"),
    ("give_back", "done"): lambda house: goes_on(house, "give_back", "accepted"),
    ("give_back", "refused"): lambda house: too_early(house, "give_back"),
    ("answer_ring", "first"): lambda house: answers_ring(house, late=False),
    ("answer_ring", "late"): lambda house: answers_ring(house, late=True),
}


def test_the_house_can_do_what_flows_ask_and_every_outcome_is_tried() -> None:
    assert set(effects.HANDLERS) == set(EFFECTS)
    assert set(BROUGHT_ABOUT) == {(name, outcome) for name, spec in EFFECTS.items() for outcome in spec.outcomes}


@pytest.mark.parametrize(("name", "outcome"), sorted(BROUGHT_ABOUT))
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_outcome_can_be_brought_about(house: House, name: str, outcome: str, language: str) -> None:
    house.state.language = language
    given = BROUGHT_ABOUT[name, outcome](house)
    assert given.name == outcome
    assert set(given.facts) == set(EFFECTS[name].outcomes[outcome])
    assert all(isinstance(value, str) and value for value in given.facts.values()), given.facts
    for flow in map(loader.shipped, loader.names()):
        for fact, value in given.facts.items():
            spec = flow.facts.get(fact)
            assert spec is None or spec.clean(value) is not None, (flow.name, fact, value)
