"""The worklist: nothing that a caller left is lost or listed twice, and a taken row has one owner."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, db
from app.core.errors import DoorlineError, NotFound, Refused
from app.core.moves import NotAllowed
from app.hotline import call_backs, owners, seats
from app.hotline.models import CallBack
from tests.databases import Database
from tests.hotline import office
from tests.people import cast

Row = CallBack


def listed(session: Session, reason: str = "wanted", key: str = "call:1", **more: Any) -> Row:
    return call_backs.open_for(session, reason, key, number=cast.EVE, **more)


@pytest.fixture
def two(session: Session) -> tuple[int, int]:
    """Two agents."""
    return office.agent(session).id, office.agent(session, "Gu").id


@pytest.mark.parametrize(
    ("reason", "minutes", "urgent"),
    [("missed_call", 30, False), ("voicemail", 30, False), ("emergency", 2, True), ("door_alarm", 2, True)],
)
def test_each_reason_has_its_time(session: Session, reason: str, minutes: int, urgent: bool) -> None:
    row = listed(session, reason)
    assert (row.due_at, row.urgent, row.state) == (clock.now() + timedelta(minutes=minutes), urgent, "open")


def test_the_same_thing_is_listed_once_and_what_is_said_is_added(session: Session) -> None:
    first = listed(session, "missed_call", said="9")
    second = listed(session, "dropped_call", said="我要理发")
    listed(session, "missed_call", said="我要理发")
    assert first is second
    assert (first.reason, first.said) == ("dropped_call", "9\n我要理发")


def test_two_jobs_at_once_list_one_row(database: Database) -> None:
    with db.unit_of_work() as one:
        listed(one)
        one.commit()
        with db.unit_of_work() as two:
            listed(two)
    with db.unit_of_work() as session:
        assert len(session.scalars(select(CallBack)).all()) == 1


def test_something_new_about_a_settled_matter_opens_it_again(session: Session, two: tuple[int, int]) -> None:
    row = listed(session, said="明天能来吗")
    call_backs.finish(session, row, two[0], "told")
    clock.wind(timedelta(minutes=50))
    listed(session, said="明天能来吗")
    assert row.state == "done"
    listed(session, said="没有人来")
    assert (row.state, row.done_at) == ("open", None)
    assert row.due_at == clock.now() + call_backs.MISSED_CALL
    assert call_backs.worklist(session) == [row]


def test_urgent_ones_come_first_then_by_time(session: Session) -> None:
    late = listed(session, key="call:1")
    clock.wind(timedelta(minutes=1))
    later = listed(session, key="call:2")
    urgent = listed(session, "emergency", key="emergency:3")
    assert call_backs.worklist(session) == [urgent, late, later]


def test_a_row_has_one_owner(session: Session, two: tuple[int, int]) -> None:
    row = listed(session)
    call_backs.take(session, row, two[0])
    with pytest.raises(DoorlineError):
        call_backs.take(session, row, two[1])
    assert row.owner_id == two[0]


def test_of_two_who_take_it_at_once_one_is_refused(database: Database) -> None:
    with db.unit_of_work() as session:
        one, other = office.agent(session).id, office.agent(session, "Gu").id
        row_id = listed(session).id
    with db.unit_of_work() as first, db.unit_of_work() as second:
        mine, his = call_backs.get(first, row_id), call_backs.get(second, row_id)
        call_backs.take(first, mine, one)
        first.commit()
        with pytest.raises(Refused, match=r"call_back\.taken"):
            call_backs.take(second, his, other)
    with db.unit_of_work() as session:
        assert call_backs.get(session, row_id).owner_id == one


def test_given_back_it_is_the_others(session: Session, two: tuple[int, int]) -> None:
    row = listed(session)
    call_backs.take(session, row, two[0])
    call_backs.give_back(session, row, two[0], "busy")
    assert (row.state, row.owner_id) == ("open", two[1])
    seats.leave(session, two[1])
    call_backs.take(session, row, two[1])
    call_backs.give_back(session, row, two[1], "busy")
    seats.leave(session, two[0])
    owners.deal(session)
    assert row.owner_id == two[0]  # nobody is there to relieve him
    call_backs.take(session, row, two[1])
    assert row.owner_id == two[1]


def test_what_is_listed_belongs_to_whoever_has_the_least_to_do(session: Session, two: tuple[int, int]) -> None:
    rows = [listed(session, key=f"call:{n}") for n in range(4)]
    assert [row.owner_id for row in rows] == [two[0], two[1], two[0], two[1]]
    call_backs.finish(session, rows[0], two[1], "told")
    assert rows[0].owner_id == two[1]
    assert listed(session, key="call:9").owner_id == two[0]


def test_the_agent_who_had_the_call_rings_back_himself(session: Session, two: tuple[int, int]) -> None:
    call = office.caller(session, cast.ROSA)
    call.staff_id = two[1]
    assert listed(session, call=call).owner_id == two[1]
    seats.leave(session, two[1])
    assert call_backs.open_for(session, "wanted", "call:2", call=call).owner_id == two[0]


def test_what_came_while_nobody_was_there_is_dealt_out_when_somebody_sits_down(session: Session) -> None:
    rows = [listed(session, key=f"call:{n}") for n in range(3)]
    owners.deal(session)
    assert [row.owner_id for row in rows] == [None] * 3
    one = office.agent(session)
    call_backs.take(session, rows[0], one.id)
    other = office.agent(session, "Gu")
    owners.deal(session)
    assert [row.owner_id for row in rows] == [one.id, other.id, one.id]
    seats.leave(session, one.id)
    owners.deal(session)
    assert [row.owner_id for row in rows] == [one.id, other.id, other.id]
    clock.wind(seats.SILENT * 2)
    seats.alive(session, one.id)
    owners.deal(session)
    assert rows[2].owner_id == other.id  # nobody else is there; his laptop may open again


@pytest.mark.parametrize(("hours", "due"), [(0, 0.5), (10.9, 11.4), (11, 23.5), (14, 23.5), (22.9, 23.5)])
def test_what_comes_at_night_is_due_half_an_hour_after_the_morning_begins(
    session: Session, hours: float, due: float
) -> None:
    nine = clock.now()
    clock.wind(timedelta(hours=hours))
    assert listed(session).due_at == nine + timedelta(hours=due)
    assert listed(session, "emergency", "emergency:1").due_at == clock.now() + call_backs.URGENT


@pytest.mark.parametrize("words", ["", "  ", "\n"])
def test_nothing_is_settled_without_a_word(session: Session, two: tuple[int, int], words: str) -> None:
    row = listed(session)
    with pytest.raises(Refused, match=r"call_back\.result_missing"):
        call_backs.finish(session, row, two[0], words)
    assert row.state == "open"


def test_settled_reopened_and_settled_by_somebody_else(session: Session, two: tuple[int, int]) -> None:
    row = listed(session)
    call_backs.finish(session, row, two[0], "told her")
    assert (row.owner_id, row.done_at, call_backs.worklist(session)) == (two[0], clock.now(), [])
    assert call_backs.settled_by(session, two[0]) == [row]
    call_backs.reopen(session, row, two[0])
    assert (row.state, row.owner_id) == ("open", two[0])
    call_backs.finish(session, row, two[1], "told her at last")
    assert row.owner_id == two[1]


def test_what_is_settled_is_not_taken(session: Session, two: tuple[int, int]) -> None:
    row = listed(session)
    call_backs.finish(session, row, two[0], "told")
    with pytest.raises(NotAllowed):
        call_backs.take(session, row, two[1])


def test_there_is_no_such_row(session: Session) -> None:
    with pytest.raises(NotFound):
        call_backs.get(session, 99)
