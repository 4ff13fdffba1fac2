"""The worklist: nothing that a caller left is lost or listed twice, and a taken row has one owner."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, db
from app.core.errors import DoorlineError, NotFound, Refused
from app.core.moves import NotAllowed
from app.hotline import call_backs
from app.hotline.models import CallBack
from tests.databases import Database
from tests.hotline import office
from tests.people import cast

Row = CallBack


def listed(session: Session, reason: str = "wanted", key: str = "call:1", **more: str) -> Row:
    return call_backs.open_for(session, reason, key, number=cast.EVE, **more)  # type: ignore[arg-type]


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
    assert (row.state, row.owner_id, row.done_at) == ("open", None, None)
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


def test_given_back_it_is_anyones(session: Session, two: tuple[int, int]) -> None:
    row = listed(session)
    call_backs.take(session, row, two[0])
    call_backs.give_back(session, row, two[0], "busy")
    assert (row.state, row.owner_id) == ("open", None)
    call_backs.take(session, row, two[1])
    assert row.owner_id == two[1]


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
    assert (row.state, row.owner_id) == ("open", None)
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
