"""Ringing agents while the caller's keys still work: all free ones are rung together, the first answer has the call.

`Dial` would collect no keys, so the caller loops in short Gathers, the agents are called apart, and the winner and the
caller are brought into a conference named by our call id (https://www.twilio.com/docs/voice/twiml/conference).
"""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core import clock, moves, site
from app.core.queue import later
from app.hotline import seats
from app.hotline.models import Call, CallBack, Ring, Seat
from app.hotline.rules import RING
from app.people.models import Staff

RING_SECONDS = 20
"""After so long without an answer a call-back is booked (GB/T 33358-2016 wants 15 s; a few remain for the walk)."""

TOO_LONG = timedelta(seconds=RING_SECONDS + 5)
"""A phone that rings still is withdrawn: the carrier's own time-out was lost."""

AGAIN = timedelta(seconds=15)
"""A phone that was not answered or could not be rung is left alone for so long by the same caller."""

PATIENCE = timedelta(seconds=5)
"""What is rung in vain for so long has escaped the job that was to silence it."""


def start(session: Session, call: Call) -> None:
    """A person is wanted: begin to wait and ring whoever is free."""
    if call.waiting_since is None:
        call.waiting_since = clock.now()
        moves.record(session, call, "waiting", f"caller:{call.id}")
    later(session, "hotline.ring_agents", call.id)


def stop(session: Session, call: Call) -> None:
    """The caller waits no more: phones that still ring for him fall silent."""
    if call.waiting_since is not None:
        call.waiting_since = None
        later(session, "hotline.silence", call.id)


def under_way(session: Session, call: Call) -> bool:
    """Whether somebody's phone rings for ``call``, or could ring at once."""
    ringing = select(Ring.id).where(Ring.call_id == call.id, Ring.state.in_(RING.live)).limit(1)
    return session.scalar(ringing) is not None or bool(seats.available(session))


def place(session: Session, call_id: int) -> list[tuple[int, str]]:
    """Claim every free seat for ``call_id`` and return [(ring id, number or client address)] to call.

    Safe to run twice: seats that ring already are not free. A phone that could not be rung is left alone for a while,
    and an agent's own number is rung only where the hotline may call it at all.
    """
    call = session.get(Call, call_id)
    if call is None or not _wants_agent(call):
        return []
    failed = select(Ring.staff_id).where(
        Ring.call_id == call.id, Ring.state.in_(("failed", "missed")), Ring.created_at > clock.now() - AGAIN
    )
    tried = set(session.scalars(failed))
    placed: list[tuple[int, str]] = []
    for seat in seats.available(session):
        to = address(session, seat)
        if seat.id in tried or (seat.line == "phone" and not site.may_contact(session, to)):
            continue
        if seats.ring(session, seat, call):
            ring = Ring(call_id=call.id, staff_id=seat.id, line=seat.line, state=RING.initial, created_at=clock.now())
            session.add(ring)
            session.flush()
            placed.append((ring.id, to))
    return placed


def _wants_agent(call: Call) -> bool:
    return call.waiting_since is not None and call.staff_id is None and not call.finished


def address(session: Session, seat: Seat) -> str:
    """Where the carrier reaches the agent: client:agent-7, or his own number."""
    if seat.line == "phone":
        return session.get_one(Staff, seat.id).number or f"client:agent-{seat.id}"
    return f"client:agent-{seat.id}"


def placed(session: Session, ring_id: int, sid: str) -> bool:
    """The carrier rings the agent under ``sid``; False if nobody wants that any more: he is to be hung up."""
    ring = session.get_one(Ring, ring_id)
    ring.sid = ring.sid or sid
    if ring.state == "placing":
        moves.move(session, ring, "placed", "system:hotline")
    return ring.state in ("ringing", "answered")


def answer(session: Session, ring_id: int) -> Call | None:
    """The agent of ``ring_id`` answered: his call, or None if he was not the first (or the caller is gone)."""
    ring = session.get_one(Ring, ring_id)
    call = session.get_one(Call, ring.call_id)
    if ring.state == "answered":
        return call if call.staff_id == ring.staff_id else None
    if ring.state not in RING.live or not _claim(session, ring):
        failed(session, ring_id, "withdrawn")
        return None
    session.refresh(call)
    moves.move(session, ring, "answered", f"staff:{ring.staff_id}")
    seats.answered(session, seats.of(session, ring.staff_id), call)
    moves.record(session, call, "agent_answered", f"staff:{ring.staff_id}")
    later(session, "hotline.join_caller", call.id)
    later(session, "hotline.silence", call.id)
    return call


def _claim(session: Session, ring: Ring) -> bool:
    """The first to answer has the caller, if he still waits."""
    claim = update(Call).where(
        Call.id == ring.call_id, Call.staff_id.is_(None), Call.finished.is_(False), Call.waiting_since.is_not(None)
    )
    claim = claim.values(staff_id=ring.staff_id, claimed_at=clock.now())
    return session.execute(claim.execution_options(synchronize_session=False)).rowcount == 1  # type: ignore[attr-defined,no-any-return]


def failed(session: Session, ring_id: int, event: str = "missed") -> None:
    """An agent's phone rings no more: not answered ("missed"), could not be rung ("failed"), too late ("withdrawn")."""
    ring = session.get(Ring, ring_id)
    if ring is None or ring.state not in RING.live:
        return
    if moves.move(session, ring, event, f"staff:{ring.staff_id}"):
        seats.stop_ringing(session, seats.of(session, ring.staff_id), ring.call_id)


def withdraw(session: Session, call_id: int) -> list[str]:
    """Stop the phones that ring for ``call_id`` in vain; returns the sids to hang up.

    In vain are all once somebody has answered or the caller left or waits no more, and those that ring for too long.
    Who has answered for a caller that is gone is hung up as well: he would sit in an empty conference.
    """
    call = session.get_one(Call, call_id)
    live = select(Ring).where(Ring.call_id == call_id, Ring.state.in_(RING.live))
    if _wants_agent(call):
        live = live.where(Ring.created_at < clock.now() - TOO_LONG)
    sids = [ring.sid for ring in session.scalars(live) if _withdrawn(session, ring)]
    if call.finished:
        sids += session.scalars(select(Ring.sid).where(Ring.call_id == call_id, Ring.state == "answered"))
    return [sid for sid in sids if sid]


def _withdrawn(session: Session, ring: Ring) -> bool:
    if moves.move(session, ring, "withdrawn", "system:hotline") is None:
        return False
    seats.stop_ringing(session, seats.of(session, ring.staff_id), ring.call_id)
    return True


def overdue(session: Session) -> list[int]:
    """Calls for which phones ring in vain (ids): for too long, or for a caller who is served or gone."""
    served = Call.finished.is_(True) | Call.staff_id.is_not(None) | Call.waiting_since.is_(None)
    rows = select(Ring.call_id).join(Call, Call.id == Ring.call_id).where(Ring.state.in_(RING.live))
    now = clock.now()
    in_vain = (served & (Ring.created_at < now - PATIENCE)) | (Ring.created_at < now - TOO_LONG)
    return list(session.scalars(rows.where(in_vain).distinct().order_by(Ring.call_id)))


def waiting(session: Session) -> list[int]:
    """Callers who wait and have nobody yet, while somebody is free (ids): emergencies first, then who waits longest."""
    if not seats.available(session):
        return []
    listed = CallBack.key == func.concat("emergency:", Call.id)
    rows = (
        select(Call.id)
        .outerjoin(CallBack, listed)
        .where(Call.waiting_since.is_not(None), Call.staff_id.is_(None), Call.finished.is_(False))
    )
    return list(session.scalars(rows.order_by(CallBack.id.is_(None), Call.waiting_since, Call.id)))
