"""Voice messages: the call that carries one, what it came to, and what happens when nobody was reached.

An unanswered announcement is tried three times, never at noon or at night; then a consented relative is told and the
resident goes on the worklist.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from app.core import clock, moves
from app.hotline import call_backs, calls
from app.hotline.calls import Opening
from app.hotline.models import Call
from app.messages import outbox, templates
from app.messages.models import Message
from app.people.models import Resident
from app.quality import follow_ups
from app.quality.models import FollowUp

ATTEMPTS = 3
BETWEEN = timedelta(minutes=30)
"""Between two tries; the outbox moves a time in quiet hours to their end."""


@dataclass(frozen=True)
class Placing:
    """A call to be placed: our id and the number (E.164)."""

    call_id: int
    number: str


def begin(session: Session, message_id: int) -> Placing | None:
    """Claim a voice message and make its call; None if it is not to be sent (now)."""
    outgoing = outbox.claim(session, message_id)
    if outgoing is None:
        return None
    message = session.get_one(Message, message_id)
    template = message.template
    flow = templates.get(template).flow
    assert flow is not None, template
    facts = templates.facts(template, message.language, message.params)
    facts["message"] = templates.say(template, message.language, message.params)
    kind, _, row_id = message.recipient.partition(":")
    resident = session.get(Resident, int(row_id)) if kind == "resident" else None
    call_id = calls.create(
        session,
        Opening(
            flow=flow,
            purpose=flow,
            number=message.number,
            facts=facts,
            language=message.language,
            pace=resident.pace if resident else "normal",
            resident_id=resident.id if resident else None,
            worker_id=int(row_id) if kind == "worker" else None,
            order_id=message.order_id,
            message_id=message.id,
        ),
        "outbound",
    )
    assert call_id is not None
    return Placing(call_id, message.number)


def placed(session: Session, call_id: int, sid: str) -> None:
    """The carrier has taken the call."""
    call = session.get_one(Call, call_id)
    call.sid = call.sid or sid
    if call.message_id is not None:
        outbox.sent(session, call.message_id, call.sid)


def not_placed(session: Session, call_id: int, error: str, passing: bool) -> None:
    """The carrier refused the call, for now or for good."""
    call = session.get_one(Call, call_id)
    call.finished, call.settled, call.ended_at, call.status = True, True, clock.now(), "failed"
    if call.message_id is None:
        return
    if passing:
        outbox.postponed(session, call.message_id, error)
    else:
        outbox.refused(session, call.message_id, error)
        _give_up(session, call, session.get_one(Message, call.message_id), error)


def heard(session: Session, call: Call) -> None:
    """The person has heard the message."""
    message = _message(session, call)
    if message is not None and message.state in ("sending", "sent"):
        moves.move(session, message, "delivered", f"call:{call.id}")
        message.finished_at = clock.now()


def not_heard(session: Session, call: Call, why: str) -> None:
    """Nobody was reached: again later, or, after the last try, somebody else is told."""
    message = _message(session, call)
    if message is None or message.state not in ("sending", "sent"):
        return
    follow_up = follow_up_of(session, call)
    if follow_up is not None:
        moves.move(session, message, "undelivered", f"call:{call.id}", why=why)
        follow_ups.not_reached(session, follow_up, f"call:{call.id}")
        return
    if message.attempts < ATTEMPTS:
        outbox.again(session, message.id, clock.now() + BETWEEN, why)
        return
    moves.move(session, message, "undelivered", f"call:{call.id}", why=why)
    _give_up(session, call, message, why)


def over(session: Session, call_id: int) -> None:
    """The call of a voice message has ended: if its flow never said whether it was heard, it was not."""
    call = session.get_one(Call, call_id)
    if call.finished and not call.settled:
        call.settled = True
        not_heard(session, call, call.status)


def follow_up_of(session: Session, call: Call) -> FollowUp | None:
    """The follow-up that the call asks about; its message's key is follow_up:<id>:<attempt>."""
    message = _message(session, call)
    if message is None or not message.key.startswith("follow_up:"):
        return None
    return session.get(FollowUp, int(message.key.split(":")[1]))


def _message(session: Session, call: Call) -> Message | None:
    return session.get(Message, call.message_id) if call.message_id is not None else None


def _give_up(session: Session, call: Call, message: Message, why: str) -> None:
    call_backs.open_for(
        session,
        "not_reached",
        f"message:{message.id}",
        call=call,
        order_id=message.order_id,
        said=message.template,
    )
    if call.resident_id is not None:
        _tell_relatives(session, session.get_one(Resident, call.resident_id), message)


def _tell_relatives(session: Session, resident: Resident, message: Message) -> None:
    for relative in resident.relatives:
        if relative.consented_at is not None:
            outbox.write(
                session,
                key=f"{message.key}:relative:{relative.id}",
                template="relative_wanted",
                recipient=f"relative:{relative.id}",
                number=relative.number,
                language=relative.language,
                params={},
                order_id=message.order_id,
                visit_id=message.visit_id,
            )
