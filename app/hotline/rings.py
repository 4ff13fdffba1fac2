"""Ringing agents while the caller's keys still work: all free ones are rung together, the first answer has the call.

`Dial` would collect no keys, so the caller loops in short Gathers, the agents are called apart, and the winner and the
caller are brought into a conference named by our call id (https://www.twilio.com/docs/voice/twiml/conference).
"""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.queue import later
from app.hotline import seats
from app.hotline.models import Call, Ring, Seat
from app.hotline.rules import RING, is_final
from app.people.models import Staff

RING_SECONDS = 20
"""After so long without an answer a call-back is booked (GB/T 33358-2016 wants 15 s; a few remain for the walk)."""


def start(session: Session, call: Call) -> None:
    """A person is wanted: begin to wait and ring whoever is free."""
    if call.waiting_since is None:
        call.waiting_since = clock.now()
        moves.record(session, call, "waiting", f"caller:{call.id}")
    later(session, "hotline.ring_agents", call.id)


def place(session: Session, call_id: int) -> list[tuple[int, str]]:
    """Claim every free seat for ``call_id`` and return [(ring id, number or client address)] to call.

    Safe to run twice: seats that ring already are not free.
    """
    call = session.get_one(Call, call_id)
    if call.waiting_since is None or call.staff_id is not None or is_final(call.status):
        return []
    placed: list[tuple[int, str]] = []
    for seat in seats.available(session):
        if seats.ring(session, seat, call):
            ring = Ring(call_id=call.id, staff_id=seat.id, line=seat.line, state=RING.initial, created_at=clock.now())
            session.add(ring)
            session.flush()
            placed.append((ring.id, address(session, seat)))
    return placed


def address(session: Session, seat: Seat) -> str:
    """Where the carrier reaches the agent: client:agent-7, or his own number."""
    if seat.line == "phone":
        return session.get_one(Staff, seat.id).number or f"client:agent-{seat.id}"
    return f"client:agent-{seat.id}"


def placed(session: Session, ring_id: int, sid: str) -> None:
    """The carrier rings the agent under ``sid``."""
    ring = session.get_one(Ring, ring_id)
    ring.sid = ring.sid or sid
    if ring.state == "placing":
        moves.move(session, ring, "placed", "system:hotline")
    if session.get_one(Call, ring.call_id).staff_id not in (None, ring.staff_id):
        later(session, "hotline.silence", ring.call_id)


def answer(session: Session, ring_id: int) -> Call | None:
    """The agent of ``ring_id`` answered: his call, or None if he was not the first (or the caller is gone)."""
    ring = session.get_one(Ring, ring_id)
    call = session.get_one(Call, ring.call_id)
    if ring.state == "answered":
        return call if call.staff_id == ring.staff_id else None
    claim = (
        update(Call)
        .where(Call.id == call.id, Call.staff_id.is_(None), Call.finished.is_(False))
        .values(staff_id=ring.staff_id, claimed_at=clock.now())
    )
    seat = seats.of(session, ring.staff_id)
    if session.execute(claim).rowcount != 1:  # type: ignore[attr-defined]
        seats.stop_ringing(session, seat)
        if ring.state in RING.live:
            moves.move(session, ring, "withdrawn", "system:hotline")
        return None
    session.refresh(call)
    moves.move(session, ring, "answered", f"staff:{ring.staff_id}")
    seats.answered(session, seat, call)
    moves.record(session, call, "agent_answered", f"staff:{ring.staff_id}")
    later(session, "hotline.join_caller", call.id)
    later(session, "hotline.silence", call.id)
    return call


def failed(session: Session, ring_id: int, event: str = "missed") -> None:
    """The agent's phone was not answered ("missed") or could not be rung ("failed")."""
    ring = session.get_one(Ring, ring_id)
    if ring.state in RING.live and moves.move(session, ring, event, f"staff:{ring.staff_id}"):
        seats.stop_ringing(session, seats.of(session, ring.staff_id))


def withdraw(session: Session, call_id: int) -> list[str]:
    """Stop ringing for ``call_id`` (somebody answered, or the caller left); returns the sids to hang up."""
    sids = []
    for ring in session.scalars(select(Ring).where(Ring.call_id == call_id, Ring.state.in_(RING.live))):
        if moves.move(session, ring, "withdrawn", "system:hotline"):
            seats.stop_ringing(session, seats.of(session, ring.staff_id))
            if ring.sid:
                sids.append(ring.sid)
    return sids


def overdue(session: Session) -> list[int]:
    """Calls whose rings have lasted too long (ids)."""
    limit = clock.now() - timedelta(seconds=RING_SECONDS + 5)
    stale = select(Ring.call_id).where(Ring.state.in_(RING.live), Ring.created_at < limit).distinct()
    return list(session.scalars(stale))


def waiting(session: Session) -> list[int]:
    """Callers who wait for a person and have none yet (ids): an agent who becomes free is rung for the longest."""
    rows = select(Call.id).where(
        Call.waiting_since.is_not(None), Call.staff_id.is_(None), Call.finished.is_(False), Call.ended_at.is_(None)
    )
    return list(session.scalars(rows.order_by(Call.waiting_since)))
