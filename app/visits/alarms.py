"""What should have happened by now and has not: visits that are late, missed, without anybody, or do not end."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.moves import History
from app.core.queue import later
from app.visits import dispatching, planning, rows, telling, timing, visiting
from app.visits.models import Visit
from app.visits.rules import AT_THE_DOOR, PROMISED

BY = "system:clock"

NOBODYS = ("open", "offered", "attention")
"""Nobody has promised to come."""


def due(session: Session) -> list[int]:
    """Ids of visits that check would do something about now."""
    now = clock.now()
    lower: ColumnElement[datetime] = func.lower(Visit.during)
    upper: ColumnElement[datetime] = func.upper(Visit.during)
    not_there = Visit.state.in_(PROMISED) & (lower <= now - timing.LATE_AT_LEAST)
    not_gone = Visit.state.in_(AT_THE_DOOR) & (upper <= now - timing.OVERRUN) & Visit.attention.is_(None)
    nobody = Visit.state.in_(NOBODYS) & Visit.late_told_at.is_(None) & (Visit.window_end <= now + timing.UNFILLED)
    found = session.scalars(select(Visit).where(not_there | not_gone | nobody).order_by(Visit.id))
    return [visit.id for visit in found if _unseen(session, visit)]


def check(session: Session, visit_id: int) -> str | None:
    """Act on what is overdue: late, unfilled (the resident is told), missed (told, and somebody else is sent), overrun.

    Returns which, or None if all is well; called again it does nothing more.
    """
    visit = session.get(Visit, visit_id)
    if visit is None:
        return None
    visit, _ = rows.with_order(session, visit)
    overdue = _unseen(session, visit)
    if overdue == "missed":
        _missed(session, visit)
    elif overdue == "late":
        _late(session, visit)
    elif overdue == "unfilled":
        _unfilled(session, visit)
    elif overdue == "overrun":
        rows.flag(session, visit, "overrun", BY)
        planning.want(session, "late")
    return overdue


def _unseen(session: Session, visit: Visit) -> str | None:
    """What is overdue; not an overrun that a dispatcher has looked at already, which would come back at once."""
    overdue = _overdue(visit)
    if overdue != "overrun":
        return overdue
    settled = select(History.id).where(
        History.thing == visit.__tablename__,
        History.thing_id == visit.id,
        History.event == "settled",
        History.facts["why"].astext == "overrun",
    )
    return None if session.scalar(settled.limit(1)) else overdue


def _overdue(visit: Visit) -> str | None:
    """missed, late, unfilled, overrun or None."""
    now = clock.now()
    if visit.state in PROMISED:
        if _is_missed(visit):
            return "missed"
        late_at = timing.late_at(rows.starts_at(visit), visit.window_end)
        return "late" if visit.late_told_at is None and now >= late_at else None
    if visit.state in NOBODYS:
        untold = visit.late_told_at is None and visit.attention in (None, "nobody_left")
        return "unfilled" if untold and now >= visit.window_end - timing.UNFILLED else None
    stays = visit.state in AT_THE_DOOR and visit.attention is None and now >= rows.ends_at(visit) + timing.OVERRUN
    return "overrun" if stays else None


def _is_missed(visit: Visit) -> bool:
    given_up = timing.missed_at(
        rows.starts_at(visit), visit.window_end, visit.urgent, visit.departed_at, visit.travel_seconds
    )
    return clock.now() >= given_up


def _late(session: Session, visit: Visit) -> None:
    now = clock.now()
    visit.late_told_at = now
    row = moves.record(session, visit, "late", BY, minutes=int((now - rows.starts_at(visit)).total_seconds() // 60))
    visit.attention = visit.attention or "late"
    expected = timing.expected(now, rows.starts_at(visit), visit.departed_at, visit.travel_seconds)
    telling.late(session, visit, expected, row.id)
    planning.want(session, "late")


def _unfilled(session: Session, visit: Visit) -> None:
    """Nobody waits in vain until the window is over: the resident hears that somebody is still looked for."""
    visit.late_told_at = clock.now()
    moves.record(session, visit, "unfilled", BY)
    telling.unfilled(session, visit)


def _missed(session: Session, visit: Visit) -> None:
    """The missed visit stays as it is, for the count; a new one makes up for it soon, by somebody else."""
    row = moves.move(session, visit, "missed", BY, worker_id=visit.worker_id)
    if row is None or visit.worker_id is None:
        return
    visit.attention, visit.ended_at = None, clock.now()
    telling.not_his(session, visit, visit.worker_id, rows.starts_at(visit), row.id)
    telling.missed(session, visit)
    order = rows.order(session, visit.order_id)
    visiting.unschedule(session, order, BY)
    dispatching.new_visit(session, order, timing.repeat_window(clock.now()), BY)
    later(session, "visits.dispatch", order.id)
