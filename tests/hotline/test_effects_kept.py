"""What the effects of flows leave behind: each once, nothing lost, nothing told that must not be."""

from typing import Any

from sqlalchemy import select

from app.hotline import rings
from app.hotline.models import CallBack, Recording
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.visits.models import Visit
from ivr_flows.inputs import Outcome
from tests.hotline import office
from tests.hotline.house import House
from tests.people import cast


def mr_shan_too(house: House, **more: Any) -> Resident:
    """He lives on the same phone."""
    return cast.mr_shan(house.session, house.world.town, phones=[cast.ROSA], **more)


def by_number(house: House, digits: str = "") -> Outcome:
    order = house.world.order()
    return house.does("find_order", number=cast.EVE, digits=digits or order.number)


def due(house: House, number: str = cast.ROSA) -> Outcome:
    house.visit("accepted")
    return house.does("who_is_due", number=number)


def graded(house: House, grade: str) -> Outcome:
    house.asks_after_visit()
    return house.does("record_answers", contacted="yes", solved="yes", grade=grade)


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
