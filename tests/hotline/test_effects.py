"""What flows ask of the house: every outcome that the table of effects promises can be brought about, and no other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.hotline import arrivals, call_rows, effects, rings
from app.hotline.call_rows import Opening
from app.hotline.models import Call, CallBack, Recording
from app.messages import outbox
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.quality import follow_ups
from app.visits import offers, proving, visiting
from app.visits.models import Visit
from ivr_flows import loader
from ivr_flows.effects import EFFECTS, Effect
from ivr_flows.inputs import Outcome
from ivr_flows.state import State
from tests.hotline import office
from tests.people import cast
from tests.visits.town import World, wind


@dataclass
class House:
    """The district, and a call on which effects are asked for."""

    session: Session
    world: World
    _call: Call | None = None
    state: State = field(default_factory=lambda: State("somewhere", "zh-CN"))

    def call(self, number: str = cast.ROSA) -> Call:
        """The incoming call of ``number``."""
        if self._call is None:
            self._call = self.session.get_one(Call, arrivals.arrive(self.session, "CA" + "1" * 32, number))
        return self._call

    def does(self, name: str, number: str = cast.ROSA, **args: str) -> Outcome:
        self.session.flush()
        return effects.carry_out(self.session, self.call(number), Effect(name, args), self.state)

    def works(self, name: str, **args: str) -> Outcome:
        """The same on Amir's call."""
        return self.does(name, cast.AMIR, **args)

    def says(self, words: str) -> None:
        self.state.kept.append({"at": "need", "kind": "speech", "value": words})

    def leaves(self, seconds: int = 5, ref: str = "RE1") -> None:
        self.state.kept.append({"at": "need", "kind": "recording", "value": ref, "seconds": seconds})

    def visit(self, *steps: str) -> Visit:
        """Rosa's visit, offered to Amir, and what came after, such as accepted, departed."""
        self.world.amir()
        visit = self.world.dispatched()
        assert visit.state == "offered"
        for step in steps:
            if step == "accepted":
                offers.accept(self.session, self.world.offer_of(visit), "sms")
            elif step == "departed":
                visiting.depart(self.session, visit, "worker:1")
            elif step == "arrived":
                visiting.arrive(self.session, visit, "worker:1")
            elif step == "proved":
                proving.prove(self.session, visit, visit.code[2:], "worker:1")
            self.session.refresh(visit)
        return visit

    def carries(self, template: str, **message: Any) -> Call:
        """An outgoing call to Rosa that carries a message."""
        values = {"key": f"{template}:1", "recipient": f"resident:{self.world.rosa.id}", "number": cast.ROSA}
        values |= {"language": "zh-CN", "params": {}, "kind": "voice", "order_id": None} | message
        written = outbox.write(self.session, template=template, **values)
        assert written is not None
        written.state = "sent"
        opening = Opening("notice", "notice", cast.ROSA, {}, "zh-CN", message_id=written.id, resident_id=1)
        call_id = call_rows.create(self.session, opening, "outbound")
        assert call_id is not None
        self._call = self.session.get_one(Call, call_id)
        return self._call

    def asks_after_visit(self) -> None:
        """Rosa is rung for the follow-up."""
        amir = self.world.amir()
        order = self.world.order()
        visit = cast.finished_visit(self.session, order, amir)
        follow_up = follow_ups.plan(self.session, visit)
        assert follow_up is not None
        wind(hours=1)
        message = follow_ups.begin(self.session, follow_up.id)
        assert message is not None
        message.state = "sent"
        opening = Opening("satisfaction", "satisfaction", cast.ROSA, {}, "zh-CN", message_id=message.id, resident_id=1)
        call_id = call_rows.create(self.session, opening, "outbound")
        assert call_id is not None
        self._call = self.session.get_one(Call, call_id)


@pytest.fixture
def house(session: Session) -> House:
    world = World.build(session)
    world.rosa.usual_item_id = world.town.haircut.id
    return House(session, world)


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


# -- what they leave behind


def reasons(house: House) -> list[tuple[str, bool]]:
    house.session.flush()
    return [(row.reason, row.urgent) for row in house.session.scalars(select(CallBack).order_by(CallBack.id))]


def test_an_emergency_is_on_the_list_before_anybody_answers(house: House) -> None:
    house.says("我摔倒了")
    house.does("emergency")
    house.does("emergency")
    [row] = house.session.scalars(select(CallBack))
    assert (row.reason, row.urgent, row.said, row.resident_id) == ("emergency", True, "我摔倒了", house.world.rosa.id)


def test_while_phones_ring_for_him_a_caller_who_asks_again_hears_that_they_ring(house: House) -> None:
    office.agent(house.session)
    house.does("ring_agents")
    rings.place(house.session, house.call().id)
    assert house.does("ring_agents").name == "ringing"


def test_the_usual_service_is_ordered_once_a_call(house: House) -> None:
    first, second = house.does("order_usual"), house.does("order_usual")
    assert first == second
    [order] = house.session.scalars(select(ServiceOrder))
    assert (order.number, order.channel, order.call_id) == (first.facts["number"], "phone_menu", house.call().id)


def test_a_shared_phone_hears_nobodys_order_unasked(house: House) -> None:
    mr_shan_too(house)
    house.world.order()
    assert house.does("latest_order").name == "none"


def test_an_order_tells_number_state_and_time_and_nothing_else(house: House) -> None:
    assert set(by_number(house).facts) == {"number", "status", "when"}


def test_who_is_due_tells_no_digit_of_the_code(house: House) -> None:
    given = due(house)
    code = house.session.scalars(select(Visit.code)).one()
    assert code not in str(given.facts) and code[:2] not in given.facts["worker"]


def test_a_dropped_call_with_words_leaves_a_draft_and_without_a_missed_call(house: House) -> None:
    house.does("save_dropped")
    assert reasons(house) == [("missed_call", False)]
    house.says("我要理发")
    house.does("save_dropped")
    assert reasons(house) == [("dropped_call", False)]
    [order] = house.session.scalars(select(ServiceOrder))
    assert (order.state, order.subject_id) == ("draft", house.world.rosa.id)


def test_recordings_are_kept_once_and_empty_ones_not_at_all(house: House) -> None:
    house.leaves(5, "RE1")
    house.leaves(0, "RE2")
    for _ in range(2):
        house.does("save_message")
    assert [row.ref for row in house.session.scalars(select(Recording))] == ["RE1"]
    assert reasons(house) == [("voicemail", False)]


def test_a_stranger_at_the_door_is_an_urgent_matter_for_a_person(house: House) -> None:
    house.does("raise_alarm", reason="wrong_code")
    house.does("raise_alarm", reason="wrong_code")
    assert reasons(house) == [("door_alarm", True)]


def test_the_right_digits_from_the_residents_phone_prove_the_presence(house: House) -> None:
    visit = house.visit("accepted", "arrived")
    house.does("check_code", digits=visit.code[:2])
    house.session.refresh(visit)
    assert visit.state == "in_progress"


def test_a_bad_grade_reopens_and_lists_a_call_back_once(house: House) -> None:
    house.leaves(9)
    assert graded(house, "very_dissatisfied").name == "reopened"
    assert house.does("record_answers", contacted="yes", solved="yes", grade="satisfied").name == "closed"
    order = house.session.scalars(select(ServiceOrder)).one()
    assert order.reopened == 1
    assert reasons(house) == [("bad_grade", False)]
    assert len(list(house.session.scalars(select(Recording)))) == 1


def test_a_spoken_remark_with_a_good_grade_is_listened_to(house: House) -> None:
    house.leaves(9)
    assert graded(house, "satisfied").name == "closed"
    assert reasons(house) == [("voicemail", False)]
