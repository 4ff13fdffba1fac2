"""Carries a plan out, as a whole or not at all: what it was made for must still be so.

A visit that nobody had is offered; one that was promised is given to somebody else, or moved, with a reason and a
message to everybody concerned. Two workers may exchange visits: that nobody is in two places is judged at the end.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import clock
from app.orders.models import ServiceOrder
from app.visits import assigning, deciding, dispatching, offering, offers, planning, rows
from app.visits.calendars import seconds
from app.visits.dayplan.changes import NAME, Change, Plan
from app.visits.matching.answer import Answer
from app.visits.matching.problem import Request
from app.visits.models import DayPlan, Offer, Visit
from app.visits.planning import BY
from app.visits.rules import SEARCHED, VISIT


class Outdated(Exception):
    """Something that the plan relies on has changed since."""


def apply(session: Session, plan_id: int, found: Plan, reasons: Mapping[int, Answer]) -> bool:
    """Carry out what ``found`` changes; False if that is not possible any more, and then nothing has happened.

    reasons: by visit, everybody's assessment, to be kept with each decision.
    """
    plan = session.get(DayPlan, plan_id, with_for_update=True)
    if plan is None or plan.state != "searching":
        return False
    _keep_result(plan, found)
    try:
        with session.begin_nested():
            carry_out(session, plan, found, reasons)
    except Outdated:
        planning.again(session, plan, "outdated")
        return False
    except DBAPIError as error:
        if not dispatching.somebody_was_quicker(error):
            raise
        planning.again(session, plan, "outdated")
        return False
    planning.end(session, plan, "applied" if found.changes else "kept")
    return True


def _keep_result(plan: DayPlan, found: Plan) -> None:
    plan.problem = found.problem.to_json()
    plan.planner, plan.laps = NAME, list(found.laps)
    plan.price_before, plan.price = round(found.price_before), round(found.price)
    plan.unserved = len(found.problem.requests) - len(found.placed)
    plan.changes = as_rows(found)


def as_rows(found: Plan) -> list[dict[str, int | str | bool | None]]:
    """The changes of a plan as they are kept (DayPlan.changes)."""
    return [
        {
            "visit_id": change.visit_id,
            "worker_id": change.worker_id,
            "start": change.start,
            "was_worker_id": change.was.worker_id if change.was else None,
            "was_start": change.was.start if change.was else None,
            "promised": bool(change.was and change.was.promised),
            "why": change.why,
        }
        for change in found.changes
    ]


def carry_out(session: Session, plan: DayPlan, found: Plan, reasons: Mapping[int, Answer]) -> None:
    """Do all that ``found`` changes. Raises Outdated, or a DBAPIError of somebody who was quicker."""
    waiting = [one for one in found.problem.requests if one.visit_id not in found.placed and one.held is None]
    orders, visits = _locked(session, [*(change.request for change in found.changes), *waiting])
    _must_be_as_known(session, plan, found)
    session.execute(text("SET CONSTRAINTS visit_no_double_booking DEFERRED"))
    made = []
    for change in sorted(found.changes, key=lambda one: one.visit_id):
        visit = visits[change.visit_id]
        order = orders[visit.order_id]
        _must_be_unchanged(visit, order, change)
        answer = reasons[change.visit_id]
        deciding.keep(session, visit, answer, change.worker_id, BY, plan_id=plan.id)
        offer = _change(session, visit, order, change, answer)
        if offer is not None:
            made.append((visit, offer))
    for visit in _without_room(plan, waiting, visits):
        dispatching.nobody_left(session, visit)
    session.flush()
    session.execute(text("SET CONSTRAINTS visit_no_double_booking IMMEDIATE"))
    for visit, offer in made:
        offering.send(session, visit, offer)


def _locked(session: Session, requests: Sequence[Request]) -> tuple[dict[int, ServiceOrder], dict[int, Visit]]:
    """The orders and visits of ``requests``, by id, locked in the order in which everybody locks."""
    ids = sorted(one.visit_id for one in requests if one.visit_id is not None)
    order_ids = session.scalars(select(Visit.order_id).where(Visit.id.in_(ids)).distinct())
    orders = {order_id: rows.order(session, order_id) for order_id in sorted(order_ids)}
    return orders, {visit_id: rows.visit(session, visit_id) for visit_id in ids}


def _must_be_as_known(session: Session, plan: DayPlan, found: Plan) -> None:
    """Everything that those concerned have to do was known to the plan. Raises Outdated."""
    people = {one.worker_id for one in found.changes} | {one.was.worker_id for one in found.changes if one.was}
    known = {one.visit_id: (one.held.worker_id, one.held.start) for one in found.problem.requests if one.held}
    for person in found.problem.candidates:
        known |= {stop.visit_id: (person.worker_id, stop.start) for stop in person.stops}
    ahead = func.tstzrange(clock.now(), plan.until)
    now = select(Visit.id, Visit.worker_id, Visit.during).where(
        Visit.worker_id.in_(people - {None}), Visit.state.in_(VISIT.live), Visit.during.op("&&")(ahead)
    )
    for visit_id, worker_id, during in session.execute(now):
        if known.get(visit_id) != (worker_id, seconds(during.lower if during else None)):
            raise Outdated


def _must_be_unchanged(visit: Visit, order: ServiceOrder, change: Change) -> None:
    """The visit and its order are as the plan knew them. Raises Outdated."""
    held = change.was
    has = (visit.worker_id, seconds(rows.starts_at(visit))) if visit.worker_id else None
    window = change.request.window.start, change.request.window.end
    same = has == ((held.worker_id, held.start) if held else None)
    same = same and window == (seconds(visit.window_start), seconds(visit.window_end))
    states = ("open", "attention") if held is None else ("accepted",) if held.promised else ("offered",)
    stays = (visit.pinned and change.why != "absent") or visit.attention not in (None, "nobody_left")
    if not same or stays or visit.state not in states or order.state not in SEARCHED or order.visits_outdated:
        raise Outdated


def _change(session: Session, visit: Visit, order: ServiceOrder, change: Change, answer: Answer) -> Offer | None:
    """Do it; the offer that is still to be sent, if somebody is asked. Raises Outdated."""
    reason = f"plan.{change.why}"
    if change.was is not None and change.was.promised and change.why != "absent" and change.start is not None:
        starts_at = datetime.fromtimestamp(change.start, UTC)
        if change.worker_id == change.was.worker_id:
            assigning.move(session, visit, starts_at, BY, reason)
        else:
            assert change.worker_id is not None
            assigning.assign(session, visit, change.worker_id, starts_at, BY, reason)
        return None
    if change.was is not None and not _taken_back(session, visit, change, reason):
        raise Outdated
    if change.worker_id is None or change.start is None:
        dispatching.nobody_left(session, visit)
        return None
    way = answer.proposals[0].insertions[0].travel_seconds if answer.proposals else None
    visit.attention = None
    order.responded_at = order.responded_at or clock.now()
    return offering.ask(session, visit, change.worker_id, datetime.fromtimestamp(change.start, UTC), way, BY)


def _taken_back(session: Session, visit: Visit, change: Change, reason: str) -> bool:
    """From somebody who does not know of it yet, or who can't come."""
    if change.why == "absent":
        return assigning.withdraw(session, visit, BY, reason)
    return offers.recall(session, visit, BY)


def _without_room(plan: DayPlan, waiting: Iterable[Request], visits: Mapping[int, Visit]) -> list[Visit]:
    """Visits that had been waiting for this plan, and it found nothing either."""
    found = [visits[one.visit_id] for one in waiting if one.visit_id is not None]
    return [
        visit
        for visit in found
        if visit.state == "open" and visit.no_room_at and plan.began_at and visit.no_room_at <= plan.began_at
    ]
