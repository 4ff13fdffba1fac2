"""The access log: who looked at whose file, number or recording, when and why. Rows are only ever inserted."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.people.models import AccessLog


def log(session: Session, by: str, what: str, resident_id: int | None, reason: str | None = None) -> AccessLog:
    """Write down that ``by`` ("staff:7", "worker:3") looked at ``what`` ("file", "number", "recording") of a resident.

    reason: why, in the person's own words or the place where it happened ("call 12").
    """
    row = AccessLog(at=clock.now(), by=by, what=what, resident_id=resident_id, reason=reason[:200] if reason else None)
    session.add(row)
    return row


def of(session: Session, resident_id: int, limit: int = 100) -> list[AccessLog]:
    """Who looked at this resident's data, the latest first."""
    rows = select(AccessLog).where(AccessLog.resident_id == resident_id).order_by(AccessLog.at.desc())
    return list(session.scalars(rows.limit(limit)))


def latest(session: Session, by: str = "", before: int = 0, limit: int = 100) -> list[AccessLog]:
    """The latest looks: of all, of one person (``by``: "staff:7") or of all of a kind ("worker:").

    before: only rows older than the one with this id.
    """
    rows = select(AccessLog).order_by(AccessLog.id.desc()).limit(limit)
    if by:
        rows = rows.where(AccessLog.by.startswith(by, autoescape=True) if by.endswith(":") else AccessLog.by == by)
    return list(session.scalars(rows.where(AccessLog.id < before) if before else rows))
