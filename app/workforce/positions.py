"""Where workers are: only while on duty, only about 100 m exact, only the last place, and not for long."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.workforce import rules
from app.workforce.models import Position, Shift


def is_on_duty(session: Session, worker_id: int, moment: datetime) -> bool:
    """Whether the worker is at work at ``moment`` (aware) by his shifts."""
    spans = select(Shift).where(Shift.worker_id == worker_id, Shift.starts_at <= moment, Shift.ends_at > moment)
    return rules.is_on_duty(session.scalars(spans), moment)


def seen(session: Session, worker_id: int, place: Sequence[float]) -> bool:
    """Keep where a worker is ([lat, lon], WGS-84 degrees); False if he is off duty, when it is nobody's business."""
    now = clock.now()
    if not is_on_duty(session, worker_id, now):
        return False
    kept = {"at": now, "place": rules.coarse(place[0], place[1])}
    row = insert(Position).values(worker_id=worker_id, **kept)
    session.execute(row.on_conflict_do_update(index_elements=["worker_id"], set_=kept))
    return True


def forget(session: Session) -> int:
    """Delete the positions of those who are off duty, and all that are old; returns how many."""
    now = clock.now()
    rows = session.execute(select(Position.worker_id, Position.at)).all()
    gone = [
        worker_id
        for worker_id, at in rows
        if now - at >= rules.FORGET_AFTER or not is_on_duty(session, worker_id, now)
    ]
    if gone:
        session.execute(delete(Position).where(Position.worker_id.in_(gone)))
    return len(gone)
