"""The visit itself, as the worker reports it: on his way, at the door, proved, done or not done.

Reports are forgiving: a later one brings the earlier ones with it, and the same one twice is one. Every function takes
the visit, whoever reports (``by``, such as "worker:3"), and returns False where the visit's state does not allow it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves, settings
from app.core.errors import BadInput
from app.core.queue import later
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.places import addresses
from app.places.distance import metres
from app.visits import dispatching, offers, rows, telling, timing
from app.visits.models import Visit
from app.visits.rules import AT_THE_DOOR, NOT_DONE_REASONS, PROMISED, missing_facts
from app.workforce import positions

FURTHEST_FIRST = ("in_progress", "arrived", "en_route", "accepted")

FAR = 500
"""Metres between the place where the worker says that he is and the door, from which somebody looks at it."""


def current(session: Session, worker_id: int) -> Visit | None:
    """The visit that the worker is on, else the next one that he has accepted."""
    his = select(Visit).where(Visit.worker_id == worker_id)
    found = session.scalars(his.where(Visit.state.in_(FURTHEST_FIRST)))
    return min(found, key=lambda one: (FURTHEST_FIRST.index(one.state), rows.starts_at(one), one.id), default=None)


def depart(session: Session, visit: Visit, by: str) -> bool:
    """The worker sets out."""
    visit = rows.visit(session, visit.id)
    if visit.state == "en_route":
        return True
    if visit.state != "accepted" or moves.move(session, visit, "departed", by) is None:
        return False
    visit.departed_at = clock.now()
    return True


def arrive(session: Session, visit: Visit, by: str, place: Sequence[float] | None = None, **facts: Any) -> bool:
    """The worker is at the door. place: [lat, lon] of his device, WGS-84, if it says."""
    visit, order = rows.with_order(session, visit)
    if visit.state in AT_THE_DOOR:
        return True
    if visit.state not in PROMISED:
        return False
    away = round(metres((place[0], place[1]), (visit.place[0], visit.place[1]))) if place else None
    if moves.move(session, visit, "arrived", by, metres=away, **facts) is None:
        return False
    visit.arrived_at = clock.now()
    visit.arrived_place = list(place) if place else None
    if place and visit.worker_id is not None:
        positions.seen(session, visit.worker_id, place)
    if visit.attention == "late":
        visit.attention = None
    if away is not None and away > FAR and not order.approximate:
        rows.flag(session, visit, "far_away", by)
    if order.state in ("open", "scheduled"):
        moves.move(session, order, "started", by)
    return True


def begin(session: Session, visit: Visit, by: str, proof: str | None) -> bool:
    """The work begins; proof: one of rules.PROOFS, or None if presence was not proved, which somebody looks at."""
    if visit.state == "in_progress":
        return True
    if not arrive(session, visit, by) or visit.state != "arrived":
        return False
    if proof:
        moves.move(session, visit, "code_proved", by, proof=proof)
    else:
        moves.move(session, visit, "began_unproved", by)
        rows.flag(session, visit, "unproved", by)
    visit.proof = proof
    visit.started_at = clock.now()
    if proof and visit.arrived_place:
        _confirm_door(session, visit, by)
    return True


def _confirm_door(session: Session, visit: Visit, by: str) -> None:
    """A door of which only the community was known is found: the resident's file knows it from now on."""
    order = session.get_one(ServiceOrder, visit.order_id)
    subject = session.get_one(Resident, order.subject_id)
    if not order.approximate or not subject.approximate or order.address != subject.address:
        return
    subject.place, subject.approximate = visit.arrived_place or subject.place, False
    order.place, order.approximate = subject.place, False
    moves.record(session, subject, "door_found", by)
    landmark = addresses.find(session, subject.community_id, subject.address)
    if landmark is not None and not landmark.confirmed:
        addresses.confirm(session, landmark, subject.place)


def finish(session: Session, visit: Visit, by: str, note: str | None = None) -> bool:
    """The visit is done: the order is, once every one of its visits is, and the resident will be asked about it.

    False before presence is proved; for a member of staff it may then count as done all the same, and is flagged.
    """
    visit, order = rows.with_order(session, visit)
    if visit.state == "done":
        return True
    if visit.state != "in_progress" and not (by.startswith("staff:") and begin(session, visit, by, None)):
        return False
    visit.ended_at = clock.now()
    visit.note = note or visit.note
    missing = missing_facts(six_facts(session, visit))
    if moves.move(session, visit, "finished", by, missing=list(missing)) is None:
        return False
    if visit.started_at and visit.proof and timing.is_too_short(visit.started_at, visit.ended_at, visit.minutes):
        rows.flag(session, visit, "too_short", by)
    telling.done(session, visit)
    if order.state in ("open", "scheduled"):  # cancelled and restored while the worker was inside
        moves.move(session, order, "started", by)
    if order.state == "under_way" and not rows.current_visits(session, order.id):
        moves.move(session, order, "finished", by)
        order.resolved_at = clock.now()
    later(session, "quality.follow_up", visit.id)
    return True


def fail(session: Session, visit: Visit, reason: str, by: str, note: str = "") -> bool:
    """It could not be done; a dispatcher decides how it goes on. Where nobody opened, an agent rings the resident.

    reason: one of rules.NOT_DONE_REASONS. Raises BadInput("reason.unknown").
    """
    if reason not in NOT_DONE_REASONS:
        raise BadInput("reason.unknown", given=reason, expected=list(NOT_DONE_REASONS))
    visit, order = rows.with_order(session, visit)
    if visit.state == "not_done":
        return True
    if not arrive(session, visit, by) or moves.move(session, visit, "failed", by, note, why=reason) is None:
        return False
    visit.outcome, visit.ended_at = reason, clock.now()
    visit.note = note or visit.note
    _hold_another(session, order, reason, by)
    if reason == "nobody_home":
        later(session, "hotline.task", "not_reached", order.id)
    return True


def _hold_another(session: Session, order: ServiceOrder, reason: str, by: str) -> None:
    """The order is open again with a visit that waits for a dispatcher, unless its partner is still there."""
    if rows.current_visits(session, order.id):
        return
    unschedule(session, order, by)
    for visit in dispatching.make_visits(session, order, by):
        visit.attention = reason
        moves.move(session, visit, "held", by, why=reason)


def give_back(session: Session, visit: Visit, by: str, reason: str = "other", note: str = "") -> bool:
    """The worker cannot come after all: he is not asked again, somebody else is looked for."""
    visit, order = rows.with_order(session, visit)
    if visit.state not in PROMISED | {"arrived"}:
        return False
    return take_from(session, visit, order, by, note, reason)


def take_from(session: Session, visit: Visit, order: ServiceOrder, by: str, note: str, reason: str | None) -> bool:
    """The visit (locked, promised) is nobody's again and searched for anew."""
    if moves.move(session, visit, "withdrawn", by, note, worker_id=visit.worker_id, reason=reason) is None:
        return False
    offers.release(visit)
    unschedule(session, order, by)
    later(session, "visits.dispatch", order.id)
    return True


def unschedule(session: Session, order: ServiceOrder, by: str) -> None:
    """The order has nobody who comes any more."""
    others = [one for one in rows.current_visits(session, order.id) if one.state in AT_THE_DOOR]
    if order.state in ("scheduled", "under_way") and not others:
        moves.move(session, order, "unscheduled", by)


def duress(session: Session, visit: Visit, by: str) -> None:
    """The worker gave the word that looks normal and means danger: a person is alarmed, nothing shows at the door."""
    visit = rows.visit(session, visit.id)
    alarm(session, visit, "duress", by)


def alarm(session: Session, visit: Visit, why: str, by: str) -> None:
    """A person must act at once. why: one of rules.ALARMS."""
    visit.attention = why
    moves.record(session, visit, "alarmed", by, why=why)
    later(session, "hotline.task", "duress" if why == "duress" else "door_alarm", visit.order_id)


def six_facts(session: Session, visit: Visit) -> dict[str, Any]:
    """What is recorded of every visit (rules.SIX_FACTS): ids, the district's date, moments (UTC); None if not known."""
    order = session.get_one(ServiceOrder, visit.order_id)
    begun, ended = visit.arrived_at, visit.ended_at
    return {
        "service": order.item_id,
        "recipient": order.subject_id,
        "provider": visit.worker_id,
        "date": begun.astimezone(settings.current().zone).date() if begun else None,
        "times": (begun, ended) if begun and ended else None,
        "place": visit.arrived_place or (visit.place if visit.proof else None),
    }
