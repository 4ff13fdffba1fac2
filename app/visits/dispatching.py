"""Dispatch at once: for an order without a worker, find the best one by his real day, hold his time, ask him.

The time is held by the visit itself (EXCLUDE constraint); whoever was quicker wins, and the loser looks again with what
is true then. Every decision is kept with its input and everybody's reasons. All of it is safe to run twice.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, moves
from app.orders.models import ServiceOrder
from app.visits import codes, gathering, offering, rows, telling
from app.visits.matching.answer import Answer, Insertion
from app.visits.matching.insertion import CheapestInsertion, Planner
from app.visits.matching.problem import Problem
from app.visits.models import Decision, Offer, Visit
from app.visits.rules import CURRENT, VISIT

BY = "system:dispatch"

TRIES = 5
"""Times that one run looks again after somebody else was quicker."""

SEARCHED = frozenset({"open", "scheduled", "under_way"})
"""States of an order in which a worker may be looked for."""

PLANNER: Planner = CheapestInsertion()

DEADLOCK = "40P01"
"""PostgreSQL's code where two transactions wait for each other."""


def dispatch(session: Session, order_id: int) -> None:
    """Find and ask somebody for every open visit of the order; makes the visits first if there are none.

    With nobody left the visit goes to the dispatchers' list. Does nothing for an order that needs nobody now.
    """
    order = rows.order(session, order_id)
    if order.state not in SEARCHED or order.item_id is None or order.place is None or order.window_start is None:
        return
    visits = rows.current_visits(session, order.id)
    if not visits and order.state == "open":
        visits = make_visits(session, order, BY)
    searching = [visit for visit in visits if visit.state == "open"]
    others = [visit for visit in visits if visit.state in VISIT.live]
    for _ in range(TRIES):
        if not searching or _try(session, order, searching, others):
            return


def waiting(session: Session, before: datetime) -> list[int]:
    """Ids of orders for which nobody has been found though they were opened before ``before`` (aware)."""
    open_visit = exists().where(Visit.order_id == ServiceOrder.id, Visit.state == "open")
    none_yet = ~exists().where(Visit.order_id == ServiceOrder.id, Visit.state.in_(CURRENT))
    found = select(ServiceOrder.id).where(
        ServiceOrder.state.in_(SEARCHED),
        ServiceOrder.opened_at < before,
        open_visit | ((ServiceOrder.state == "open") & none_yet),
    )
    return list(session.scalars(found.order_by(ServiceOrder.id)))


def new_visit(session: Session, order: ServiceOrder, window: tuple[datetime, datetime], by: str) -> Visit:
    """A visit for the order, open, with its code; ``window`` (aware) is when somebody may come."""
    item = session.get_one(ServiceItem, order.item_id)
    visit = Visit(
        order_id=order.id,
        state=VISIT.initial,
        minutes=item.minutes,
        skill=item.skill,
        place=order.place,
        community_id=order.community_id,
        window_start=window[0],
        window_end=window[1],
        urgent=item.urgent,
        code=codes.new_visit_code(secrets.choice, _codes_of_household(session, order)),
        wrong_codes=0,
        pinned=False,
        created_at=clock.now(),
    )
    session.add(visit)
    moves.record(session, visit, "created", by, after=visit.state)
    return visit


def make_visits(session: Session, order: ServiceOrder, by: str) -> list[Visit]:
    """New open visits by what the order says now, one for each person needed."""
    assert order.window_start is not None and order.window_end is not None
    item = session.get_one(ServiceItem, order.item_id)
    window = order.window_start, order.window_end
    return [new_visit(session, order, window, by) for _ in range(item.workers_needed)]


def _codes_of_household(session: Session, order: ServiceOrder) -> list[str]:
    same = select(Visit.code).join(ServiceOrder, ServiceOrder.id == Visit.order_id)
    return list(session.scalars(same.where(ServiceOrder.subject_id == order.subject_id, Visit.state.in_(CURRENT))))


def _try(session: Session, order: ServiceOrder, visits: Sequence[Visit], others: Sequence[Visit]) -> bool:
    """One look at how things stand; False if somebody else was quicker and one must look again."""
    problem = gathering.for_visits(session, order, visits, others)
    answer = PLANNER.propose(problem)
    if not answer.proposals:
        for visit in visits:
            _keep(session, visit, problem, answer, None)
            _nobody_left(session, visit)
        return True
    # Always in the same order, so that two pairs that meet crosswise wait for each other in one direction only.
    chosen = sorted(answer.proposals[0].insertions, key=lambda one: one.worker_id)
    made = _claim(session, visits, chosen)
    if made is None:
        return False
    for visit, insertion, offer in zip(visits, chosen, made, strict=True):
        _keep(session, visit, problem, answer, insertion)
        offering.send(session, visit, offer)
    if order.responded_at is None:
        order.responded_at = clock.now()
    return True


def _claim(session: Session, visits: Sequence[Visit], chosen: Sequence[Insertion]) -> list[Offer] | None:
    """Hold the workers' time and make the offers, all or nothing; None if somebody was quicker."""
    made = []
    try:
        with session.begin_nested():
            for visit, insertion in zip(visits, chosen, strict=True):
                visit.worker_id = insertion.worker_id
                visit.during = during(datetime.fromtimestamp(insertion.start, UTC), visit.minutes)
                visit.travel_seconds = insertion.travel_seconds
                moves.move(session, visit, "offered", BY, worker_id=insertion.worker_id)
                made.append(offering.make(session, visit))
    except DBAPIError as error:
        if not somebody_was_quicker(error):
            raise
        return None
    return made


def somebody_was_quicker(error: DBAPIError) -> bool:
    """Whether the database refused to hold a time because of somebody else: it is taken, or two met crosswise."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) == DEADLOCK


def during(start: datetime, minutes: int) -> Range[datetime]:
    """The time at the door."""
    return Range(start, start + timedelta(minutes=minutes))


def _keep(session: Session, visit: Visit, problem: Problem, answer: Answer, chosen: Insertion | None) -> None:
    """The decision with its input and everybody's reasons, best first."""
    priced = sorted((one for one in answer.assessments if one.best), key=lambda one: one.best.rank)  # type: ignore[union-attr]
    failed = [one for one in answer.assessments if not one.best]
    session.add(
        Decision(
            order_id=visit.order_id,
            visit_id=visit.id,
            at=clock.now(),
            planner=answer.planner,
            problem=problem.to_json(),
            candidates=[one.to_json() for one in (*priced, *failed)],
            chosen_worker_id=chosen.worker_id if chosen else None,
            by=BY,
        )
    )
    moves.record(session, visit, "decided", BY, worker_id=chosen.worker_id if chosen else None)


def _nobody_left(session: Session, visit: Visit) -> None:
    visit.worker_id = visit.during = visit.travel_seconds = None
    visit.attention = "nobody_left"
    row = moves.move(session, visit, "nobody_left", BY)
    if row is not None:
        telling.dispatchers(session, visit, row.id)
    if visit.announced_at is not None and visit.late_told_at is None:
        # He was told that somebody comes at a certain time, and that is over.
        visit.late_told_at = clock.now()
        telling.unfilled(session, visit)
