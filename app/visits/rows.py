"""The rows that the services of this wing work on, locked for the length of one short transaction.

Lock order, so that nobody waits for somebody who waits for him: order, visit (by id), offer.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import NotFound
from app.orders.models import ServiceOrder
from app.visits.models import Offer, Visit
from app.visits.rules import CURRENT


def visit(session: Session, visit_id: int) -> Visit:
    """The visit as it is now, locked. Raises NotFound("visit.unknown")."""
    query = select(Visit).where(Visit.id == visit_id).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("visit.unknown", id=visit_id)
    return row


def order(session: Session, order_id: int) -> ServiceOrder:
    """The order as it is now, locked. Raises NotFound("order.unknown")."""
    query = select(ServiceOrder).where(ServiceOrder.id == order_id).with_for_update()
    row = session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFound("order.unknown", id=order_id)
    return row


def with_order(session: Session, of: Visit) -> tuple[Visit, ServiceOrder]:
    """The visit and its order, both locked."""
    its_order = order(session, of.order_id)
    return visit(session, of.id), its_order


def current_visits(session: Session, order_id: int, lock: bool = True) -> list[Visit]:
    """The visits of an order that are to come or under way, by id; locked unless one only wants to look."""
    query = select(Visit).where(Visit.order_id == order_id, Visit.state.in_(CURRENT)).order_by(Visit.id)
    if not lock:
        return list(session.scalars(query))
    return list(session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def live_offer(session: Session, visit_id: int) -> Offer | None:
    """The offer of a visit that waits for an answer."""
    query = select(Offer).where(Offer.visit_id == visit_id, Offer.state == "sent").with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def flag(session: Session, of: Visit, why: str, by: str, note: str = "") -> None:
    """A dispatcher must look: put the visit on his list because of ``why`` (one of rules.ATTENTION)."""
    of.attention = why
    moves.record(session, of, "attention", by, note, why=why)


def at_the_door(start: datetime, minutes: int) -> Range[datetime]:
    """The time that a visit takes."""
    return Range(start, start + timedelta(minutes=minutes))


def starts_at(of: Visit) -> datetime:
    """When the worker is to be at the door; the window's start while nobody is found (UTC)."""
    lower = of.during.lower if of.during is not None else None
    return lower or of.window_start


def ends_at(of: Visit) -> datetime:
    """When the visit is planned to end; the window's end while nobody is found (UTC)."""
    upper = of.during.upper if of.during is not None else None
    return upper or of.window_end


def is_running_late(of: Visit) -> bool:
    """Whether the agreed start is over and nobody is there."""
    return of.state in ("accepted", "en_route") and starts_at(of) < clock.now()
