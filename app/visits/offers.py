"""A visit offered to a worker: his yes, his no, or the end of his time; by text, by link or by phone.

The first answer wins. A no or a silence sends the visit to the next candidate; nobody is asked twice for one visit.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.queue import later
from app.orders.models import ServiceOrder
from app.visits import telling
from app.visits.models import Offer, Visit


def live_of(session: Session, worker_id: int) -> list[Offer]:
    """What waits for the worker's answer, the oldest first."""
    rows = select(Offer).where(Offer.worker_id == worker_id, Offer.state == "sent")
    return list(session.scalars(rows.order_by(Offer.created_at, Offer.id)))


def by_code(session: Session, worker_id: int, code: str) -> Offer | None:
    """The worker's newest offer with this two-digit code, whatever its state."""
    rows = select(Offer).where(Offer.worker_id == worker_id, Offer.code == code)
    return session.scalar(rows.order_by(Offer.id.desc()).limit(1))


def of_visit(session: Session, visit_id: int, worker_id: int) -> Offer | None:
    """The offer of this visit to this worker."""
    return session.scalar(select(Offer).where(Offer.visit_id == visit_id, Offer.worker_id == worker_id))


def accept(session: Session, offer: Offer, channel: str) -> bool:
    """The worker says yes by ``channel`` (sms, link, phone). Returns whether the visit is his; asked again, the same.

    False if the offer ran out, was withdrawn or declined.
    """
    by = f"worker:{offer.worker_id}"
    visit = session.scalars(select(Visit).where(Visit.id == offer.visit_id).with_for_update()).one()
    session.refresh(offer)
    if offer.state == "accepted":
        return visit.worker_id == offer.worker_id
    if offer.state != "sent" or visit.state != "offered" or visit.worker_id != offer.worker_id:
        return False
    if moves.move(session, offer, "accepted", by, channel=channel) is None:
        return False
    offer.answered_at, offer.answered_by = clock.now(), channel
    settle(session, visit, "accepted", by)
    telling.worker(session, visit, offer.worker_id, "offer_accepted", f"offer_accepted:{offer.id}")
    return True


def settle(session: Session, visit: Visit, event: str, by: str, note: str = "") -> bool:
    """The visit has its worker: the order is scheduled, the first-response clock stops, the resident is told."""
    if moves.move(session, visit, event, by, note=note, worker_id=visit.worker_id) is None:
        return False
    now = clock.now()
    visit.accepted_at, visit.attention = now, None
    order = session.get_one(ServiceOrder, visit.order_id)
    order.responded_at = order.responded_at or now
    if order.state == "open":
        moves.move(session, order, "scheduled", by, worker_id=visit.worker_id)
    telling.announce(session, visit)
    visit.announced_at = now
    return True


def decline(session: Session, offer: Offer, channel: str, reason: str = "") -> bool:
    """The worker says no; the next candidate is asked. False if the offer was over already."""
    if (
        offer.state != "sent"
        or moves.move(session, offer, "declined", f"worker:{offer.worker_id}", channel=channel) is None
    ):
        return offer.state == "declined"
    offer.answered_at, offer.answered_by, offer.reason = clock.now(), channel, reason or None
    _release(session, offer, "declined", f"worker:{offer.worker_id}")
    return True


def overdue(session: Session) -> list[int]:
    """Offers whose time is over (ids)."""
    rows = select(Offer.id).where(Offer.state == "sent", Offer.expires_at <= clock.now())
    return list(session.scalars(rows.order_by(Offer.expires_at)))


def expire(session: Session, offer_id: int) -> bool:
    """Nobody answered in time: the worker is told that it is over, and the next one is asked."""
    offer = session.get_one(Offer, offer_id)
    if offer.state != "sent" or offer.expires_at > clock.now():
        return False
    visit = session.get_one(Visit, offer.visit_id)
    if moves.move(session, offer, "expired", "system:visits") is None:
        return False
    telling.worker(session, visit, offer.worker_id, "offer_expired", f"offer_expired:{offer.id}", code=offer.code)
    _release(session, offer, "expired", "system:visits")
    return True


def withdraw(session: Session, visit: Visit, by: str) -> None:
    """Take back the live offer of a visit, if there is one, and tell the worker; the visit itself is the caller's."""
    offer = session.scalar(select(Offer).where(Offer.visit_id == visit.id, Offer.state == "sent"))
    if offer is not None and moves.move(session, offer, "withdrawn", by) is not None:
        telling.worker(
            session, visit, offer.worker_id, "offer_withdrawn", f"offer_withdrawn:{offer.id}", code=offer.code
        )


def _release(session: Session, offer: Offer, event: str, by: str) -> None:
    visit = session.get_one(Visit, offer.visit_id)
    if visit.state == "offered" and visit.worker_id == offer.worker_id and moves.move(session, visit, event, by):
        visit.worker_id = visit.during = visit.travel_seconds = None
        later(session, "visits.dispatch", visit.order_id)
