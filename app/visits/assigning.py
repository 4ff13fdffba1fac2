"""What a dispatcher does by hand, always with a reason: give a visit to somebody, move it, pin it, take it away."""

import secrets
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import BadInput, NotFound, Refused
from app.core.queue import later
from app.visits import codes, dispatch_settings, dispatching, offers, rows, telling, visiting
from app.visits.models import Offer, Visit
from app.visits.rules import CURRENT, PROMISED, SEARCHED
from app.workforce.models import Worker


def assign(session: Session, visit: Visit, worker_id: int, starts_at: datetime, by: str, reason: str) -> Visit:
    """Give the visit to a worker at ``starts_at`` (aware), whoever had it; he and the resident are told.

    Hard rules but one may be overruled by a person: nobody is in two places. Raises BadInput("reason.missing"),
    NotFound("worker.unknown"), Refused("visit.double_booked" or "order.over"), moves.NotAllowed if it is under way or
    over.
    """
    _needs(reason)
    visit, order = rows.with_order(session, visit)
    if order.state not in SEARCHED:
        raise Refused("order.over", state=order.state)
    worker = session.get(Worker, worker_id)
    if worker is None or not worker.active:
        raise NotFound("worker.unknown", id=worker_id)
    before, had_at, was_promised = visit.worker_id, rows.starts_at(visit), visit.state in PROMISED
    offers.withdraw(session, visit, by, reason)
    row = _hold(session, visit, worker, starts_at, "assigned", by, reason)
    visit.departed_at = visit.late_told_at = visit.no_room_at = None
    _note_asked(session, visit)
    if was_promised and before is not None and before != worker_id:
        visit.code = codes.new_visit_code(secrets.choice, [visit.code])
        telling.not_his(session, visit, before, had_at, row)
    telling.given(session, visit, row)
    offers.take(session, visit, order, by)
    return visit


def move(session: Session, visit: Visit, starts_at: datetime, by: str, reason: str) -> Visit:
    """The same worker at another time; he and the resident are told.

    Raises BadInput("reason.missing"), Refused("visit.double_booked"), moves.NotAllowed unless it is accepted.
    """
    _needs(reason)
    visit, _ = rows.with_order(session, visit)
    if visit.worker_id is None:
        raise moves.NotAllowed("move.not_allowed", thing="visit", id=visit.id, state=visit.state, event="moved")
    worker = session.get_one(Worker, visit.worker_id)
    row = _hold(session, visit, worker, starts_at, "moved", by, reason)
    visit.late_told_at = None
    telling.changed(session, visit, row)
    telling.announce(session, visit, True, row)
    return visit


def withdraw(session: Session, visit: Visit, by: str, reason: str) -> bool:
    """Take the visit from whoever has or considers it, and look for somebody else; he is told.

    Raises BadInput("reason.missing"). False if there is nobody to take it from.
    """
    _needs(reason)
    visit, order = rows.with_order(session, visit)
    worker_id, had_at, promised = visit.worker_id, rows.starts_at(visit), visit.state != "offered"
    if worker_id is None or visit.state not in PROMISED | {"offered", "arrived"}:
        return False
    offers.withdraw(session, visit, by, reason)
    if not visiting.take_from(session, visit, order, by, reason, None):
        return False
    if promised:
        telling.not_his(session, visit, worker_id, had_at, visit.id)
    return True


def retry(session: Session, visit: Visit, by: str, reason: str = "") -> bool:
    """Look again for somebody for a visit on the dispatchers' list; False if it is not there any more."""
    visit = rows.visit(session, visit.id)
    if visit.state != "attention" or moves.move(session, visit, "retried", by, reason) is None:
        return False
    visit.attention = None
    later(session, "visits.dispatch", visit.order_id)
    return True


def pin(session: Session, visit: Visit, by: str, reason: str) -> None:
    """Worker and time stay as they are, whatever is planned anew. Raises BadInput("reason.missing")."""
    _pin(session, visit, True, by, reason)


def unpin(session: Session, visit: Visit, by: str, reason: str) -> None:
    """The visit may be planned anew. Raises BadInput("reason.missing")."""
    _pin(session, visit, False, by, reason)


def settle_attention(session: Session, visit: Visit, by: str, reason: str) -> None:
    """A dispatcher has looked at what the visit was on his list for; one without a worker stays there.

    Raises BadInput("reason.missing"), Refused("visit.has_nobody", "visit.changed_meanwhile").
    """
    _needs(reason)
    visit = rows.visit(session, visit.id)
    if visit.state == "attention":
        raise Refused("visit.has_nobody", id=visit.id)
    if visit.attention is None:  # somebody else has seen to it
        raise Refused("visit.changed_meanwhile", id=visit.id)
    moves.record(session, visit, "settled", by, reason, why=visit.attention)
    visit.attention = None


def call_off(session: Session, visit: Visit, by: str, reason: str = "") -> bool:
    """The visit will not be: worker and resident are told. False for one that has begun, which somebody looks at."""
    if visit.state not in CURRENT or "cancelled" not in visit.machine.table[visit.state]:
        if visit.state == "in_progress":
            rows.flag(session, visit, "changed", by, reason)
        return False
    worker_id, had_at, promised = visit.worker_id, rows.starts_at(visit), visit.state in PROMISED | {"arrived"}
    offers.withdraw(session, visit, by, reason)
    row = moves.move(session, visit, "cancelled", by, reason)
    if row is None:
        return False
    visit.attention, visit.ended_at = None, clock.now()
    if promised and worker_id is not None:
        telling.not_his(session, visit, worker_id, had_at, row.id)
        telling.called_off(session, visit, had_at)
    return True


def _hold(session: Session, visit: Visit, worker: Worker, starts_at: datetime, event: str, by: str, reason: str) -> int:
    """Hold the worker's time for the visit; the history row's id. Raises Refused("visit.double_booked")."""
    if starts_at.tzinfo is None:
        raise BadInput("time.without_zone", given=str(starts_at))
    home, door = (worker.home[0], worker.home[1]), (visit.place[0], visit.place[1])
    leg = dispatch_settings.travel(session).leg(home, door, worker.mode)
    try:
        with session.begin_nested():
            visit.worker_id = worker.id
            visit.during = rows.at_the_door(starts_at, visit.minutes)
            visit.travel_seconds = leg.seconds
            row = moves.move(session, visit, event, by, reason, worker_id=worker.id, at=starts_at.isoformat())
    except DBAPIError as error:
        if not dispatching.somebody_was_quicker(error):
            raise
        raise Refused("visit.double_booked", worker_id=worker.id, at=starts_at.isoformat()) from error
    if row is None:
        raise Refused("visit.changed_meanwhile", id=visit.id)
    return row.id


def _note_asked(session: Session, visit: Visit) -> None:
    """He need not answer, but counts as asked: if he gives it back it is not offered to him again."""
    now = clock.now()
    row = insert(Offer).values(
        order_id=visit.order_id,
        visit_id=visit.id,
        worker_id=visit.worker_id,
        state="accepted",
        code="00",
        starts_at=rows.starts_at(visit),
        created_at=now,
        expires_at=now,
        answered_at=now,
        answered_by="staff",
    )
    session.execute(row.on_conflict_do_nothing(index_elements=["visit_id", "worker_id"]))


def _pin(session: Session, visit: Visit, pinned: bool, by: str, reason: str) -> None:
    _needs(reason)
    visit = rows.visit(session, visit.id)
    if visit.pinned != pinned:
        visit.pinned = pinned
        moves.record(session, visit, "pinned" if pinned else "unpinned", by, reason)


def _needs(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason.missing")
