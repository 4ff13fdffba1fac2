"""The one door for every change of state: value and history together, and the first one wins."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core import clock, db, moves
from app.core.moves import History
from app.hotline.models import CallBack


@pytest.fixture
def thing(session: Session) -> CallBack:
    """A row with a state; it hangs on order 5."""
    now = clock.now()
    row = CallBack(reason="wanted", key="call:1", order_id=5, created_at=now, due_at=now, state="open")
    session.add(row)
    session.commit()
    return row


def history(session: Session) -> list[History]:
    return list(session.scalars(select(History).order_by(History.id)))


def test_a_move_changes_the_state_and_writes_history(session: Session, thing: CallBack) -> None:
    clock.wind(timedelta(minutes=3))
    row = moves.move(session, thing, "taken", "staff:7", note="我来", seat=2)
    assert row is not None
    assert (row.thing, row.thing_id, row.order_id, row.event) == ("call_back", thing.id, 5, "taken")
    assert (row.before, row.after, row.by, row.note, row.facts) == ("open", "taken", "staff:7", "我来", {"seat": 2})
    assert row.at == clock.now()
    assert thing.state == session.scalar(text("SELECT state FROM call_back")) == "taken"


def test_the_first_one_wins_and_the_second_is_told(session: Session, thing: CallBack) -> None:
    with Session(db.engine(), expire_on_commit=False) as other:
        theirs = other.get_one(CallBack, thing.id)
        assert moves.move(other, theirs, "taken", "staff:8") is not None
        other.commit()
    assert moves.move(session, thing, "taken", "staff:7") is None
    assert thing.state == "taken"
    assert [row.by for row in history(session)] == ["staff:8"]


def test_who_loses_sees_the_row_as_it_is_now(session: Session, thing: CallBack) -> None:
    with Session(db.engine(), expire_on_commit=False) as other:
        theirs = other.get_one(CallBack, thing.id)
        moves.move(other, theirs, "done", "staff:8")
        theirs.result = "他自己来了"
        other.commit()
    assert moves.move(session, thing, "taken", "staff:7") is None
    assert (thing.state, thing.result) == ("done", "他自己来了")


def test_what_the_table_does_not_know_is_not_allowed(session: Session, thing: CallBack) -> None:
    with pytest.raises(moves.NotAllowed) as error:
        moves.move(session, thing, "returned", "staff:7")
    assert error.value.facts == {"thing": "call_back", "id": thing.id, "state": "open", "event": "returned"}
    assert history(session) == []


def test_a_rolled_back_move_never_happened(session: Session, thing: CallBack) -> None:
    moves.move(session, thing, "taken", "staff:7")
    session.rollback()
    session.refresh(thing)
    assert thing.state == "open"
    assert history(session) == []


def test_what_was_changed_before_the_move_is_not_lost(session: Session, thing: CallBack) -> None:
    thing.said = "有人敲门"
    moves.move(session, thing, "taken", "staff:7")
    session.commit()
    session.expire_all()
    assert (thing.said, thing.state) == ("有人敲门", "taken")


def test_events_without_a_change_of_state_are_recorded(session: Session, thing: CallBack) -> None:
    row = moves.record(session, thing, "looked_at", "staff:7")
    assert (row.event, row.before, row.after, row.note, row.facts) == ("looked_at", None, None, None, {})
    assert thing.state == "open"


def test_notes_are_ciphertext_in_the_database(session: Session, thing: CallBack) -> None:
    moves.record(session, thing, "noted", "staff:7", "糖尿病")
    stored = session.scalar(text("SELECT note FROM history"))
    assert stored is not None and stored.startswith("gAAAA")


def test_the_timeline_holds_one_orders_events_in_order(session: Session, thing: CallBack) -> None:
    now = clock.now()
    other: dict[str, Any] = {"reason": "wanted", "created_at": now, "due_at": now, "state": "open"}
    elsewhere = CallBack(key="call:2", order_id=6, **other)
    session.add(elsewhere)
    moves.record(session, thing, "first", "staff:7")
    moves.record(session, elsewhere, "elsewhere", "staff:7")
    clock.wind(timedelta(hours=1))
    moves.record(session, thing, "second", "staff:7")
    assert [row.event for row in moves.timeline(session, 5)] == ["first", "second"]


def test_history_of_a_month_nobody_made_a_partition_for_is_kept(session: Session, thing: CallBack) -> None:
    clock.wind(timedelta(days=3650))
    moves.record(session, thing, "much_later", "staff:7")
    session.commit()
    assert session.scalar(text("SELECT count(*) FROM history")) == 1
