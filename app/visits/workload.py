"""Everybody's day at a glance: who is on duty, how many visits are to come, how many are done."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock, settings
from app.visits.models import Visit
from app.visits.rules import VISIT
from app.workforce.models import Shift, Worker


@dataclass(frozen=True)
class Day:
    """One worker's today. now: work, break, leave or off. waiting, done: visits; minutes: planned of those waiting."""

    worker: Worker
    shifts: tuple[Shift, ...]
    now: str
    waiting: int
    done: int
    minutes: int


def today(session: Session) -> list[Day]:
    """Every active worker's day in district time: those on duty first, the least loaded first among them."""
    zone = settings.current().zone
    start = datetime.combine(clock.now().astimezone(zone).date(), time(), zone)
    end = start + timedelta(days=1)
    shifts, load = _shifts(session, start, end), _load(session, start, end)
    rows = session.scalars(select(Worker).where(Worker.active).order_by(Worker.name))
    days = [_day(worker, shifts.get(worker.id, []), load.get(worker.id, (0, 0, 0))) for worker in rows]
    return sorted(days, key=lambda day: (day.now != "work", not day.shifts, day.minutes))


def _shifts(session: Session, start: datetime, end: datetime) -> dict[int, list[Shift]]:
    rows = select(Shift).where(Shift.starts_at < end, Shift.ends_at > start).order_by(Shift.starts_at)
    found: dict[int, list[Shift]] = {}
    for shift in session.scalars(rows):
        found.setdefault(shift.worker_id, []).append(shift)
    return found


def _load(session: Session, start: datetime, end: datetime) -> dict[int | None, tuple[int, int, int]]:
    """Worker to (visits to come, visits done, minutes planned) between ``start`` and ``end``."""
    live = Visit.state.in_(VISIT.live)
    columns = (
        Visit.worker_id,
        func.count().filter(live),
        func.count().filter(Visit.state == "done"),
        func.coalesce(func.sum(Visit.minutes).filter(live), 0),
    )
    inside = func.lower(Visit.during) >= start, func.lower(Visit.during) < end
    rows = select(*columns).where(Visit.worker_id.is_not(None), *inside).group_by(Visit.worker_id)
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(rows)}


def _day(worker: Worker, shifts: list[Shift], load: tuple[int, int, int]) -> Day:
    now = clock.now()
    running = {shift.kind for shift in shifts if shift.starts_at <= now < shift.ends_at}
    state = next((kind for kind in ("leave", "break", "work") if kind in running), "off")
    return Day(worker, tuple(shift for shift in shifts if shift.kind == "work"), state, *load)
