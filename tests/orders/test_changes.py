"""Changing, cancelling, restoring and reopening an order."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.core import clock, moves, queue
from app.core.errors import BadInput, Refused
from app.orders import changes, intake
from app.orders.models import ServiceOrder
from tests.people import cast
from tests.people.cast import EVE, ROSA, SHAN, local


@pytest.fixture
def place(session: Session) -> cast.Town:
    return cast.town(session)


@pytest.fixture
def order(session: Session, place: cast.Town) -> ServiceOrder:
    """Rosa's open order; its own doorbell is already forgotten."""
    taken = cast.order(session, place, cast.rosa(session, place))
    queue.forget(session)
    return taken


def events(session: Session, order: ServiceOrder) -> list[str]:
    return [line.event for line in moves.timeline(session, order.id)]


def done(session: Session, order: ServiceOrder) -> None:
    for event in ("scheduled", "started", "finished"):
        moves.move(session, order, event, "system:test")


def test_a_change_is_kept_with_its_reason_and_the_worker_is_told(session: Session, order: ServiceOrder) -> None:
    window = (local("2026-11-25 14:00"), local("2026-11-25 16:00"))
    assert changes.change(session, order, {"window": window}, "staff:3", "明天要去医院")
    assert (order.window_start, order.window_end) == window
    last = moves.timeline(session, order.id)[-1]
    assert (last.event, last.note, last.facts, last.after) == ("changed", "明天要去医院", {"fields": ["window"]}, None)
    assert queue.waiting(session) == [("visits.order_changed", (order.id,))]


def test_words_for_the_agents_only_disturb_no_worker(session: Session, order: ServiceOrder) -> None:
    assert changes.change(session, order, {"contact": EVE, "caller_name": "邻居"}, "staff:3", "换了号码")
    assert order.contact_number == EVE
    assert queue.waiting(session) == []


def test_saying_the_same_again_changes_nothing(session: Session, order: ServiceOrder) -> None:
    same = {"address": order.address, "item_id": order.item_id, "contact": ROSA, "text": None}
    assert not changes.change(session, order, same, "staff:3", "再说一遍")
    assert events(session, order) == ["opened"]


def test_what_was_said_can_be_taken_back(session: Session, order: ServiceOrder, place: cast.Town) -> None:
    shan = cast.mr_shan(session, place)
    changes.change(session, order, {"text": "带剪刀", "caller_id": shan.id, "caller_name": "单"}, "staff:3", "补充")
    assert changes.change(session, order, {"text": "", "caller_id": "", "caller_name": ""}, "staff:3", "记错了")
    assert (order.text, order.caller_id, order.caller_name) == (None, None, None)


def test_the_clocks_go_on_from_intake_when_the_service_changes(
    session: Session, order: ServiceOrder, place: cast.Town
) -> None:
    opened = order.opened_at
    clock.wind(timedelta(minutes=40))
    changes.change(session, order, {"item_id": place.gas.id}, "staff:3", "其实是煤气")
    assert order.resolution_due == opened + timedelta(hours=2)


def test_another_subject_brings_address_and_phone(session: Session, order: ServiceOrder, place: cast.Town) -> None:
    shan = cast.mr_shan(session, place)
    changes.change(session, order, {"subject_id": shan.id}, "staff:3", "听错了人")
    assert (order.address, order.community_id, order.contact_number) == (shan.address, shan.community_id, SHAN)


def test_a_neighbours_number_stays_when_the_subject_changes(
    session: Session, order: ServiceOrder, place: cast.Town
) -> None:
    changes.change(session, order, {"contact": EVE}, "staff:3", "邻居代打")
    changes.change(session, order, {"subject_id": cast.mr_shan(session, place).id}, "staff:3", "听错了人")
    assert order.contact_number == EVE


def test_another_address_is_approximate_until_it_is_located(session: Session, order: ServiceOrder) -> None:
    changes.change(session, order, {"address": "白杨路7号"}, "staff:3", "搬到隔壁")
    assert order.approximate
    changes.change(session, order, {"place": [31.2, 121.4]}, "staff:3", "找到了")
    assert (order.place, order.approximate) == ([31.2, 121.4], False)


@pytest.mark.parametrize("reason", ["", "   "])
@pytest.mark.parametrize(
    "do",
    [
        lambda s, o, r: changes.change(s, o, {"text": "x"}, "staff:3", r),
        lambda s, o, r: changes.cancel(s, o, "staff:3", r),
        lambda s, o, r: changes.reopen(s, o, "staff:3", r),
    ],
)
def test_nothing_happens_without_a_reason(
    session: Session, order: ServiceOrder, do: Callable[[Session, ServiceOrder, str], bool], reason: str
) -> None:
    with pytest.raises(BadInput, match=r"reason\.missing"):
        do(session, order, reason)
    assert events(session, order) == ["opened"]


def test_what_is_over_is_not_changed(session: Session, order: ServiceOrder) -> None:
    changes.cancel(session, order, "staff:3", "不需要了")
    with pytest.raises(Refused, match=r"order\.over"):
        changes.change(session, order, {"text": "x"}, "staff:3", "改")


def test_cancelling_calls_the_visit_off(session: Session, order: ServiceOrder) -> None:
    assert changes.cancel(session, order, "staff:3", "不需要了")
    assert order.state == "cancelled"
    assert queue.waiting(session) == [("visits.order_cancelled", (order.id,))]
    assert moves.timeline(session, order.id)[-1].note == "不需要了"


def test_a_cancelled_order_can_be_restored_with_its_old_clocks(session: Session, order: ServiceOrder) -> None:
    due = order.resolution_due
    changes.cancel(session, order, "staff:3", "按错了")
    queue.forget(session)
    clock.wind(timedelta(minutes=5))
    assert changes.restore(session, order, "staff:3")
    assert (order.state, order.resolution_due) == ("open", due)
    assert queue.waiting(session) == [("visits.dispatch", (order.id,))]


def test_a_restored_order_whose_window_has_passed_gets_a_new_one(session: Session, order: ServiceOrder) -> None:
    changes.cancel(session, order, "staff:3", "按错了")
    clock.wind(timedelta(days=1))
    changes.restore(session, order, "staff:3")
    assert order.window_start == local("2026-11-25 10:00")


def test_a_cancelled_draft_is_restored_as_a_draft(session: Session) -> None:
    draft = intake.draft(session, channel="phone_menu", by="caller:1", call_id=1, contact=EVE, text="喂")
    changes.cancel(session, draft, "staff:3", "打错了")
    assert changes.restore(session, draft, "staff:3")
    assert draft.state == "draft"
    assert queue.waiting(session) == []


def test_a_done_order_can_not_be_cancelled(session: Session, order: ServiceOrder) -> None:
    done(session, order)
    with pytest.raises(moves.NotAllowed):
        changes.cancel(session, order, "staff:3", "太晚了")


@pytest.mark.parametrize("closed", [False, True])
def test_reopening_asks_for_a_new_visit_within_the_redo_deadline(
    session: Session, order: ServiceOrder, closed: bool
) -> None:
    done(session, order)
    if closed:
        moves.move(session, order, "closed", "system:test")
    clock.wind(timedelta(hours=5))
    assert changes.reopen(session, order, "staff:3", "没剪好")
    assert (order.state, order.reopened, order.resolved_at, order.responded_at) == ("open", 1, None, None)
    assert order.resolution_due == local("2026-12-15 14:00")
    assert order.response_due == local("2026-11-24 16:00")
    assert order.window_end is not None and order.window_end > clock.now()
    assert queue.waiting(session) == [("visits.dispatch", (order.id,))]


def test_an_open_order_can_not_be_reopened(session: Session, order: ServiceOrder) -> None:
    with pytest.raises(moves.NotAllowed):
        changes.reopen(session, order, "staff:3", "再来")


def test_of_two_who_cancel_one_is_told_that_he_came_second(session: Session, order: ServiceOrder) -> None:
    session.commit()
    with Session(session.get_bind(), expire_on_commit=False) as other:
        theirs = other.get_one(ServiceOrder, order.id)
        assert changes.cancel(other, theirs, "staff:4", "不需要了")
        other.commit()
    assert not changes.cancel(session, order, "staff:3", "不需要了")
    assert order.state == "cancelled"
    assert events(session, order) == ["opened", "cancelled"]
