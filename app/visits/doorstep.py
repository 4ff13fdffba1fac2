"""Who is due at a household's door about now, and whether the two digits he said are the right ones.

The whole code never leaves by this way: caller ids are forged and phones are shared.
"""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.orders.models import ServiceOrder
from app.visits.models import Visit

COMING = ("accepted", "en_route", "arrived", "in_progress")

EARLY = timedelta(hours=3)
"""So long before the agreed time a visit counts as due "about now"."""

LATE = timedelta(hours=2)


def due(session: Session, resident_ids: Sequence[int]) -> list[Visit]:
    """Visits due about now at these residents, the soonest first."""
    if not resident_ids:
        return []
    now = clock.now()
    rows = session.scalars(
        select(Visit)
        .join(ServiceOrder, ServiceOrder.id == Visit.order_id)
        .where(ServiceOrder.subject_id.in_(resident_ids), Visit.state.in_(COMING))
    ).all()
    soon = [v for v in rows if v.during and v.during.lower and v.during.upper
            and v.during.lower - EARLY <= now <= v.during.upper + LATE]  # fmt: skip
    return sorted(soon, key=lambda visit: (visit.during.lower, visit.id))  # type: ignore[union-attr]


def with_first_half(session: Session, resident_ids: Sequence[int], digits: str) -> Visit | None:
    """The due visit whose worker would say ``digits`` (two), or None."""
    for visit in due(session, resident_ids):
        if hmac.compare_digest(visit.code[:2], digits):
            return visit
    return None


def agreed_time(session: Session, order_id: int) -> datetime | None:
    """When the next agreed visit of an order begins (aware); None if none is agreed."""
    coming = select(Visit.during).where(Visit.order_id == order_id, Visit.state.in_(COMING))
    starts = [during.lower for during in session.scalars(coming) if during is not None and during.lower is not None]
    return min(starts, default=None)
