"""The question after the visit: asked three times at decent hours, silence never satisfied, bad answers put right."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, crypto, moves, queue, site
from app.core.errors import BadInput, NotFound, Refused
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people import residents
from app.quality import follow_ups, measures
from app.quality.measures import Rate
from app.quality.models import FollowUp
from app.visits.models import Visit
from app.workforce.models import Worker
from tests.people import cast
from tests.people.cast import EVE, ROSA, SHAN, local


@pytest.fixture
def place(session: Session) -> cast.Town:
    site.put(session, "live", True)
    return cast.town(session)


def visited(session: Session, place: cast.Town, contact: str | None = None, **resident: Any) -> Visit:
    """Rosa's visit is done; no doorbell rings yet."""
    order = cast.order(session, place, cast.rosa(session, place, **resident), contact=contact)
    visit = cast.finished_visit(session, order, cast.amir(session))
    queue.forget(session)
    return visit


@pytest.fixture
def visit(session: Session, place: cast.Town) -> Visit:
    return visited(session, place)


@pytest.fixture
def planned(session: Session, visit: Visit) -> FollowUp:
    follow_up = follow_ups.plan(session, visit)
    assert follow_up is not None
    return follow_up


@pytest.fixture
def asked(session: Session, planned: FollowUp) -> FollowUp:
    """Rosa is being rung."""
    clock.wind(timedelta(minutes=30))
    assert follow_ups.begin(session, planned.id) is not None
    queue.forget(session)
    return planned


def with_partner(session: Session, visit: Visit) -> Visit:
    """Lena was there together with Amir."""
    facts = {"skills": ["haircut"], "home": [31.2, 121.4], "number_hash": crypto.keyed_hash(cast.LENA)}
    lena = Worker(name="莲娜", name_en="Lena", number=cast.LENA, **facts)
    session.add(lena)
    session.flush()
    same = ("order_id", "state", "during", "minutes", "place", "window_start", "window_end", "code", "created_at")
    partner = Visit(worker_id=lena.id, ended_at=visit.ended_at, **{name: getattr(visit, name) for name in same})
    session.add(partner)
    session.flush()
    return partner


def test_two_who_came_together_are_asked_about_once(session: Session, visit: Visit) -> None:
    partner = with_partner(session, visit)
    assert follow_ups.unplanned(session) == [visit.id, partner.id]
    planned = follow_ups.plan(session, partner)
    assert planned is not None and follow_ups.plan(session, visit) is planned
    assert follow_ups.unplanned(session) == []


def test_nobody_is_asked_while_one_of_two_is_still_there(session: Session, visit: Visit) -> None:
    partner = with_partner(session, visit)
    partner.state = "in_progress"
    order = session.get_one(ServiceOrder, visit.order_id)
    order.state = "under_way"
    assert follow_ups.plan(session, visit) is None
    partner.state, order.state = "done", "done"
    assert follow_ups.plan(session, partner) is not None


def order_of(session: Session, follow_up: FollowUp) -> ServiceOrder:
    return session.get_one(ServiceOrder, follow_up.order_id)


def test_it_is_planned_half_an_hour_after_the_visit(session: Session, visit: Visit, planned: FollowUp) -> None:
    assert visit.ended_at is not None
    assert (planned.state, planned.due_at) == ("due", visit.ended_at + timedelta(minutes=30))


def test_planning_twice_gives_the_same(session: Session, visit: Visit, planned: FollowUp) -> None:
    assert follow_ups.plan(session, visit) is planned


def test_of_two_processes_one_plans(session: Session, visit: Visit) -> None:
    session.commit()
    with Session(session.get_bind(), expire_on_commit=False) as other:
        theirs = follow_ups.plan(other, other.get_one(Visit, visit.id))
        other.commit()
    ours = follow_ups.plan(session, visit)
    assert ours is not None and theirs is not None and ours.id == theirs.id
    assert [line.event for line in moves.timeline(session, visit.order_id)].count("planned") == 1


def test_a_visit_that_was_not_done_is_not_asked_about(session: Session, visit: Visit) -> None:
    visit.state = "not_done"
    assert follow_ups.plan(session, visit) is None


def test_finished_visits_without_a_follow_up_are_found(session: Session, visit: Visit) -> None:
    assert follow_ups.unplanned(session) == [visit.id]
    follow_ups.plan(session, visit)
    assert follow_ups.unplanned(session) == []


def test_a_visit_before_noon_is_asked_about_in_the_afternoon(session: Session, place: cast.Town) -> None:
    clock.wind(timedelta(hours=2, minutes=45))
    follow_up = follow_ups.plan(session, visited(session, place))
    assert follow_up is not None
    assert follow_up.due_at == local("2026-11-24 14:00")


def test_nothing_is_due_before_its_time_nor_at_noon(session: Session, planned: FollowUp) -> None:
    assert follow_ups.due(session) == []
    assert follow_ups.begin(session, planned.id) is None
    clock.wind(timedelta(hours=3, minutes=30))
    assert follow_ups.due(session) == []
    clock.wind(timedelta(hours=1, minutes=30))
    assert follow_ups.due(session) == [planned.id]


def test_the_machine_rings_once(session: Session, planned: FollowUp) -> None:
    clock.wind(timedelta(minutes=30))
    message = follow_ups.begin(session, planned.id)
    assert message is not None
    assert (message.key, message.template, message.kind) == (f"follow_up:{planned.id}:1", "satisfaction", "voice")
    subject_id = order_of(session, planned).subject_id
    assert (message.number, message.order_id, message.recipient) == (ROSA, planned.order_id, f"resident:{subject_id}")
    assert (planned.state, planned.attempts, planned.message_id) == ("calling", 1, message.id)
    assert follow_ups.begin(session, planned.id) is None
    assert session.scalars(select(Message)).all() == [message]


def test_only_the_subjects_own_phone_is_asked(session: Session, place: cast.Town) -> None:
    follow_up = follow_ups.plan(session, visited(session, place, contact=EVE))
    clock.wind(timedelta(minutes=30))
    assert follow_up is not None
    message = follow_ups.begin(session, follow_up.id)
    assert message is not None and message.number == ROSA


def test_the_phone_that_ordered_is_preferred_if_it_is_the_subjects_own(session: Session, place: cast.Town) -> None:
    follow_up = follow_ups.plan(session, visited(session, place, contact=SHAN, phones=[ROSA, SHAN]))
    clock.wind(timedelta(minutes=30))
    assert follow_up is not None
    message = follow_ups.begin(session, follow_up.id)
    assert message is not None and message.number == SHAN


@pytest.mark.parametrize("resident", [{"flags": ["people_only"]}, {"phones": []}])
def test_who_wants_people_or_has_no_phone_is_left_to_an_agent(
    session: Session, place: cast.Town, resident: dict[str, Any]
) -> None:
    follow_up = follow_ups.plan(session, visited(session, place, **resident))
    assert follow_up is not None and follow_up.state == "task"
    assert queue.waiting(session) == [("hotline.task", ("people_only", follow_up.order_id))]
    assert follow_ups.tasks(session) == [follow_up]
    clock.wind(timedelta(hours=6))
    assert follow_ups.due(session) == []
    follow_ups.record(session, follow_up, True, True, "satisfied", None, "staff:3")
    assert order_of(session, follow_up).state == "closed"


def test_who_asks_for_people_after_planning_is_not_rung_by_the_machine(session: Session, planned: FollowUp) -> None:
    (rosa,) = residents.by_number(session, ROSA)
    residents.update(session, rosa, {"flags": ["people_only"]}, "staff:3")
    clock.wind(timedelta(minutes=30))
    assert follow_ups.begin(session, planned.id) is None
    assert planned.state == "task"
    assert session.scalars(select(Message)).all() == []


def test_a_good_answer_closes_the_order(session: Session, asked: FollowUp) -> None:
    assert not follow_ups.record(session, asked, True, True, "satisfied", "很好", "resident:1")
    assert (asked.state, asked.grade, asked.reason, asked.answered_at) == ("answered", "satisfied", "很好", clock.now())
    assert (order_of(session, asked).state, queue.waiting(session)) == ("closed", [])


@pytest.mark.parametrize(
    "answer",
    [(False, None, None), (True, False, None), (True, True, "dissatisfied"), (True, False, "very_dissatisfied")],
)
def test_a_bad_answer_reopens_the_order_and_asks_for_a_person(
    session: Session, asked: FollowUp, answer: tuple[bool, bool | None, str | None]
) -> None:
    assert follow_ups.record(session, asked, *answer, "剪得太短", "resident:1")
    order = order_of(session, asked)
    assert (order.state, order.reopened, order.resolution_due) == ("open", 1, local("2026-12-15 09:30"))
    assert queue.waiting(session) == [("hotline.task", ("bad_grade", order.id)), ("visits.dispatch", (order.id,))]
    assert [line.note for line in moves.timeline(session, order.id) if line.event == "reopened"] == ["剪得太短"]


def test_an_answer_is_kept_once_and_never_changed(session: Session, asked: FollowUp) -> None:
    follow_ups.record(session, asked, True, False, "dissatisfied", None, "resident:1")
    assert not follow_ups.record(session, asked, True, True, "very_satisfied", None, "staff:3")
    assert asked.grade == "dissatisfied"
    assert order_of(session, asked).reopened == 1


def test_the_graded_worker_can_not_answer_for_the_resident(session: Session, asked: FollowUp) -> None:
    with pytest.raises(Refused, match=r"follow_up\.own_grade"):
        follow_ups.record(session, asked, True, True, "very_satisfied", None, "worker:1")
    assert asked.state == "calling"


def test_there_are_five_grades_only(session: Session, asked: FollowUp) -> None:
    with pytest.raises(BadInput, match=r"grade\.unknown"):
        follow_ups.record(session, asked, True, True, "splendid", None, "resident:1")


def test_silence_is_tried_again_twice_and_then_given_up_never_satisfied(session: Session, asked: FollowUp) -> None:
    follow_ups.record(session, asked, None, None, None, None, "resident:1")
    assert (asked.state, asked.due_at) == ("due", local("2026-11-24 11:30"))
    clock.wind(timedelta(hours=2))
    follow_ups.begin(session, asked.id)
    follow_ups.not_reached(session, asked, "call:2")
    assert (asked.state, asked.due_at) == ("due", local("2026-11-25 09:00"))
    clock.wind(timedelta(days=1))
    follow_ups.begin(session, asked.id)
    follow_ups.not_reached(session, asked, "call:3")
    assert (asked.state, asked.grade, asked.attempts) == ("not_reached", None, 3)
    assert order_of(session, asked).state == "closed"
    assert len(session.scalars(select(Message)).all()) == 3


def test_a_watched_residents_silence_becomes_a_task(session: Session, place: cast.Town) -> None:
    follow_up = follow_ups.plan(session, visited(session, place, flags=["watch"]))
    assert follow_up is not None
    moves.move(session, follow_up, "calling", "system:test")
    follow_up.attempts = 3
    follow_ups.not_reached(session, follow_up, "call:3")
    assert ("hotline.task", ("not_reached", follow_up.order_id)) in queue.waiting(session)


def test_somebody_who_rings_in_later_is_still_heard(session: Session, asked: FollowUp) -> None:
    asked.attempts = 3
    follow_ups.not_reached(session, asked, "call:3")
    assert order_of(session, asked).state == "closed"
    assert follow_ups.record(session, asked, True, False, None, "还是坏的", "resident:1")
    assert order_of(session, asked).state == "open"


def test_not_reached_twice_for_one_call_counts_once(session: Session, asked: FollowUp) -> None:
    assert follow_ups.not_reached(session, asked, "call:1")
    assert not follow_ups.not_reached(session, asked, "call:1")
    assert asked.attempts == 1


def test_a_call_that_was_lost_on_the_way_is_tried_again(session: Session, asked: FollowUp) -> None:
    message = session.get_one(Message, asked.message_id)
    clock.wind(timedelta(minutes=16))
    assert follow_ups.due(session) == []
    for event in ("claimed", "sent"):
        moves.move(session, message, event, "system:test")
    assert follow_ups.due(session) == [asked.id]
    assert follow_ups.begin(session, asked.id) is None
    assert (asked.state, asked.attempts) == ("due", 1)
    assert asked.due_at > clock.now()


def test_an_order_under_way_again_is_not_asked_about(session: Session, planned: FollowUp) -> None:
    follow_ups.withdraw(session, planned.order_id, "staff:3")
    assert planned.state == "withdrawn"
    clock.wind(timedelta(hours=1))
    assert follow_ups.due(session) == []


def test_an_answer_about_an_order_reopened_meanwhile_does_not_reopen_it_again(
    session: Session, asked: FollowUp
) -> None:
    order = order_of(session, asked)
    moves.move(session, order, "reopened", "staff:3")
    assert not follow_ups.record(session, asked, True, False, None, None, "resident:1")
    assert order.state == "open"
    assert ("hotline.task", ("bad_grade", order.id)) in queue.waiting(session)


def test_a_follow_up_is_found_by_its_message(session: Session, asked: FollowUp) -> None:
    assert asked.message_id is not None
    assert follow_ups.of_message(session, asked.message_id) is asked
    with pytest.raises(NotFound, match=r"follow_up\.unknown"):
        follow_ups.get(session, 99)


def test_the_rates_of_a_day_and_an_area(session: Session, place: cast.Town, asked: FollowUp) -> None:
    follow_ups.record(session, asked, True, True, "fair", None, "resident:1")
    start, end = local("2026-11-24 00:00"), local("2026-11-25 00:00")
    assert measures.of_period(session, start, end).satisfied == Rate(1, 1)
    assert measures.of_period(session, start, end, area_id=place.subdistrict.id).satisfied == Rate(1, 1)
    assert measures.of_period(session, start, end, area_id=place.river.id).satisfied == Rate(0, 0)
    assert measures.of_period(session, start, end, item_id=place.gas.id).contacted == Rate(0, 0)
    assert measures.of_period(session, end, end + timedelta(days=1)).contacted == Rate(0, 0)


def test_of_two_processes_one_rings(session: Session, planned: FollowUp) -> None:
    clock.wind(timedelta(minutes=30))
    session.commit()
    with Session(session.get_bind(), expire_on_commit=False) as other:
        assert follow_ups.begin(other, planned.id) is not None
        other.commit()
    assert follow_ups.begin(session, planned.id) is None
    assert len(session.scalars(select(Message)).all()) == 1
