"""From a caller's words to an open order."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock, moves, queue
from app.core.errors import BadInput
from app.orders import intake, numbers
from app.orders.models import ServiceOrder
from tests.people import cast
from tests.people.cast import EVE, ROSA, SHAN, local


def codes(error: pytest.ExceptionInfo[BadInput]) -> dict[str, str]:
    found: Any = error.value.facts["problems"]
    return {problem["field"]: problem["code"] for problem in found}


def test_an_order_takes_from_the_file_what_was_not_said(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    order = cast.order(session, place, rosa)
    assert order.state == "open"
    assert (order.address, order.place, order.community_id) == (rosa.address, rosa.place, rosa.community_id)
    assert (order.contact_number, order.contact_kind, order.language) == (ROSA, "landline", "zh-CN")
    assert not order.approximate
    assert numbers.is_valid(order.number)


def test_both_clocks_run_from_intake(session: Session) -> None:
    place = cast.town(session)
    order = cast.order(session, place, cast.rosa(session, place))
    assert order.opened_at == clock.now()
    assert order.response_due == local("2026-11-24 11:00")
    assert order.resolution_due == local("2026-12-03 09:00")


def test_urgent_clocks_are_short(session: Session) -> None:
    place = cast.town(session)
    order = cast.order(session, place, cast.rosa(session, place), item_id=place.gas.id)
    assert order.response_due == clock.now() + timedelta(minutes=15)
    assert order.resolution_due == clock.now() + timedelta(hours=2)


def test_a_worker_is_looked_for_after_the_commit(session: Session) -> None:
    place = cast.town(session)
    order = cast.order(session, place, cast.rosa(session, place))
    assert queue.waiting(session) == [("visits.dispatch", (order.id,))]


def test_the_first_line_of_the_timeline_says_how_it_came(session: Session) -> None:
    place = cast.town(session)
    order = cast.order(session, place, cast.rosa(session, place), call_id=7, by="staff:3")
    (line,) = moves.timeline(session, order.id)
    assert (line.event, line.before, line.after, line.by) == ("opened", None, "open", "staff:3")
    assert line.facts == {"channel": "phone_agent", "item_id": place.haircut.id, "call_id": 7}


def test_caller_subject_and_contact_are_three_people(session: Session) -> None:
    place = cast.town(session)
    rosa, shan = cast.rosa(session, place), cast.mr_shan(session, place)
    order = cast.order(session, place, rosa, caller_id=shan.id, caller_name="邻居", contact="138 0013 0099")
    assert (order.subject_id, order.caller_id, order.caller_name) == (rosa.id, shan.id, "邻居")
    assert (order.contact_number, order.contact_kind) == (EVE, "mobile")
    assert order.address == rosa.address


def test_a_wish_is_kept_as_it_was_said(session: Session) -> None:
    place = cast.town(session)
    window = (local("2026-11-26 14:00"), local("2026-11-26 16:00"))
    order = cast.order(session, place, cast.rosa(session, place), window=window, text="带小剪刀", language="en")
    assert (order.window_start, order.window_end) == window
    assert (order.text, order.language) == ("带小剪刀", "en")


def test_a_promised_time_becomes_the_window(session: Session) -> None:
    place = cast.town(session)
    amir = cast.amir(session)
    start = local("2026-11-25 10:00")
    order = cast.order(session, place, cast.rosa(session, place), worker_id=amir.id, starts_at=start)
    assert (order.wished_worker_id, order.wished_start) == (amir.id, start)
    assert (order.window_start, order.window_end) == (start, start + timedelta(hours=1))


def test_another_address_without_a_place_is_only_approximate(session: Session) -> None:
    place = cast.town(session)
    order = cast.order(
        session, place, cast.rosa(session, place), address="女儿家，河滨路20号", community_id=place.river.id
    )
    assert order.place == [place.river.latitude, place.river.longitude]
    assert order.approximate


def test_a_place_that_was_given_is_exact(session: Session) -> None:
    place = cast.town(session)
    shan = cast.mr_shan(session, place, approximate=True)
    order = cast.order(session, place, shan, address="河滨路20号", place=[31.2, 121.4])
    assert (order.place, order.approximate) == ([31.2, 121.4], False)


def test_all_that_is_wrong_with_an_order_is_told_at_once(session: Session) -> None:
    place = cast.town(session)
    past = (local("2026-11-20 10:00"), local("2026-11-20 12:00"))
    with pytest.raises(BadInput, match=r"order\.wrong") as error:
        cast.order(
            session, place, cast.rosa(session, place), item_id=place.care.id, contact="12", window=past, worker_id=9
        )
    assert codes(error) == {
        "item_id": "item.not_orderable",
        "contact": "phone.unreadable",
        "window": "window.past",
        "worker_id": "worker.unknown",
    }
    assert session.scalar(select(func.count()).select_from(ServiceOrder)) == 0
    assert queue.waiting(session) == []


def test_an_item_that_is_no_longer_offered_can_not_be_ordered(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    place.haircut.active = False
    with pytest.raises(BadInput) as error:
        cast.order(session, place, rosa)
    assert codes(error) == {"item_id": "item.not_orderable"}


def test_an_unknown_channel_is_refused(session: Session) -> None:
    place = cast.town(session)
    with pytest.raises(BadInput, match=r"choice\.unknown"):
        cast.order(session, place, cast.rosa(session, place), channel="pigeon")


def test_the_menu_asked_twice_in_one_call_gives_one_order(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    first = cast.order(session, place, rosa, channel="phone_menu", call_id=7)
    assert cast.order(session, place, rosa, channel="phone_menu", call_id=7) is first
    assert cast.order(session, place, rosa, channel="phone_menu", call_id=8) is not first
    assert queue.waiting(session).count(("visits.dispatch", (first.id,))) == 1


def test_an_agent_may_take_two_orders_in_one_call(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    assert cast.order(session, place, rosa, call_id=7) is not cast.order(session, place, rosa, call_id=7)


def test_numbers_do_not_repeat_even_after_a_rollback(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    session.commit()
    first = cast.order(session, place, rosa).number
    session.rollback()
    assert cast.order(session, place, rosa).number != first


def dropped(session: Session, **more: Any) -> ServiceOrder:
    values: dict[str, Any] = {"channel": "phone_menu", "by": "caller:7", "call_id": 7, "contact": EVE, "text": "漏水"}
    return intake.draft(session, **(values | more))


def test_a_dropped_call_leaves_a_draft_with_running_clocks(session: Session) -> None:
    draft = dropped(session)
    assert (draft.state, draft.text, draft.contact_number, draft.subject_id) == ("draft", "漏水", EVE, None)
    assert draft.response_due == local("2026-11-24 11:00")
    assert draft.window_start is None
    assert queue.waiting(session) == []


def test_a_call_has_one_draft_to_which_more_is_added(session: Session) -> None:
    shan = cast.mr_shan(session, cast.town(session))
    first = dropped(session)
    again = dropped(session, text="厨房", subject_id=shan.id)
    assert again is first
    assert (again.text, again.subject_id, again.address) == ("漏水\n厨房", shan.id, shan.address)
    assert again.contact_number == EVE
    assert dropped(session, text="厨房").text == "漏水\n厨房"
    assert dropped(session, call_id=None) is not first


def test_submitting_a_draft_keeps_the_time_of_the_call(session: Session) -> None:
    place = cast.town(session)
    shan = cast.mr_shan(session, place)
    draft = dropped(session)
    called_at = clock.now()
    clock.wind(timedelta(hours=1))
    order = intake.submit(session, draft, {"subject_id": shan.id, "item_id": place.gas.id}, "staff:3")
    assert order is draft and order.state == "open"
    assert (order.opened_at, order.resolution_due) == (called_at, called_at + timedelta(hours=2))
    assert (order.contact_number, order.address) == (EVE, shan.address)
    assert order.window_start == clock.now()
    assert queue.waiting(session) == [("visits.dispatch", (order.id,))]
    assert [line.event for line in moves.timeline(session, order.id)] == ["drafted", "submitted"]


def test_a_draft_is_not_submitted_until_it_is_whole(session: Session) -> None:
    draft = dropped(session)
    with pytest.raises(BadInput) as error:
        intake.submit(session, draft, {}, "staff:3")
    assert codes(error) == dict.fromkeys(("item_id", "subject_id", "address"), "field.missing")
    assert draft.state == "draft"


def test_the_wrong_person_in_a_draft_takes_his_address_along(session: Session) -> None:
    place = cast.town(session)
    rosa, shan = cast.rosa(session, place), cast.mr_shan(session, place)
    draft = dropped(session, subject_id=rosa.id, contact=None)
    assert (draft.address, draft.contact_number) == (rosa.address, ROSA)
    intake.submit(session, draft, {"subject_id": shan.id, "item_id": place.haircut.id}, "staff:3")
    assert (draft.address, draft.place, draft.community_id) == (shan.address, shan.place, shan.community_id)
    assert draft.contact_number == SHAN


def test_a_draft_is_submitted_once(session: Session) -> None:
    place = cast.town(session)
    draft = dropped(session, subject_id=cast.rosa(session, place).id, item_id=place.haircut.id)
    intake.submit(session, draft, {}, "staff:3")
    with pytest.raises(moves.NotAllowed):
        intake.submit(session, draft, {}, "staff:4")


def test_what_an_order_does_not_have_is_refused(session: Session) -> None:
    with pytest.raises(BadInput) as error:
        intake.submit(session, dropped(session), {"state": "closed"}, "staff:3")
    assert codes(error) == {"state": "field.unknown"}
