"""From the database to the problem of a day: every visit that is not settled, and everybody with what is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.visits import calendars, dispatch_settings, gathering, rows
from app.visits.calendars import seconds
from app.visits.matching.problem import Candidate, Held, Problem
from app.visits.models import Offer, Visit
from app.visits.rules import CURRENT, SEARCHED
from app.workforce.models import Shift

NEAR = timedelta(minutes=60)
"""A promised visit that begins so soon stays as it is: worker and resident are getting ready."""

SETTING_OUT = timedelta(minutes=20)
"""The same so long before he must set out, however long his way is."""

UNSAID = timedelta(minutes=1)
"""An offer that goes out no sooner than this has not been made to anybody yet (it waits for the morning)."""


@dataclass(frozen=True)
class _Facts:
    """Ids of visits. unsaid: the worker does not know that he is to be asked. by_hand: a dispatcher gave it.
    absent: who has it is on leave then.
    """

    unsaid: frozenset[int]
    by_hand: frozenset[int]
    absent: frozenset[int]
    may_move: bool


def gather(session: Session, until: datetime) -> Problem:
    """The problem of everything from now to ``until`` (aware).

    Settled are visits that are over, under way, pinned, near, given by hand, or asked about; an absence unsettles all
    but the first two. If plans may not move promises (see dispatch_settings), promised visits are settled as well.
    """
    orders = _orders(session, until)
    subjects = {one.id: one for one in session.scalars(
        select(Resident).where(Resident.id.in_({order.subject_id for order in orders.values()})))}  # fmt: skip
    groups = _visits(session, orders)
    visits = [visit for group in groups.values() for visit in group]
    facts, asked = _facts(session, visits), gathering.asked_before(session, visits)
    requests = []
    for order_id, group in groups.items():
        order = orders[order_id]
        chosen = _unsettled(group, facts, until)
        for visit in chosen:
            more = _so_far(order, visit, facts) | _company(group, chosen, visit)
            others = tuple(one for one in asked.get(order_id, ()) if one != visit.worker_id)
            need, subject = gathering.of_visit(visit), subjects.get(order.subject_id or 0)
            requests.append(gathering.request(session, need, subject, visit_id=visit.id, asked=others, **more))
    people = calendars.candidates(session, clock.now(), until, {one.visit_id for one in requests if one.visit_id})
    return gathering.problem(session, requests, [_until(one, seconds(until)) for one in people])


def _orders(session: Session, until: datetime) -> dict[int, ServiceOrder]:
    """The orders with a visit before ``until`` that could be planned anew."""
    begins = func.coalesce(func.lower(Visit.during), Visit.window_start)
    with_visit = select(Visit.order_id).where(
        Visit.state.in_(("open", "attention", "offered", "accepted")), begins < until
    )
    found = select(ServiceOrder).where(ServiceOrder.id.in_(with_visit), ServiceOrder.state.in_(SEARCHED))
    return {order.id: order for order in session.scalars(found.order_by(ServiceOrder.id))}


def _visits(session: Session, orders: dict[int, ServiceOrder]) -> dict[int, list[Visit]]:
    """Every current visit of ``orders``, by order: one, or two where two people are needed."""
    found = select(Visit).where(Visit.order_id.in_(orders), Visit.state.in_(CURRENT)).order_by(Visit.order_id, Visit.id)
    groups: dict[int, list[Visit]] = {}
    for visit in session.scalars(found.execution_options(populate_existing=True)):
        groups.setdefault(visit.order_id, []).append(visit)
    return groups


def _facts(session: Session, visits: Sequence[Visit]) -> _Facts:
    ids = [visit.id for visit in visits]
    waiting = Message.key == func.concat("offer:", Offer.id)
    unsaid = (
        select(Offer.visit_id)
        .join(Message, waiting)
        .where(Offer.visit_id.in_(ids), Offer.state == "sent")
        .where(Message.state == "queued", Message.due_at > clock.now() + UNSAID)
    )
    by_hand = (
        select(Offer.visit_id)
        .join(Visit, (Visit.id == Offer.visit_id) & (Visit.worker_id == Offer.worker_id))
        .where(Offer.visit_id.in_(ids), Offer.state == "accepted", Offer.answered_by == "staff")
    )
    absent = (
        select(Visit.id)
        .join(Shift, Shift.worker_id == Visit.worker_id)
        .where(Visit.id.in_(ids), Shift.kind == "leave")
        .where(func.tstzrange(Shift.starts_at, Shift.ends_at).op("&&")(Visit.during))
    )
    return _Facts(
        frozenset(session.scalars(unsaid)),
        frozenset(session.scalars(by_hand)),
        frozenset(session.scalars(absent)),
        may_move=dispatch_settings.may_move(session),
    )


def _unsettled(group: Sequence[Visit], facts: _Facts, until: datetime) -> list[Visit]:
    """Of an order's visits those that are planned anew. Two who come together are moved together or not at all."""
    movable = [visit for visit in group if _is_movable(visit, facts) and rows.starts_at(visit) < until]
    if len(movable) == len(group) and len({visit.worker_id is None for visit in group}) == 1:
        return movable
    return [visit for visit in movable if visit.worker_id is None or visit.id in facts.absent]


def _is_movable(visit: Visit, facts: _Facts) -> bool:
    if visit.state in ("open", "attention"):
        return visit.attention in (None, "nobody_left")
    if visit.id in facts.absent and visit.state in ("offered", "accepted"):
        return True
    if visit.state == "offered":
        return visit.id in facts.unsaid
    is_free = not visit.pinned and visit.id not in facts.by_hand and facts.may_move
    near = max(NEAR, SETTING_OUT + timedelta(seconds=visit.travel_seconds or 0))
    return visit.state == "accepted" and is_free and rows.starts_at(visit) - clock.now() >= near


def _so_far(order: ServiceOrder, visit: Visit, facts: _Facts) -> dict[str, Any]:
    """Who has the visit, and what was promised: by his yes, or on the phone."""
    if visit.worker_id is None or visit.state == "offered":
        promised = {"promised_worker": order.wished_worker_id, "promised_start": gathering.future(order.wished_start)}
    else:
        has_him = None if visit.id in facts.absent else visit.worker_id
        promised = {"promised_worker": has_him, "promised_start": seconds(rows.starts_at(visit))}
    if visit.worker_id is None:
        return promised
    held = Held(visit.worker_id, seconds(rows.starts_at(visit)), visit.state == "accepted")
    return {**promised, "held": held}


def _company(group: Sequence[Visit], chosen: Sequence[Visit], visit: Visit) -> dict[str, Any]:
    """Of a visit of two: the other, planned with it or settled already."""
    mates = [one.id for one in chosen if one.id != visit.id]
    return {"mate": mates[0] if mates else None, **gathering.beside([one for one in group if one not in chosen])}


def _until(candidate: Candidate, until: int) -> Candidate:
    """Without the work that begins after what is planned: not all that is to be done there is known."""
    return replace(candidate, work=tuple(span for span in candidate.work if span.start < until))
