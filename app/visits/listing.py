"""The dispatcher's list: visits that need a person's decision, with why, and those that run by themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import NotFound
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.visits.models import Decision, Visit
from app.visits.rules import DOUBTS, VISIT

CURRENT = (*sorted(VISIT.live), "open", "attention")

SLOW = timedelta(minutes=5)
"""A visit that nobody has been offered for so long needs a look, whatever the reason."""


@dataclass(frozen=True)
class Line:
    """A visit with its order and the person to be visited. why: the code of what is wrong, or None."""

    visit: Visit
    order: ServiceOrder
    subject: Resident | None
    why: str | None


def needing_attention(session: Session) -> list[Line]:
    """Visits that a dispatcher must look at: urgent ones first, then by the end of their window; those that are over
    and leave a doubt come last.
    """
    waiting = (Visit.state == "open") & (Visit.created_at < clock.now() - SLOW)
    over = Visit.state.in_(("open", "offered")) & (Visit.window_end < clock.now())
    flagged = Visit.attention.is_not(None) & Visit.state.in_(CURRENT)
    is_past = Visit.state == "done"
    doubtful = is_past & Visit.attention.in_(DOUBTS)
    rows = _rows().where(or_(Visit.state == "attention", flagged, waiting, over, doubtful))
    return _lines(session, rows.order_by(is_past, Visit.urgent.desc(), Visit.window_end, Visit.id))


def running(session: Session, limit: int = 100) -> list[Line]:
    """The other current visits, by the time at the door."""
    seen = [line.visit.id for line in needing_attention(session)]
    rows = _rows().where(Visit.state.in_(CURRENT), Visit.id.not_in(seen))
    return _lines(session, rows.order_by(Visit.during.asc().nulls_first(), Visit.id).limit(limit))


def get(session: Session, visit_id: int) -> Visit:
    """One visit. Raises NotFound("visit.unknown")."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        raise NotFound("visit.unknown", id=visit_id)
    return visit


def by_ids(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """Visits by id, whatever has become of them."""
    return {line.visit.id: line for line in _lines(session, _rows().where(Visit.id.in_(ids)))}


def decisions(session: Session, visit_id: int) -> Sequence[Decision]:
    """Every decision about a visit, the latest first."""
    rows = select(Decision).where(Decision.visit_id == visit_id).order_by(Decision.id.desc())
    return session.scalars(rows).all()


def why(visit: Visit) -> str | None:
    """The code of what is wrong with a visit, or None."""
    if visit.attention or visit.state == "attention":
        return visit.attention or "nobody_left"
    if visit.state in ("open", "offered") and visit.window_end < clock.now():
        return "window_over"
    return "slow" if visit.state == "open" and visit.created_at < clock.now() - SLOW else None


def _rows() -> Select[Visit, ServiceOrder, Resident]:
    return (
        select(Visit, ServiceOrder, Resident)
        .join(ServiceOrder, ServiceOrder.id == Visit.order_id)
        .outerjoin(Resident, Resident.id == ServiceOrder.subject_id)
    )


def _lines(session: Session, rows: Select[Visit, ServiceOrder, Resident]) -> list[Line]:
    return [Line(visit, order, subject, why(visit)) for visit, order, subject in session.execute(rows)]
