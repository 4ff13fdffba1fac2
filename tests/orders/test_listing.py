"""Lists of orders, one order by its number, what may be said of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.orders import changes, intake, listing
from app.orders.models import ServiceOrder
from tests.people import cast
from tests.people.cast import EVE, ROSA, SHAN, local


@pytest.fixture
def place(session: Session) -> cast.Town:
    return cast.town(session)


def listed(session: Session, page: int = 1, **filters: Any) -> list[ServiceOrder]:
    return [line.order for line in listing.live(session, filters, page).lines]


def test_urgent_orders_come_first_then_what_is_due_next(session: Session, place: cast.Town) -> None:
    rosa = cast.rosa(session, place)
    first = cast.order(session, place, rosa)
    clock.wind(timedelta(minutes=10))
    second = cast.order(session, place, rosa)
    urgent = cast.order(session, place, rosa, item_id=place.gas.id)
    assert listed(session) == [urgent, first, second]


def test_a_line_has_item_and_subject_and_whether_it_is_late(session: Session, place: cast.Town) -> None:
    rosa = cast.rosa(session, place)
    cast.order(session, place, rosa)
    (line,) = listing.live(session).lines
    assert (line.item, line.subject, line.late) == (place.haircut, rosa, False)
    clock.wind(timedelta(hours=2, seconds=1))
    assert listing.live(session).lines[0].late


def test_an_answered_order_is_late_only_by_its_second_clock(session: Session, place: cast.Town) -> None:
    order = cast.order(session, place, cast.rosa(session, place))
    order.responded_at = clock.now()
    clock.wind(timedelta(days=2))
    assert not listing.is_late(order, clock.now())
    clock.wind(timedelta(days=9))
    assert listing.is_late(order, clock.now())
    changes.cancel(session, order, "staff:3", "算了")
    assert not listing.is_late(order, clock.now())


def test_the_late_filter_agrees_with_the_mark(session: Session, place: cast.Town) -> None:
    rosa = cast.rosa(session, place)
    late = cast.order(session, place, rosa)
    answered = cast.order(session, place, rosa)
    answered.responded_at = clock.now()
    clock.wind(timedelta(hours=3))
    fresh = cast.order(session, place, rosa)
    assert listed(session, late=True) == [late]
    every = {order.id: listing.is_late(order, clock.now()) for order in (late, answered, fresh)}
    assert every == {late.id: True, answered.id: False, fresh.id: False}


def test_what_is_over_is_listed_only_on_request(session: Session, place: cast.Town) -> None:
    rosa = cast.rosa(session, place)
    order, over = cast.order(session, place, rosa), cast.order(session, place, rosa)
    changes.cancel(session, over, "staff:3", "算了")
    assert listed(session) == [order]
    assert listed(session, state="cancelled") == [over]
    assert set(listed(session, state="all")) == {order, over}


def test_filters_narrow_the_list(session: Session, place: cast.Town) -> None:
    rosa, shan = cast.rosa(session, place), cast.mr_shan(session, place)
    at_rosas = cast.order(session, place, rosa)
    at_shans = cast.order(session, place, shan, item_id=place.gas.id, channel="web")
    assert listed(session, community_id=place.river.id) == [at_shans]
    assert set(listed(session, community_id=place.district.id)) == {at_rosas, at_shans}
    assert listed(session, item_id=place.haircut.id) == [at_rosas]
    assert listed(session, channel="web") == [at_shans]
    assert listed(session, subject_id=rosa.id) == [at_rosas]
    assert listed(session, opened_to=clock.now()) == []
    assert len(listed(session, opened_from=clock.now())) == 2


@pytest.mark.parametrize("typed", ["单德明", "sdm", "13800130002", "0002", "NUMBER", "NUMB"])
def test_an_order_is_found_by_person_phone_or_number(session: Session, place: cast.Town, typed: str) -> None:
    cast.order(session, place, cast.rosa(session, place))
    order = cast.order(session, place, cast.mr_shan(session, place))
    typed = typed.replace("NUMBER", order.number).replace("NUMB", order.number[:4])
    assert listed(session, text=typed) == [order]


def test_an_order_is_found_by_the_number_of_whoever_called_for_it(session: Session, place: cast.Town) -> None:
    order = cast.order(session, place, cast.rosa(session, place), contact=EVE)
    assert listed(session, text="138 0013 0099") == [order]


def test_pages_hold_every_order_once(session: Session, place: cast.Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    rosa = cast.rosa(session, place)
    orders = {cast.order(session, place, rosa).id for _ in range(5)}
    pages = [listing.live(session, {}, page) for page in (1, 2, 3)]
    assert [len(page.lines) for page in pages] == [2, 2, 1]
    assert {line.order.id for page in pages for line in page.lines} == orders
    assert (pages[0].total, pages[0].pages) == (5, 3)
    assert listing.live(session, {}, 99).number == 3
    assert listing.live(session, {}, -1).number == 1


def test_an_empty_list_has_one_empty_page(session: Session) -> None:
    page = listing.live(session)
    assert (page.lines, page.total, page.number, page.pages) == ((), 0, 1, 1)


def test_a_number_is_read_as_people_write_it(session: Session, place: cast.Town) -> None:
    order = cast.order(session, place, cast.rosa(session, place))
    number = order.number
    full_width = number.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    for text in (number, f"{number[:4]} {number[4:]}", f" {number[:4]}-{number[4:]}", full_width):
        assert listing.by_number(session, text) is order
    assert listing.by_number(session, "12345678") is None
    assert listing.by_number(session, "") is None


def test_live_orders_of_a_person_and_of_a_phone(session: Session, place: cast.Town) -> None:
    rosa, shan = cast.rosa(session, place), cast.mr_shan(session, place)
    first = cast.order(session, place, rosa, contact=SHAN)
    clock.wind(timedelta(minutes=1))
    second = cast.order(session, place, rosa)
    assert listing.live_of(session, rosa.id) == [second, first]
    assert listing.live_of(session, shan.id) == []
    assert listing.of_contact(session, SHAN) == [first]
    assert listing.of_contact(session, ROSA) == [second, first]
    assert listing.of_contact(session, EVE) == []


def test_the_spoken_state_has_a_code_and_a_time_and_nothing_personal(session: Session, place: cast.Town) -> None:
    order = cast.order(session, place, cast.rosa(session, place))
    assert listing.spoken_status(session, order) == ("open", local("2026-11-24 10:00"))
    for event in ("scheduled", "started"):
        moves.move(session, order, event, "system:test")
    assert listing.spoken_status(session, order) == ("under_way", None)
    order.resolved_at = clock.now()
    moves.move(session, order, "finished", "system:test")
    assert listing.spoken_status(session, order) == ("done", clock.now())
    draft = intake.draft(session, channel="voicemail", by="caller:1", call_id=1, contact=EVE, text="喂")
    assert listing.spoken_status(session, draft) == ("draft", None)
