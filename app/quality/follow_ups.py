"""The question after every visit: did somebody come, is it solved, how satisfied are you.

Every finished visit has one follow-up. A machine rings, three times at decent hours; whoever wants people only, or has
no phone of his own, is left to an agent. Silence is never counted as satisfied.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app.core import clock, crypto, moves, settings
from app.core.errors import BadInput, NotFound, Refused
from app.core.queue import later
from app.messages import outbox
from app.messages.models import Message
from app.orders import changes
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.quality import rules
from app.quality.models import FollowUp
from app.quality.rules import FOLLOW_UP
from app.visits.models import Visit

BY = "system:follow_up"

ASKED = ("done", "closed")
"""States of an order about which somebody is asked."""

ANSWERING = timedelta(minutes=15)
"""A call that has brought no answer after this long was lost on the way."""


def plan(session: Session, visit: Visit) -> FollowUp | None:
    """The follow-up of a finished visit (state done); the one it has, if it was planned before.

    Returns None for a visit that was not done, or while the order is not: two who came together are asked about once,
    when both have gone. A resident who wants people only becomes an agent's task at once.
    """
    order = session.get_one(ServiceOrder, visit.order_id, with_for_update=True, populate_existing=True)
    known = session.scalar(_about(visit).order_by(FollowUp.id.desc()).limit(1))
    if known is not None or visit.state != "done" or order.state not in ASKED:
        return known
    ended = visit.ended_at or clock.now()
    due_at = rules.next_calling_time(ended + rules.AFTER_VISIT, settings.current().zone)
    row = insert(FollowUp).values(order_id=visit.order_id, visit_id=visit.id, due_at=due_at, state=FOLLOW_UP.initial)
    made = session.scalar(
        row.values(attempts=0).on_conflict_do_nothing(index_elements=["visit_id"]).returning(FollowUp.id)
    )
    if made is None:  # another process was first
        return session.scalar(select(FollowUp).where(FollowUp.visit_id == visit.id))
    follow_up = get(session, made)
    moves.record(session, follow_up, "planned", BY, after=follow_up.state)
    if _number(session, order) is None:
        _hand_over(session, follow_up, "people_only")
    return follow_up


def _about(visit: Visit) -> Select[FollowUp]:
    """The follow-ups of this visit, and of the one at the same time with which it was one of two."""
    partners = select(Visit.id).where(Visit.order_id == visit.order_id, Visit.during.op("&&")(visit.during))
    partners = partners.where(Visit.state == "done")
    return select(FollowUp).where(FollowUp.visit_id.in_(partners) | (FollowUp.visit_id == visit.id))


def unplanned(session: Session, limit: int = 100) -> list[int]:
    """Ids of the finished visits of done orders that have no follow-up yet."""
    partner = aliased(Visit)
    together = (partner.order_id == Visit.order_id) & (partner.during.op("&&")(Visit.during))
    same = (partner.id == Visit.id) | ((partner.state == "done") & together)
    asked = exists().where(FollowUp.visit_id == partner.id, same)
    rows = select(Visit.id).join(ServiceOrder, ServiceOrder.id == Visit.order_id)
    rows = rows.where(ServiceOrder.state == "done", Visit.state == "done", ~asked)
    return list(session.scalars(rows.order_by(Visit.id).limit(limit)))


def due(session: Session, limit: int = 100) -> list[int]:
    """Ids for begin: follow-ups to be rung now (none at noon or at night), and those whose call was lost."""
    now = clock.now()
    waiting: ColumnElement[bool] = _lost(now)
    if rules.may_ring(now, settings.current().zone):
        waiting |= (FollowUp.state == "due") & (FollowUp.due_at <= now)
    rows = select(FollowUp.id).where(waiting)
    return list(session.scalars(rows.order_by(FollowUp.due_at, FollowUp.id).limit(limit)))


def begin(session: Session, follow_up_id: int) -> Message | None:
    """Ring: claim the follow-up and write its voice message, key "follow_up:<id>:<try>".

    Returns None if there is nothing to ring (claimed already, not due, or handed to an agent). A try whose call was
    lost on the way counts as not reached.
    """
    follow_up = get(session, follow_up_id)
    if session.scalar(select(FollowUp.id).where(FollowUp.id == follow_up.id, _lost(clock.now()))):
        not_reached(session, follow_up, BY)
        return None
    if follow_up.state != "due" or follow_up.due_at > clock.now():
        return None
    order = session.get_one(ServiceOrder, follow_up.order_id)
    if order.state not in ASKED:
        withdraw(session, order.id, BY)  # it goes on: nobody is asked whether the former visit helped
        return None
    number = _number(session, order)
    if number is None:
        _hand_over(session, follow_up, "people_only")
        return None
    attempt = follow_up.attempts + 1
    if moves.move(session, follow_up, "calling", BY, attempt=attempt) is None:
        return None
    follow_up.attempts = attempt
    follow_up.due_at = clock.now()
    message = _write(session, follow_up, order, number)
    follow_up.message_id = message.id if message else follow_up.message_id
    return message


def record(
    session: Session,
    follow_up: FollowUp,
    contacted: bool | None,
    solved: bool | None,
    grade: str | None,
    reason: str | None,
    by: str,
) -> bool:
    """Keep an answer: a good one closes the order, a bad one reopens it and asks an agent to ring back.

    contacted, solved: None where the question was not answered; without any answer the person was not reached.
    grade: one of rules.GRADES. reason: his own words. Returns whether the order was reopened.
    Raises BadInput("grade.unknown"), Refused("follow_up.own_grade") for the worker who is graded.
    """
    if by.startswith("worker:"):
        raise Refused("follow_up.own_grade")
    if grade is not None and grade not in rules.GRADES:
        raise BadInput("grade.unknown", given=grade, expected=list(rules.GRADES))
    if follow_up.state == "answered":
        return False
    if not rules.says_something(contacted, solved, grade):
        not_reached(session, follow_up, by)
        return False
    if moves.move(session, follow_up, "answered", by, contacted=contacted, solved=solved, grade=grade) is None:
        return False
    follow_up.contacted, follow_up.solved, follow_up.grade = contacted, solved, grade
    follow_up.reason, follow_up.answered_at = reason or None, clock.now()
    return _conclude(session, follow_up, by)


def not_reached(session: Session, follow_up: FollowUp, by: str) -> bool:
    """The call brought no answer: try again later, or after the last try give up and close the order.

    A watched resident's silence becomes an agent's task. Returns False if the follow-up was not being rung.
    """
    if follow_up.state not in ("calling", "task"):
        return False
    again = rules.next_try(clock.now(), follow_up.attempts, settings.current().zone)
    if again is not None and follow_up.state == "calling":
        if moves.move(session, follow_up, "not_reached", by, attempt=follow_up.attempts) is None:
            return False
        follow_up.due_at = again
        return True
    if moves.move(session, follow_up, "given_up", by, attempts=follow_up.attempts) is None:
        return False
    order = session.get_one(ServiceOrder, follow_up.order_id)
    if rules.WATCHED & set(_subject(session, order).flags):
        later(session, "hotline.task", "not_reached", order.id)
    _close(session, order, by)
    return True


def to_person(session: Session, follow_up: FollowUp, reason: str) -> None:
    """The resident wanted a person in the middle of the machine's questions: an agent asks the rest."""
    if FOLLOW_UP.next(follow_up.state, "handed_over") is not None:
        _hand_over(session, follow_up, reason)


def withdraw(session: Session, order_id: int, by: str) -> None:
    """The order is under way again: nobody is to be asked about the former visit."""
    rows = select(FollowUp).where(FollowUp.order_id == order_id, FollowUp.state.in_(("due", "task")))
    for follow_up in session.scalars(rows):
        moves.move(session, follow_up, "withdrawn", by)


def get(session: Session, follow_up_id: int) -> FollowUp:
    """One follow-up. Raises NotFound("follow_up.unknown")."""
    follow_up = session.get(FollowUp, follow_up_id)
    if follow_up is None:
        raise NotFound("follow_up.unknown", id=follow_up_id)
    return follow_up


def of_message(session: Session, message_id: int) -> FollowUp | None:
    """The follow-up that this voice message carries."""
    return session.scalar(select(FollowUp).where(FollowUp.message_id == message_id))


def tasks(session: Session) -> list[FollowUp]:
    """What agents are to ask in person, the oldest first."""
    rows = select(FollowUp).where(FollowUp.state == "task")
    return list(session.scalars(rows.order_by(FollowUp.due_at, FollowUp.id)))


def _lost(now: datetime) -> ColumnElement[bool]:
    """Rung long ago without an answer, and its message does not wait in the outbox for quiet hours or a carrier."""
    waits = exists().where(Message.id == FollowUp.message_id, Message.state.in_(("queued", "sending")))
    return (FollowUp.state == "calling") & (FollowUp.due_at < now - ANSWERING) & ~waits


def _subject(session: Session, order: ServiceOrder) -> Resident:
    return session.get_one(Resident, order.subject_id)


def _number(session: Session, order: ServiceOrder) -> str | None:
    """The phone on which the machine may ask: the subject's own; None means that a person must ask."""
    subject = _subject(session, order)
    if "people_only" in subject.flags:
        return None
    own = {phone.number_hash: phone.number for phone in subject.phones}
    if order.contact_number and crypto.keyed_hash(order.contact_number) in own:
        return order.contact_number
    return subject.phones[0].number if subject.phones else None


def _write(session: Session, follow_up: FollowUp, order: ServiceOrder, number: str) -> Message | None:
    subject = _subject(session, order)
    return outbox.write(
        session,
        key=f"follow_up:{follow_up.id}:{follow_up.attempts}",
        template="satisfaction",
        recipient=f"resident:{subject.id}",
        number=number,
        language=subject.language,
        params={},
        order_id=order.id,
        visit_id=follow_up.visit_id,
        kind="voice",
    )


def _hand_over(session: Session, follow_up: FollowUp, reason: str) -> None:
    if moves.move(session, follow_up, "handed_over", BY, reason=reason):
        later(session, "hotline.task", reason, follow_up.order_id)


def _conclude(session: Session, follow_up: FollowUp, by: str) -> bool:
    order = session.get_one(ServiceOrder, follow_up.order_id)
    if not rules.must_reopen(follow_up.contacted, follow_up.solved, follow_up.grade):
        _close(session, order, by)
        return False
    later(session, "hotline.task", "bad_grade", order.id)
    if order.state not in ("done", "closed"):
        return False
    return changes.reopen(session, order, by, follow_up.reason or f"follow_up:{follow_up.id}")


def _close(session: Session, order: ServiceOrder, by: str) -> None:
    if order.state == "done" and moves.move(session, order, "closed", by):
        order.resolved_at = order.resolved_at or clock.now()
