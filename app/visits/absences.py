"""Somebody can't work, or is back: what is written down about it. His visits go to others by the plan that follows."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import BadInput, NotFound
from app.visits import assigning, planning, rows
from app.visits.models import Visit
from app.visits.rules import PROMISED
from app.workforce.models import Shift, Worker

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Absence:
    """Somebody will not work from ``starts_at`` to ``ends_at`` (aware). by: who says so. reason: why."""

    worker_id: int
    starts_at: datetime
    ends_at: datetime
    by: str
    reason: str


def checked(session: Session, absence: Absence) -> Absence:
    """The same, from now on if its beginning is past.

    Raises NotFound("worker.unknown"), BadInput("reason.missing", "absence.over" or "absence.long").
    """
    if session.get(Worker, absence.worker_id) is None:
        raise NotFound("worker.unknown", id=absence.worker_id)
    if not absence.reason.strip():
        raise BadInput("reason.missing")
    starts_at = max(absence.starts_at, clock.now())
    if absence.ends_at <= starts_at:
        raise BadInput("absence.over")
    if absence.ends_at - starts_at > LONGEST:
        raise BadInput("absence.long")
    return replace(absence, starts_at=starts_at)


def enter(session: Session, absence: Absence) -> Shift:
    """Write a checked absence down; nothing follows from it."""
    leave = Shift(worker_id=absence.worker_id, kind="leave", starts_at=absence.starts_at, ends_at=absence.ends_at)
    session.add(leave)
    span = {"starts_at": absence.starts_at.isoformat(), "ends_at": absence.ends_at.isoformat()}
    worker = session.get_one(Worker, absence.worker_id)
    moves.record(session, worker, "absent", absence.by, absence.reason, **span)
    return leave


def release(session: Session, visit_id: int) -> bool:
    """Take a visit from somebody who is away then, and look for somebody else at once: no plan has seen to it."""
    if visit_id not in planning.overlooked(session):
        return False
    return assigning.withdraw(session, session.get_one(Visit, visit_id), planning.BY, "plan.absent")


def end(session: Session, leave_id: int, by: str) -> bool:
    """The worker is back, or will not be away at all: the leave ends now. False if it is over already."""
    leave = session.get(Shift, leave_id, with_for_update=True)
    now = clock.now()
    if leave is None or leave.kind != "leave" or leave.ends_at <= now:
        return False
    worker = session.get_one(Worker, leave.worker_id)
    if leave.starts_at >= now:
        session.delete(leave)
    else:
        leave.ends_at = now
    moves.record(session, worker, "back", by)
    planning.want(session, "absence")
    return True


def to_come(session: Session, worker_ids: list[int]) -> dict[int, list[Shift]]:
    """By worker: the leaves that are not over, the next first."""
    found: dict[int, list[Shift]] = {}
    query = select(Shift).where(Shift.worker_id.in_(worker_ids), Shift.kind == "leave", Shift.ends_at > clock.now())
    for leave in session.scalars(query.order_by(Shift.starts_at, Shift.id)):
        found.setdefault(leave.worker_id, []).append(leave)
    return found


def last_visit(session: Session, absence: Absence) -> datetime | None:
    """When the last visit ends that he can't make: so far a plan must look."""
    touched = Visit.during.op("&&")(func.tstzrange(absence.starts_at, absence.ends_at))
    mine = select(Visit).where(Visit.worker_id == absence.worker_id, Visit.state.in_(("offered", *PROMISED)), touched)
    return max((rows.ends_at(visit) for visit in session.scalars(mine)), default=None)
