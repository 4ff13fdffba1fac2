"""The life of a visit from the worker's side: on the way, at the door, proved, done or not done.

Presence is proved by the last two digits of the code, which only the resident knows and says; a standing household
password, or a call to the hotline from the resident's own phone, stands for it. Six facts are kept of every visit:
service, recipient, provider, date, start and end, place (electronic visit verification).
"""

import hmac
from typing import Any, Literal

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.queue import later
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.visits import telling
from app.visits.models import Visit
from app.visits.rules import VISIT

MAX_WRONG = 3
"""Wrong entries after which an alarm is raised and no further code is taken."""

UNDER_WAY = ("in_progress", "arrived", "en_route", "accepted")

Proof = Literal["proved", "wrong", "locked"]


def current(session: Session, worker_id: int) -> Visit | None:
    """The visit that a word of the worker is about: the one furthest under way, else the next accepted one."""
    order = case({state: rank for rank, state in enumerate(UNDER_WAY)}, value=Visit.state)
    rows = select(Visit).where(Visit.worker_id == worker_id, Visit.state.in_(UNDER_WAY))
    return session.scalar(rows.order_by(order, Visit.during, Visit.id).limit(1))


def depart(session: Session, visit: Visit, by: str) -> bool:
    """He sets out. True if he is on the way (also if he had said so before)."""
    if not _move(session, visit, "departed", by):
        return visit.state == "en_route"
    visit.departed_at = clock.now()
    return True


def arrive(session: Session, visit: Visit, by: str, place: list[float] | None = None) -> bool:
    """He is at the door; place: [latitude, longitude] of his phone, if it told. True if he is there."""
    if not _move(session, visit, "arrived", by):
        return visit.state == "arrived"
    now = clock.now()
    visit.departed_at, visit.arrived_at, visit.arrived_place = visit.departed_at or now, now, place
    _order(session, visit, "started", by)
    return True


def prove(session: Session, visit: Visit, digits: str, by: str) -> Proof:
    """The worker enters what the resident answered: the last two digits of the code, or the household password."""
    if visit.state == "in_progress":
        return "proved"
    if visit.wrong_codes >= MAX_WRONG:
        return "locked"
    if visit.state in ("accepted", "en_route"):
        arrive(session, visit, by)
    how = _right(session, visit, digits.strip())
    if how is None:
        return _wrong(session, visit, by)
    begin(session, visit, how, by)
    return "proved"


def begin(session: Session, visit: Visit, how: str, by: str) -> bool:
    """Presence is proved (how: code, password, resident_phone): the service begins."""
    if visit.state in ("accepted", "en_route"):
        arrive(session, visit, by)
    if not _move(session, visit, "code_proved", by, how=how):
        return visit.state == "in_progress"
    visit.proof, visit.started_at = how, clock.now()
    return True


def finish(session: Session, visit: Visit, by: str, note: str = "") -> bool:
    """The service is done; the follow-up is planned. True also if it was finished before."""
    if not _move(session, visit, "finished", by, note):
        return visit.state == "done"
    visit.ended_at, visit.note = clock.now(), note or None
    order = _order(session, visit, "finished", by)
    order.resolved_at = order.resolved_at or visit.ended_at
    telling.done(session, visit)
    later(session, "quality.follow_up", visit.id)
    return True


def fail(session: Session, visit: Visit, reason: str, by: str, note: str = "") -> bool:
    """It could not be done (reason: nobody_home, refused, other): the order is open again, and a person looks at it."""
    if not _move(session, visit, "failed", by, note, reason=reason):
        return visit.state == "not_done"
    visit.ended_at, visit.outcome, visit.note = clock.now(), reason, note or None
    _order(session, visit, "unscheduled", by)
    later(session, "hotline.task", "not_reached", visit.order_id)
    return True


def give_back(session: Session, visit: Visit, by: str, reason: str = "") -> bool:
    """The worker cannot come after all: the visit is open again and somebody else is looked for."""
    if not _move(session, visit, "withdrawn", by, reason):
        return False
    visit.worker_id = visit.during = visit.travel_seconds = visit.accepted_at = visit.departed_at = None
    order = session.get_one(ServiceOrder, visit.order_id)
    if order.state in ("scheduled", "under_way"):
        moves.move(session, order, "unscheduled", by)
    later(session, "visits.dispatch", visit.order_id)
    return True


def _right(session: Session, visit: Visit, given: str) -> str | None:
    if hmac.compare_digest(visit.code[2:].encode(), given.encode()):
        return "code"
    order = session.get_one(ServiceOrder, visit.order_id)
    resident = session.get(Resident, order.subject_id) if order.subject_id else None
    password = resident.household_password if resident else None
    return "password" if password and hmac.compare_digest(password.encode(), given.encode()) else None


def _wrong(session: Session, visit: Visit, by: str) -> Proof:
    visit.wrong_codes += 1
    moves.record(session, visit, "wrong_code", by, count=visit.wrong_codes)
    if visit.wrong_codes < MAX_WRONG:
        return "wrong"
    visit.attention = "wrong_codes"
    later(session, "hotline.task", "door_alarm", visit.order_id)
    return "locked"


def _move(session: Session, visit: Visit, event: str, by: str, note: str = "", **facts: Any) -> bool:
    """Move if the table allows it and nobody was first; what is not allowed now simply did not happen."""
    if VISIT.next(visit.state, event) is None:
        return False
    return moves.move(session, visit, event, by, note=note, **facts) is not None


def _order(session: Session, visit: Visit, event: str, by: str) -> ServiceOrder:
    order = session.get_one(ServiceOrder, visit.order_id)
    if order.machine.next(order.state, event) is not None:
        moves.move(session, order, event, by)
    return order
