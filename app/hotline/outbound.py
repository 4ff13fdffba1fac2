"""Voice messages: the call that carries one, what it came to, and what happens when nobody was reached.

An unanswered announcement is tried three times, never at noon or at night (messages.rules); then hotline.tasks tells
a consented relative and puts the resident on the worklist.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.hotline import call_rows, carried
from app.hotline.models import Call, CallStep, Ring
from app.messages import outbox
from app.messages.models import Message
from app.messages.rules import Refusal
from app.quality import follow_ups
from app.quality.models import FollowUp

STILL_THERE = timedelta(minutes=2)
"""No prompt takes longer, and no phone rings longer."""

SLACK = timedelta(seconds=60)
"""How far the carrier's clock may be from ours."""

HOPELESS = timedelta(minutes=30)
"""The carrier could not be asked for so long."""

TO_A_PERSON = frozenset({"person", "call_back", "message", "emergency"})
"""What a flow may reach by which the rest is a person's."""


class Listed(Protocol):
    """A call as the carrier lists it (app.gateways.carrier.CarrierCall)."""

    @property
    def sid(self) -> str: ...

    @property
    def status(self) -> str: ...


@dataclass(frozen=True)
class Placing:
    """A call to be placed: our id and the number (E.164)."""

    call_id: int
    number: str


def begin(session: Session, message_id: int) -> Placing | None:
    """Claim a voice message and make its call; None if it is not to be sent (now).

    A phone on which we talk already is not rung: it would be busy. The sweep rings this job again.
    """
    message = session.get_one(Message, message_id)
    if _is_on_the_line(session, message.number_hash) or outbox.claim(session, message_id) is None:
        return None
    call_id = call_rows.create(session, carried.opening(session, message), "outbound")
    assert call_id is not None
    return Placing(call_id, message.number)


def _is_on_the_line(session: Session, number_hash: str) -> bool:
    """Whether we talk with this phone; of two messages for it, the second waits until the first is committed.

    A call without an agent of which nothing was heard for a while is over, and its news got lost.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(number_hash, 0))))
    last = select(func.max(CallStep.at)).where(CallStep.call_id == Call.id).scalar_subquery()
    talks = Call.staff_id.is_not(None) | (func.coalesce(last, Call.started_at) > clock.now() - STILL_THERE)
    under_way = select(Call.id).where(Call.number_hash == number_hash, Call.finished.is_(False), talks)
    return session.scalar(under_way.limit(1)) is not None


@dataclass(frozen=True)
class Unknown:
    """Where to look for a call nobody knows about. number: E.164. since: UTC."""

    number: str
    since: datetime


def unknown(session: Session, call_id: int) -> Unknown | None:
    """What to look for at the carrier, or None if the call has shown itself by now."""
    call = session.get_one(Call, call_id)
    if call.sid is not None or call.finished:
        return None
    return Unknown(call.number, call.started_at - SLACK)


def found(session: Session, call_id: int, listed: Iterable[Listed]) -> str | None:
    """The status of the carrier's call that is ours (of those to that number, newest first), recorded as placed now."""
    rows = list(listed)
    sids = [row.sid for row in rows]
    taken = set(session.scalars(select(Call.sid).where(Call.sid.in_(sids))))
    taken |= set(session.scalars(select(Ring.sid).where(Ring.sid.in_(sids))))
    ours = next((row for row in rows if row.sid not in taken), None)
    if ours is None:
        return None
    placed(session, call_id, ours.sid)
    return ours.status


def given_up(session: Session, call_id: int) -> bool:
    """The carrier can't say whether it was placed, and so long ago that it does not matter: a person decides.

    False if it is too early for that.
    """
    call = session.get_one(Call, call_id)
    if call.sid is not None or call.finished or call.started_at > clock.now() - HOPELESS:
        return False
    _close(call)
    if call.message_id is not None:
        outbox.lost(session, call.message_id)
    return True


def placed(session: Session, call_id: int, sid: str) -> None:
    """The carrier has taken the call."""
    call = session.get_one(Call, call_id)
    call.sid = call.sid or sid
    if call.message_id is not None:
        outbox.sent(session, call.message_id, call.sid)


def not_placed(session: Session, call_id: int, refusal: Refusal) -> None:
    """The carrier refused the call: the outbox decides whether it is tried again or a person is told."""
    call = session.get_one(Call, call_id)
    _close(call)
    if call.message_id is not None:
        outbox.failed(session, call.message_id, refusal)


def _close(call: Call) -> None:
    call.finished, call.settled, call.ended_at, call.status = True, True, clock.now(), "failed"


def not_heard(session: Session, call: Call, why: str) -> None:
    """Nobody was reached: tried again later; after the last try a relative and a person are told.

    A follow-up has its own tries, so that its calls never fall into one count with announcements.
    """
    message = _message(session, call)
    if message is None or message.state not in ("sending", "sent"):
        return
    follow_up = follow_up_of(session, call)
    if follow_up is None:
        outbox.not_reached(session, message.id, why)
        return
    moves.move(session, message, "undelivered", f"call:{call.id}", why=why)
    message.finished_at = clock.now()
    follow_ups.not_reached(session, follow_up, f"call:{call.id}")


def over(session: Session, call_id: int) -> None:
    """The call of a voice message has ended: if its flow never said whether it was heard, it was not."""
    call = session.get_one(Call, call_id)
    if not call.finished or call.settled:
        return
    call.settled = True
    if set(call.flow_state["reached"]) & TO_A_PERSON:
        _goes_on_with_a_person(session, call)
    else:
        not_heard(session, call, call.status)


def _goes_on_with_a_person(session: Session, call: Call) -> None:
    """He asked for a person instead of listening: he was reached, and a person asks or tells the rest."""
    carried.heard(session, call)
    follow_up = follow_up_of(session, call)
    if follow_up is not None:
        follow_ups.to_person(session, follow_up, "wanted")


def follow_up_of(session: Session, call: Call) -> FollowUp | None:
    """The follow-up that the call asks about; its message's key is follow_up:<id>:<attempt>."""
    message = _message(session, call)
    if message is None or not message.key.startswith("follow_up:"):
        return None
    return session.get(FollowUp, int(message.key.split(":")[1]))


def _message(session: Session, call: Call) -> Message | None:
    return session.get(Message, call.message_id) if call.message_id is not None else None
