"""From the database to a matching problem: what is asked for, and everybody who could be sent with his real day."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, settings, site
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


def only(problem: Problem, worker_id: int, without_visit: int) -> Problem:
    """The same problem with one worker alone, as if he had not been asked and ``without_visit`` were not his yet."""
    his = [one for one in problem.candidates if one.worker_id == worker_id]
    free = [replace(one, stops=tuple(stop for stop in one.stops if stop.visit_id != without_visit)) for one in his]
    return replace(problem, request=replace(problem.request, asked=()), candidates=tuple(free))


def of_item(item: ServiceItem, place: Place, window: tuple[datetime, datetime], community_id: int) -> Need:
    """What a service item needs at a place."""
    return Need(place, item.minutes, window, item.skill, community_id, item.urgent, item.workers_needed)


def candidates(session: Session, start: datetime, end: datetime) -> list[Candidate]:
    """Every active worker with what he does around [start, end] (aware), by id."""
    begin, until = min(start, clock.now() + AROUND) - AROUND, end + AROUND
    workers = session.scalars(select(Worker).where(Worker.active).order_by(Worker.id)).all()
    spans, stops = _spans(session, begin, until), _stops(session, begin, until)
    seen = {row.worker_id: Fix(_place(row.place), _seconds(row.at)) for row in session.scalars(select(Position))}
    licences, asked_from = _licences(session), _asked_from(session)
    return [
        Candidate(
            worker_id=worker.id,
            home=_place(worker.home),
            mode=worker.mode,
            skills=tuple(sorted(worker.skills)),
            speaks=tuple(sorted(worker.speaks)),
            gender=worker.gender,
            area_id=worker.area_id,
            licensed_until=licences.get(worker.organisation_id or 0),
            work=tuple(spans[worker.id, "work"]),
            breaks=tuple(spans[worker.id, "break"]),
            leave=tuple(spans[worker.id, "leave"]),
            stops=tuple(stops[worker.id]),
            seen=seen.get(worker.id),
            asked_from=asked_from.get(worker.id),
        )
        for worker in workers
    ]


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
    rows = select(Shift).where(Shift.starts_at < until, Shift.ends_at > begin).order_by(Shift.starts_at, Shift.id)
    found: dict[tuple[int, str], list[Span]] = defaultdict(list)
    for row in session.scalars(rows):
        found[row.worker_id, row.kind].append(Span(_seconds(row.starts_at), _seconds(row.ends_at)))
    return found


def _stops(session: Session, begin: datetime, until: datetime) -> dict[int, list[Stop]]:
    around = func.tstzrange(begin, until)
    rows = session.scalars(
        select(Visit).where(Visit.state.in_(VISIT.live | set(OVER)), Visit.during.op("&&")(around), Visit.worker_id > 0)
    )
    found: dict[int, list[Stop]] = defaultdict(list)
    for row in rows:
        found[row.worker_id or 0].append(Stop(*_taken(row), _place(row.place), row.id))
    for stops in found.values():
        stops.sort(key=lambda stop: (stop.start, stop.end))
    return found


def _taken(visit: Visit) -> tuple[int, int]:
    """From when to when the visit binds its worker, as far as can be told now."""
    assert visit.during is not None and visit.during.lower is not None and visit.during.upper is not None
    start, end, now = _seconds(visit.during.lower), _seconds(visit.during.upper), int(clock.timestamp())
    if visit.state in OVER:
        return start, max(start + 1, _seconds(visit.ended_at) if visit.ended_at else end)
    if visit.state in PROMISED and start < now:
        return start, max(end, now + visit.minutes * 60)
    return start, max(end, now + OVERRUN) if start < now else end


def _asked_from(session: Session) -> dict[int, int]:
    """Until when workers who ride or are with somebody are not to be disturbed."""
    rows = session.scalars(select(Visit).where(Visit.state.in_(BUSY)))
    return {row.worker_id: _taken(row)[1] for row in rows if row.worker_id and row.during is not None}


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
