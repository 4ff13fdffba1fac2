"""Everybody who could be sent, with what fills his days: work, breaks, leave, and the visits that bind him."""

import json
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from app.core import clock, crypto, settings
from app.organisations.models import Organisation
from app.places.distance import Place
from app.visits.matching.problem import Candidate, Fix, Span, Stop
from app.visits.models import Visit
from app.visits.rules import BUSY, PROMISED, VISIT
from app.workforce.models import Position, Shift, Worker

AROUND = timedelta(hours=12)
"""How much of everybody's calendar before and after the window is looked at."""

OVERRUN = 300
"""Seconds that somebody who should be gone is reckoned to stay on."""

OVER = ("done", "not_done")

_WORKERS = (
    select(
        Worker.id,
        Worker.mode,
        Worker.skills,
        Worker.speaks,
        Worker.gender,
        Worker.area_id,
        Worker.organisation_id,
        type_coerce(Worker.home, Text).label("sealed"),
    )
    .where(Worker.active)
    .order_by(Worker.id)
)
_POSITIONS = select(Position.worker_id, Position.at, type_coerce(Position.place, Text).label("sealed"))
_STOPS = select(
    Visit.id,
    Visit.worker_id,
    Visit.state,
    Visit.during,
    Visit.minutes,
    Visit.ended_at,
    type_coerce(Visit.place, Text).label("sealed"),
)


def candidates(session: Session, start: datetime, end: datetime, unsettled: Collection[int] = ()) -> list[Candidate]:
    """Every active worker with what he does around [start, end] (aware), by id.

    unsettled: ids of visits that bind nobody, because they are just what is decided about.
    """
    begin, until = min(start, clock.now() + AROUND) - AROUND, end + AROUND
    spans, stops, busy = _spans(session, begin, until), *_stops(session, begin, until, unsettled)
    seen = {row.worker_id: Fix(opened(row.sealed), seconds(row.at)) for row in session.execute(_POSITIONS)}
    licences = _licences(session)
    return [
        Candidate(
            worker_id=row.id,
            home=opened(row.sealed),
            mode=row.mode,
            skills=tuple(sorted(row.skills)),
            speaks=tuple(sorted(row.speaks)),
            gender=row.gender,
            area_id=row.area_id,
            licensed_until=licences.get(row.organisation_id),
            work=tuple(spans[row.id, "work"]),
            breaks=tuple(spans[row.id, "break"]),
            leave=tuple(spans[row.id, "leave"]),
            stops=tuple(stops[row.id]),
            seen=seen.get(row.id),
            asked_from=busy.get(row.id),
        )
        for row in session.execute(_WORKERS)
    ]


@lru_cache(maxsize=50_000)
def opened(sealed: str) -> Place:
    """A place from its column as it is stored; kept, since every decision asks for the same few hundred and opening one
    takes longer than all else that is done with it.
    """
    latitude, longitude = json.loads(crypto.decrypt(sealed))
    return latitude, longitude


def _spans(session: Session, begin: datetime, until: datetime) -> dict[tuple[int, str], list[Span]]:
    columns = select(Shift.worker_id, Shift.kind, Shift.starts_at, Shift.ends_at)
    rows = columns.where(Shift.starts_at < until, Shift.ends_at > begin).order_by(Shift.starts_at, Shift.id)
    found: dict[tuple[int, str], list[Span]] = defaultdict(list)
    for worker_id, kind, starts_at, ends_at in session.execute(rows):
        found[worker_id, kind].append(Span(seconds(starts_at), seconds(ends_at)))
    return found


def _stops(
    session: Session, begin: datetime, until: datetime, unsettled: Collection[int]
) -> tuple[dict[int, list[Stop]], dict[int, int]]:
    """By worker: what binds him, by start; and until when those who ride or are with somebody are not disturbed."""
    around = func.tstzrange(begin, until)
    inside = _STOPS.where(Visit.state.in_((*VISIT.live, *OVER)), Visit.during.op("&&")(around), Visit.worker_id > 0)
    found: dict[int, list[Stop]] = defaultdict(list)
    busy: dict[int, int] = {}
    for row in session.execute(inside):
        if row.id in unsettled:
            continue
        start, end = _taken(row)
        found[row.worker_id].append(Stop(start, end, opened(row.sealed), row.id))
        if row.state in BUSY:
            busy[row.worker_id] = max(end, busy.get(row.worker_id, end))
    for stops in found.values():
        stops.sort(key=lambda stop: (stop.start, stop.end))
    return found, busy


def _taken(row: Any) -> tuple[int, int]:
    """From when to when a visit (of _STOPS) binds its worker, as far as can be told now."""
    start, end, now = seconds(row.during.lower), seconds(row.during.upper), int(clock.timestamp())
    if row.state in OVER:
        return start, max(start + 1, seconds(row.ended_at) if row.ended_at else end)
    if row.state in PROMISED and start < now:
        return start, max(end, now + row.minutes * 60)
    return start, max(end, now + OVERRUN) if start < now else end


def _licences(session: Session) -> dict[int, int]:
    """The last second of each limited licence: the end of its day in the district."""
    zone = settings.current().zone
    rows = session.scalars(select(Organisation).where(Organisation.licence_until.is_not(None)))
    return {row.id: seconds(datetime.combine(row.licence_until, time.max, zone)) for row in rows if row.licence_until}


def seconds(moment: datetime | None) -> int:
    """A moment as the planner counts it: seconds since the epoch."""
    assert moment is not None
    return int(moment.timestamp())
