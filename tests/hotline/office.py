"""Agents at their seats, and callers who wait, in a line each."""

from sqlalchemy.orm import Session

from app.core import clock
from app.hotline import arrivals, rings, seats
from app.hotline.models import Call, Ring
from app.people.models import Staff

MOBILE = "+8613800130031"
"""An agent's own."""


def agent(session: Session, name: str = "Fang", line: str | None = "browser", number: str | None = None) -> Staff:
    """An agent who takes calls on ``line``; with None he sits nowhere."""
    row = Staff(
        username=name.lower(),
        password_hash="none",
        name=name,
        role="agent",
        number=number,
        session_mark="mark",
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    if line is not None:
        seats.ready(session, row.id, line)
    return row


def caller(session: Session, number: str, sid: str = "CA" + "1" * 32) -> Call:
    """Somebody who has dialled the hotline and waits for a person."""
    call = session.get_one(Call, arrivals.arrive(session, sid, number))
    rings.start(session, call)
    return call


def rung(session: Session, call: Call) -> list[Ring]:
    """The phones that ring for ``call`` now, the carrier having taken them."""
    placed = [session.get_one(Ring, ring_id) for ring_id, _ in rings.place(session, call.id)]
    for ring in placed:
        rings.placed(session, ring.id, f"CA{ring.id:032d}")
    return placed
