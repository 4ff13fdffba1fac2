"""What becomes of an offer: accepted, declined, run out or withdrawn, by text, link or phone; each once."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import BadInput
from app.core.queue import later
from app.messages import outbox
from app.orders.models import ServiceOrder
from app.visits import codes, rows, telling
from app.visits.models import Offer, Visit
from app.visits.rules import CURRENT, DECLINE_REASONS

CLOCK = "system:clock"


def live_of(session: Session, worker_id: int) -> list[Offer]:
    """The offers that wait for this worker's answer, the oldest first."""
    query = select(Offer).where(Offer.worker_id == worker_id, Offer.state == "sent")
    return list(session.scalars(query.order_by(Offer.id)))


def by_code(session: Session, worker_id: int, code: str | None) -> Offer | None:
    """The worker's offer that ``code`` (two digits) names: a live one, else the last that had it.

    Without a code his only live offer; None if there is none, or if there are several.
    """
    if code is None:
        waiting = live_of(session, worker_id)
        return waiting[0] if len(waiting) == 1 else None
    named = select(Offer).where(Offer.worker_id == worker_id, Offer.code == code)
    return session.scalar(named.order_by((Offer.state == "sent").desc(), Offer.id.desc()).limit(1))


def overdue(session: Session) -> list[int]:
    """Ids of offers whose time is over."""
    query = select(Offer.id).where(Offer.state == "sent", Offer.expires_at <= clock.now())
    return list(session.scalars(query.order_by(Offer.id)))


def accept(session: Session, offer: Offer, via: str) -> Visit | None:
    """The worker says yes: the visit is his, he gets his half of the code, the resident is told who comes and when.

    via: one of rules.ANSWERED_BY. Said twice it is the same yes. A yes that comes late but before anybody acted on it
    counts. Returns the visit, or None if the offer is gone.
    """
    visit, order, offer = _locked(session, offer)
    by = f"worker:{offer.worker_id}"
    if offer.state == "accepted" and visit.worker_id == offer.worker_id and visit.state in CURRENT:
        return visit
    if offer.state != "sent" or visit.state != "offered" or visit.worker_id != offer.worker_id:
        return None
    if order.state == "cancelled":  # a moment ago: its visits are about to be called off
        return None
    if moves.move(session, offer, "accepted", by, via=via) is None:
        return None
    _answered(offer, via)
    moves.move(session, visit, "accepted", by, worker_id=offer.worker_id)
    take(session, visit, order, by)
    telling.accepted(session, visit, offer)
    return visit


def take(session: Session, visit: Visit, order: ServiceOrder, by: str) -> None:
    """The visit has a worker who comes: no more attention, the resident is told, the order is scheduled."""
    visit.accepted_at = clock.now()
    visit.attention = visit.late_told_at = None
    again = visit.announced_at is not None
    row = moves.record(session, visit, "announced", by)
    telling.announce(session, visit, again, row.id)
    if order.responded_at is None:
        order.responded_at = clock.now()
    waiting = [one for one in rows.current_visits(session, order.id) if one.state in ("open", "attention", "offered")]
    if order.state == "open" and not waiting:
        moves.move(session, order, "scheduled", by, worker_id=visit.worker_id)


def decline(session: Session, offer: Offer, via: str, reason: str | None = None) -> bool:
    """The worker says no: the next one is looked for. False if the offer is gone; said twice it is the same no.

    reason: one of rules.DECLINE_REASONS, or None. Raises BadInput("reason.unknown").
    """
    if reason is not None and reason not in DECLINE_REASONS:
        raise BadInput("reason.unknown", given=reason, expected=list(DECLINE_REASONS))
    visit, _, offer = _locked(session, offer)
    if offer.state == "declined":
        return True
    if offer.state != "sent" or moves.move(session, offer, "declined", f"worker:{offer.worker_id}", via=via) is None:
        return False
    _answered(offer, via)
    offer.reason = reason
    _look_again(session, visit, offer, "declined", f"worker:{offer.worker_id}")
    return True


def expire(session: Session, offer_id: int) -> bool:
    """Give up an offer whose time is over; False if it is not over or was answered."""
    known = session.get(Offer, offer_id)
    if known is None:
        return False
    visit, _, offer = _locked(session, known)
    if offer.state != "sent" or offer.expires_at > clock.now() or moves.move(session, offer, "expired", CLOCK) is None:
        return False
    _look_again(session, visit, offer, "expired", CLOCK)
    telling.offer_is_over(session, visit, offer, "offer_expired")
    return True


def withdraw(session: Session, visit: Visit, by: str, reason: str = "") -> None:
    """Take back the visit's live offer, if there is one; the visit itself is left to the caller."""
    offer = rows.live_offer(session, visit.id)
    if offer is not None and moves.move(session, offer, "withdrawn", by, reason):
        telling.offer_is_over(session, visit, offer, "offer_withdrawn")


def recall(session: Session, visit: Visit, by: str) -> bool:
    """Take back an offer of which the worker knows nothing yet, as if it had never been made; False if he knows."""
    offer = rows.live_offer(session, visit.id)
    if offer is None or not outbox.withdraw(session, f"offer:{offer.id}"):
        return False
    if moves.move(session, visit, "withdrawn", by, worker_id=offer.worker_id) is None:
        return False
    release(visit)
    session.delete(offer)
    session.flush()
    return True


def _locked(session: Session, offer: Offer) -> tuple[Visit, ServiceOrder, Offer]:
    order = rows.order(session, offer.order_id)
    visit = rows.visit(session, offer.visit_id)
    session.refresh(offer, with_for_update=True)
    return visit, order, offer


def _answered(offer: Offer, via: str) -> None:
    offer.answered_at = clock.now()
    offer.answered_by = via


def _look_again(session: Session, visit: Visit, offer: Offer, event: str, by: str) -> None:
    if visit.state == "offered" and visit.worker_id == offer.worker_id:
        moves.move(session, visit, event, by, worker_id=offer.worker_id)
        release(visit)
        later(session, "visits.dispatch", visit.order_id)


def release(visit: Visit) -> None:
    """Nobody's time is held any more; a code that somebody has half of is worth nothing to the next one."""
    if visit.accepted_at is not None:
        visit.code = codes.new_visit_code(secrets.choice, [visit.code])
        visit.late_told_at = None
    visit.worker_id = visit.during = visit.travel_seconds = None
    visit.accepted_at = visit.departed_at = visit.arrived_at = visit.arrived_place = None
    visit.wrong_codes = 0
