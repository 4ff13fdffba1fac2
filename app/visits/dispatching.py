"""Dispatch at once: for an order without a worker, find the best one by his real day, hold his time, ask him.

The time is held by the visit itself (EXCLUDE constraint); whoever was quicker wins, and the loser looks again with what
is true then. Every decision is kept with its input and everybody's reasons. All of it is safe to run twice.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import exists, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, moves
from app.orders.models import ServiceOrder
from app.visits import codes, deciding, gathering, offering, planning, rows, telling
from app.visits.matching.answer import Answer, Insertion
from app.visits.matching.insertion import CheapestInsertion, Planner
from app.visits.matching.problem import Problem
from app.visits.models import Offer, Visit
from app.visits.rules import CURRENT, SEARCHED, VISIT

BY = "system:dispatch"

TRIES = 5
"""Times that one run looks again after somebody else was quicker."""

PLANNER: Planner = CheapestInsertion()

MOVABLE = frozenset({"overlap", "two_person"})
"""Rules that somebody fails because of other visits, which a plan of the whole day might move."""

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
        _no_proposal(session, visits, problem, answer)
        return True
    # Always in the same order, so that two pairs that meet crosswise wait for each other in one direction only.
    chosen = sorted(answer.proposals[0].insertions, key=lambda one: one.worker_id)
    made = _claim(session, visits, chosen)
    if made is None:
        return False
    for visit, insertion, offer in zip(visits, chosen, made, strict=True):
        deciding.keep(session, visit, answer, insertion.worker_id, BY, problem=problem)
        offering.send(session, visit, offer)
    if order.responded_at is None:
        order.responded_at = clock.now()
    return True


def _no_proposal(session: Session, visits: Sequence[Visit], problem: Problem, answer: Answer) -> None:
    """Where only other visits are in the way, the day is planned anew; if that was tried too, it is a person's turn."""
    since = min((visit.no_room_at for visit in visits if visit.no_room_at), default=None)
    in_the_way = any(one.failed in MOVABLE for one in answer.assessments)
    if in_the_way and not (since and planning.was_tried(session, since)):
        if since is None or not planning.is_pending(session):
            planning.note_waiting(session, visits)
        return
    for visit in visits:
        deciding.keep(session, visit, answer, None, BY, problem=problem)
        nobody_left(session, visit)


def _claim(session: Session, visits: Sequence[Visit], chosen: Sequence[Insertion]) -> list[Offer] | None:
    """Hold the workers' time and make the offers, all or nothing; None if somebody was quicker."""
    made = []
    try:
        with session.begin_nested():
            for visit, insertion in zip(visits, chosen, strict=True):
                starts_at = datetime.fromtimestamp(insertion.start, UTC)
                made.append(offering.ask(session, visit, insertion.worker_id, starts_at, insertion.travel_seconds, BY))
    except DBAPIError as error:
        if not somebody_was_quicker(error):
            raise
        return None
    return made


def somebody_was_quicker(error: DBAPIError) -> bool:
    """Whether the database refused to hold a time because of somebody else: it is taken, or two met crosswise."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) == DEADLOCK


def nobody_left(session: Session, visit: Visit) -> None:
    """The visit (open) goes to the dispatchers' list; a resident who was told that somebody comes is told otherwise."""
    visit.worker_id = visit.during = visit.travel_seconds = visit.no_room_at = None
    visit.attention = "nobody_left"
    row = moves.move(session, visit, "nobody_left", BY)
    if row is not None:
        telling.dispatchers(session, visit, row.id)
    if visit.announced_at is not None and visit.late_told_at is None:
        # He was told that somebody comes at a certain time, and that is over.
        visit.late_told_at = clock.now()
        telling.unfilled(session, visit)
