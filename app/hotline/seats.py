"""Agents' seats: who is ready to be rung, on which line."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import Refused
from app.hotline.models import Call, Seat
from app.hotline.rules import SEAT
from app.people.models import Staff

SILENT = timedelta(seconds=90)
"""A console that gave no sign of life for so long (a closed laptop) is not rung on its browser line."""


def of(session: Session, staff_id: int) -> Seat:
    """The seat of ``staff_id``; away, if he never sat down."""
    seat = session.get(Seat, staff_id)
    if seat is None:
        now = clock.now()
        seat = Seat(id=staff_id, state=SEAT.initial, line="browser", since=now, seen_at=now)
        session.add(seat)
        session.flush()
    return seat


def ready(session: Session, staff_id: int, line: str) -> Seat:
    """The agent takes calls on ``line`` ("browser" or "phone", his own number).

    Raises Refused("seat.no_number") for "phone" without a number in his account.
    """
    seat = of(session, staff_id)
    staff = session.get_one(Staff, staff_id)
    if line == "phone" and not staff.number:
        raise Refused("seat.no_number")
    seat.line = line
    seat.seen_at = clock.now()
    if seat.state in ("away", "wrap_up"):
        _change(session, seat, "ready")
    return seat


def leave(session: Session, staff_id: int) -> Seat:
    """The agent takes no more calls."""
    seat = of(session, staff_id)
    if seat.state != "away":
        _change(session, seat, "left")
    return seat


def alive(session: Session, staff_id: int) -> Seat:
    """The agent's console gave a sign of life."""
    seat = of(session, staff_id)
    seat.seen_at = clock.now()
    return seat


def available(session: Session) -> list[Seat]:
    """Seats that can be rung now, the longest idle first."""
    rows = session.scalars(select(Seat).where(Seat.state == "available").order_by(Seat.since, Seat.id))
    fresh = clock.now() - SILENT
    return [seat for seat in rows if seat.line == "phone" or seat.seen_at > fresh]


def at_work(session: Session) -> list[int]:
    """Staff ids of those who sit at their console or wait at their phone, talking or not."""
    rows = select(Seat.id).where(Seat.state != "away", (Seat.line == "phone") | (Seat.seen_at > clock.now() - SILENT))
    return list(session.scalars(rows.order_by(Seat.id)))


def ring(session: Session, seat: Seat, call: Call) -> bool:
    """Mark ``seat`` as ringing for ``call``; False if it was taken meanwhile."""
    return _change(session, seat, "rung", call.id)


def answered(session: Session, seat: Seat, call: Call) -> None:
    """The agent has the call."""
    if seat.state == "ringing":
        _change(session, seat, "answered", call.id)


def stop_ringing(session: Session, seat: Seat, call_id: int) -> None:
    """The agent did not answer for ``call_id``, or somebody else was first."""
    if seat.state == "ringing" and seat.call_id == call_id:
        _change(session, seat, "missed")


def call_ended(session: Session, call: Call) -> None:
    """Whoever had ``call`` goes to wrap-up."""
    for seat in session.scalars(select(Seat).where(Seat.call_id == call.id, Seat.state == "talking")):
        _change(session, seat, "ended", call.id)


def _change(session: Session, seat: Seat, event: str, call_id: int | None = None) -> bool:
    if moves.move(session, seat, event, f"staff:{seat.id}") is None:
        return False
    seat.since = clock.now()
    seat.call_id = call_id
    return True
