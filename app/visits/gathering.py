"""From the database to the problem of one order: what is asked for, and everybody who could be sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.places import areas
from app.places.distance import Place
from app.visits import calendars, dispatch_settings
from app.visits.calendars import seconds
from app.visits.matching.problem import Candidate, Problem, Request, Span
from app.visits.models import Offer, Visit


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
    more: dict[str, Any] = {
        "visit_id": visit.id,
        "asked": asked_before(session, visits).get(order.id, ()),
        **beside(partners),
        "promised_worker": order.wished_worker_id,
        "promised_start": future(order.wished_start),
    }
    return for_need(session, of_visit(visit, len(visits)), order.subject_id, **more)


def for_need(session: Session, need: Need, subject_id: int | None, **more: Any) -> Problem:
    """The problem of ``need`` for a resident, as things stand now. more: further fields of Request."""
    subject = session.get(Resident, subject_id) if subject_id else None
    start, end = need.window
    people = calendars.candidates(session, max(start, clock.now()), end)
    return problem(session, [request(session, need, subject, **more)], people)


def problem(session: Session, requests: Iterable[Request], people: Iterable[Candidate]) -> Problem:
    """Requests and people as a problem, with what this installation has set."""
    return Problem(
        now=int(clock.timestamp()),
        requests=tuple(requests),
        candidates=tuple(people),
        weights=dispatch_settings.weights(session),
        limits=dispatch_settings.limits(session),
        travel=dispatch_settings.travel(session),
    )


def request(session: Session, need: Need, subject: Resident | None, **more: Any) -> Request:
    """What is asked for, with the resident's wishes. more: further fields of Request."""
    start, end = need.window
    return Request(
        place=need.place,
        seconds=need.minutes * 60,
        window=Span(seconds(start), seconds(end)),
        skill=need.skill,
        areas=tuple(area.id for area in areas.path(session, need.community_id)) if need.community_id else (),
        urgent=need.urgent,
        workers_needed=need.workers_needed,
        **(_wishes(subject) if subject else {}),
        **more,
    )


def without(problem: Problem, visit_id: int, worker_id: int | None) -> Problem:
    """The same problem as if ``worker_id`` did not have the visit ``visit_id`` yet and had not been asked."""
    asked = tuple(one for one in problem.request.asked if one != worker_id)
    people = tuple(
        replace(one, stops=tuple(stop for stop in one.stops if stop.visit_id != visit_id)) for one in problem.candidates
    )
    return replace(problem.about(replace(problem.request, asked=asked)), candidates=people)


def only(problem: Problem, worker_id: int) -> Problem:
    """The same problem with one worker alone."""
    return replace(problem, candidates=tuple(one for one in problem.candidates if one.worker_id == worker_id))


def of_item(item: ServiceItem, place: Place, window: tuple[datetime, datetime], community_id: int) -> Need:
    """What a service item needs at a place."""
    return Need(place, item.minutes, window, item.skill, community_id, item.urgent, item.workers_needed)


def of_visit(visit: Visit, workers_needed: int = 1) -> Need:
    """What a visit needs."""
    latitude, longitude = visit.place
    window = visit.window_start, visit.window_end
    place = latitude, longitude
    return Need(place, visit.minutes, window, visit.skill, visit.community_id, visit.urgent, workers_needed)


def beside(partners: Sequence[Visit]) -> dict[str, Any]:
    """The fields of a Request that say who comes with whoever is sought, and when."""
    start = next((one.during.lower for one in partners if one.during is not None), None)
    return {
        "partners": tuple(sorted(one.worker_id for one in partners if one.worker_id)),
        "fixed_start": seconds(start) if start is not None else None,
    }


def asked_before(session: Session, visits: Sequence[Visit]) -> dict[int, tuple[int, ...]]:
    """By order: who was offered one of these visits, or missed the order once before."""
    offered = select(Offer.order_id, Offer.worker_id).where(Offer.visit_id.in_([visit.id for visit in visits]))
    missed = select(Visit.order_id, Visit.worker_id).where(
        Visit.order_id.in_({visit.order_id for visit in visits}), Visit.state == "missed", Visit.worker_id.is_not(None)
    )
    found: dict[int, list[int]] = {}
    for order_id, worker_id in session.execute(offered.union(missed)):
        found.setdefault(order_id, []).append(worker_id)
    return {order_id: tuple(sorted(people)) for order_id, people in found.items()}


def future(moment: datetime | None) -> int | None:
    """A promised moment, as long as it is to come."""
    return seconds(moment) if moment is not None and moment > clock.now() else None


def _wishes(subject: Resident) -> dict[str, Any]:
    return {
        "forbidden": tuple(sorted(subject.wishes.get("forbidden_workers", ()))),
        "gender": subject.wishes.get("gender"),
        "language": subject.language,
        "dialect": subject.dialect,
        "usual_worker": subject.usual_worker_id,
    }
