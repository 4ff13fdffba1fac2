"""From the database to a matching problem: what is asked for, and everybody who could be sent with his real day."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, crypto, settings, site
from app.orders.models import ServiceOrder
from app.organisations.models import Organisation
from app.people.models import Resident
from app.places import areas
from app.places.distance import Estimate, Place
from app.visits.matching.problem import Candidate, Fix, Limits, Problem, Request, Span, Stop, Weights
from app.visits.models import Offer, Visit
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


@dataclass(frozen=True)
class Need:
    """What a visit needs, before or after there is a row for it. window: aware moments."""

    place: Place
    minutes: int
    window: tuple[datetime, datetime]
    skill: str | None
    community_id: int | None
    urgent: bool
    workers_needed: int = 1


def for_visits(session: Session, order: ServiceOrder, visits: Sequence[Visit], partners: Sequence[Visit]) -> Problem:
    """The problem of ``visits`` (one, or both of a visit of two that are still open) of ``order``.

    partners: the other visits of the same order that somebody has already; all start together.
    """
    visit = visits[0]
    need = Need(
        _place(visit.place),
        visit.minutes,
        (visit.window_start, visit.window_end),
        visit.skill,
        visit.community_id,
        visit.urgent,
        len(visits),
    )
    partner = next((one for one in partners if one.during is not None), None)
    more: dict[str, Any] = {
        "visit_id": visit.id,
        "asked": _asked_before(session, order, visits),
        "partners": tuple(sorted(one.worker_id for one in partners if one.worker_id)),
        "fixed_start": _seconds(partner.during.lower) if partner and partner.during else None,
        "promised_worker": order.wished_worker_id,
        "promised_start": _future(order.wished_start),
    }
    return problem(session, need, order.subject_id, **more)


def problem(session: Session, need: Need, subject_id: int | None, **more: Any) -> Problem:
    """The problem of ``need`` for a resident, as things stand now. more: further fields of Request."""
    subject = session.get(Resident, subject_id) if subject_id else None
    start, end = need.window
    return Problem(
        now=int(clock.timestamp()),
        request=Request(
            place=need.place,
            seconds=need.minutes * 60,
            window=Span(_seconds(start), _seconds(end)),
            skill=need.skill,
            areas=tuple(area.id for area in areas.path(session, need.community_id)) if need.community_id else (),
            urgent=need.urgent,
            workers_needed=need.workers_needed,
            **(_wishes(subject) if subject else {}),
            **more,
        ),
        candidates=tuple(candidates(session, max(start, clock.now()), end)),
        weights=Weights(**site.get(session, "dispatch_weights", {})),
        limits=Limits(**site.get(session, "dispatch_limits", {})),
        travel=Estimate(slowness=float(site.get(session, "travel_slowness", 1.0))),
    )


def without(problem: Problem, visit_id: int, worker_id: int | None) -> Problem:
    """The same problem as if ``worker_id`` did not have the visit ``visit_id`` yet and had not been asked."""
    asked = tuple(one for one in problem.request.asked if one != worker_id)
    people = tuple(
        replace(one, stops=tuple(stop for stop in one.stops if stop.visit_id != visit_id)) for one in problem.candidates
    )
    return replace(problem, request=replace(problem.request, asked=asked), candidates=people)


def only(problem: Problem, worker_id: int) -> Problem:
    """The same problem with one worker alone."""
    return replace(problem, candidates=tuple(one for one in problem.candidates if one.worker_id == worker_id))


def of_item(item: ServiceItem, place: Place, window: tuple[datetime, datetime], community_id: int) -> Need:
    """What a service item needs at a place."""
    return Need(place, item.minutes, window, item.skill, community_id, item.urgent, item.workers_needed)


def candidates(session: Session, start: datetime, end: datetime) -> list[Candidate]:
    """Every active worker with what he does around [start, end] (aware), by id."""
    begin, until = min(start, clock.now() + AROUND) - AROUND, end + AROUND
    spans, stops, busy = _spans(session, begin, until), *_stops(session, begin, until)
    seen = {row.worker_id: Fix(_known(row.sealed), _seconds(row.at)) for row in session.execute(_POSITIONS)}
    licences = _licences(session)
    return [
        Candidate(
            worker_id=row.id,
            home=_known(row.sealed),
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
def _known(sealed: str) -> Place:
    """A place from its column as it is stored; kept, since every decision asks for the same few hundred and opening one
    takes longer than all else that is done with it.
    """
    latitude, longitude = json.loads(crypto.decrypt(sealed))
    return latitude, longitude


def _wishes(subject: Resident) -> dict[str, Any]:
    return {
        "forbidden": tuple(sorted(subject.wishes.get("forbidden_workers", ()))),
        "gender": subject.wishes.get("gender"),
        "language": subject.language,
        "dialect": subject.dialect,
        "usual_worker": subject.usual_worker_id,
    }


def _asked_before(session: Session, order: ServiceOrder, visits: Sequence[Visit]) -> tuple[int, ...]:
    """Who was offered one of these visits, or missed this order once before."""
    offered = select(Offer.worker_id).where(Offer.visit_id.in_([visit.id for visit in visits]))
    missed = select(Visit.worker_id).where(Visit.order_id == order.id, Visit.state == "missed")
    return tuple(sorted({worker_id for worker_id in session.scalars(offered.union(missed)) if worker_id}))


def _spans(session: Session, begin: datetime, until: datetime) -> dict[tuple[int, str], list[Span]]:
    columns = select(Shift.worker_id, Shift.kind, Shift.starts_at, Shift.ends_at)
    rows = columns.where(Shift.starts_at < until, Shift.ends_at > begin).order_by(Shift.starts_at, Shift.id)
    found: dict[tuple[int, str], list[Span]] = defaultdict(list)
    for worker_id, kind, starts_at, ends_at in session.execute(rows):
        found[worker_id, kind].append(Span(_seconds(starts_at), _seconds(ends_at)))
    return found


def _stops(session: Session, begin: datetime, until: datetime) -> tuple[dict[int, list[Stop]], dict[int, int]]:
    """By worker: what binds him, by start; and until when those who ride or are with somebody are not disturbed."""
    around = func.tstzrange(begin, until)
    inside = _STOPS.where(Visit.state.in_((*VISIT.live, *OVER)), Visit.during.op("&&")(around), Visit.worker_id > 0)
    found: dict[int, list[Stop]] = defaultdict(list)
    busy: dict[int, int] = {}
    for row in session.execute(inside):
        start, end = _taken(row)
        found[row.worker_id].append(Stop(start, end, _known(row.sealed), row.id))
        if row.state in BUSY:
            busy[row.worker_id] = max(end, busy.get(row.worker_id, end))
    for stops in found.values():
        stops.sort(key=lambda stop: (stop.start, stop.end))
    return found, busy


def _taken(row: Any) -> tuple[int, int]:
    """From when to when a visit (of _STOPS) binds its worker, as far as can be told now."""
    start, end, now = _seconds(row.during.lower), _seconds(row.during.upper), int(clock.timestamp())
    if row.state in OVER:
        return start, max(start + 1, _seconds(row.ended_at) if row.ended_at else end)
    if row.state in PROMISED and start < now:
        return start, max(end, now + row.minutes * 60)
    return start, max(end, now + OVERRUN) if start < now else end


def _licences(session: Session) -> dict[int, int]:
    """The last second of each limited licence: the end of its day in the district."""
    zone = settings.current().zone
    rows = session.scalars(select(Organisation).where(Organisation.licence_until.is_not(None)))
    return {row.id: _seconds(datetime.combine(row.licence_until, time.max, zone)) for row in rows if row.licence_until}


def _future(moment: datetime | None) -> int | None:
    return _seconds(moment) if moment is not None and moment > clock.now() else None


def _place(pair: Iterable[float]) -> Place:
    latitude, longitude = pair
    return latitude, longitude


def _seconds(moment: datetime | None) -> int:
    assert moment is not None
    return int(moment.timestamp())
