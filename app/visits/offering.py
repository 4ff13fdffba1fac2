"""Making offers: a visit whose worker's time is held becomes a question to him."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import Refused
from app.visits import codes, rows, telling, timing
from app.visits.models import Offer, Visit
from app.visits.rules import BUSY, OFFER


def ask(
    session: Session, visit: Visit, worker_id: int, starts_at: datetime, travel_seconds: int | None, by: str
) -> Offer:
    """Hold the worker's time for the visit and make the offer; ``send`` tells him.

    starts_at: aware. Raises what ``make`` raises; IntegrityError if his time is taken.
    """
    visit.worker_id = worker_id
    visit.during = rows.at_the_door(starts_at, visit.minutes)
    visit.travel_seconds = travel_seconds
    visit.no_room_at = None
    moves.move(session, visit, "offered", by, worker_id=worker_id)
    return make(session, visit)


def make(session: Session, visit: Visit) -> Offer:
    """The offer's row for the visit's worker, with a code that none of his other live offers has.

    Raises Refused("offer.codes_used_up") if he has too many open questions, IntegrityError if he was asked before or
    the code was taken meanwhile.
    """
    assert visit.worker_id is not None
    now, starts_at = clock.now(), rows.starts_at(visit)
    code = _code(session, visit.worker_id)
    offer = Offer(
        order_id=visit.order_id,
        visit_id=visit.id,
        worker_id=visit.worker_id,
        state=OFFER.initial,
        code=code,
        starts_at=starts_at,
        created_at=now,
        expires_at=timing.answer_by(now, starts_at, visit.travel_seconds, visit.urgent),
    )
    session.add(offer)
    moves.record(session, offer, "sent", "system:dispatch", after=offer.state, worker_id=visit.worker_id)
    return offer


def send(session: Session, visit: Visit, offer: Offer) -> None:
    """Write the message for an offer that was made; his time for an answer runs from when he can read it."""
    message = telling.offer(session, visit, offer)
    if message is None:
        return
    busy = None if visit.urgent else _busy_until(session, offer.worker_id)
    if busy is not None and busy > message.due_at:
        message.due_at, message.rung_at = busy, None
    offer.expires_at = timing.answer_by(
        max(clock.now(), message.due_at), offer.starts_at, visit.travel_seconds, visit.urgent
    )
    message.good_until = offer.expires_at
    session.flush()


def _code(session: Session, worker_id: int) -> str:
    his = select(Offer.code).where(Offer.worker_id == worker_id)
    live = list(session.scalars(his.where(Offer.state == "sent")))
    last = session.scalar(his.order_by(Offer.id.desc()).limit(1))
    code = codes.next_offer_code(live, last)
    if code is None:
        raise Refused("offer.codes_used_up", worker_id=worker_id)
    return code


def _busy_until(session: Session, worker_id: int) -> datetime | None:
    """When the worker is done with whom he is with, or rides to."""
    now = clock.now()
    ends = [rows.ends_at(visit) for visit in session.scalars(
        select(Visit).where(Visit.worker_id == worker_id, Visit.state.in_(BUSY)))]  # fmt: skip
    return max((end for end in ends if end > now), default=None)
