"""Looking after rows that wait: due ones are rung again, claimed ones without an outcome are asked about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.moves import History
from app.messages import outbox
from app.messages.models import Message
from app.messages.rules import BACK_OFF, REACHED

PATIENCE = timedelta(seconds=10)
"""A due message whose doorbell was rung so long ago is rung again: the bell or its worker is gone."""

STUCK = timedelta(seconds=60)
"""A claimed message without an outcome after so long: its worker died, or the carrier's answer was lost."""

HOPELESS = timedelta(minutes=30)
"""The carrier could not be asked for so long: a person decides."""

SLACK = timedelta(seconds=60)
"""How far the carrier's clock may be from ours."""

AT_ONCE = 200


class Kept(Protocol):
    """A text as the carrier lists it (app.gateways.carrier.SentText)."""

    @property
    def sid(self) -> str: ...

    @property
    def body(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def at(self) -> datetime: ...


@dataclass(frozen=True)
class Stuck:
    """Where to look for a message nobody knows about. number: E.164. since: UTC."""

    id: int
    number: str
    since: datetime


def due(session: Session) -> list[tuple[str, int]]:
    """What is to be rung now, as (job, message id): messages whose time has come, and texts that are stuck.

    Marks them as rung, so that the next sweep is patient with them. A stuck call is the hotline's.
    """
    now = clock.now()
    waiting = select(Message.id).where(
        Message.state == "queued",
        Message.due_at <= now,
        or_(Message.rung_at.is_(None), Message.rung_at < now - PATIENCE),
    )
    stuck = select(Message.id).where(
        Message.state == "sending",
        Message.kind == "text",
        Message.claimed_at < now - STUCK,
        or_(Message.rung_at.is_(None), Message.rung_at < now - STUCK),
    )
    queued = _mark(session, waiting.order_by(Message.due_at), now)
    jobs = [("hotline.place_call" if kind == "voice" else "messages.send", row_id) for row_id, kind in queued]
    return jobs + [("messages.reconcile", row_id) for row_id, _ in _mark(session, stuck, now)]


def _mark(session: Session, rows: Select[Any], now: datetime) -> list[tuple[int, str]]:
    taken = rows.limit(AT_ONCE).with_for_update(skip_locked=True)
    mark = update(Message).where(Message.id.in_(taken)).values(rung_at=now).returning(Message.id, Message.kind)
    found = session.execute(mark.execution_options(synchronize_session=False))
    return [(row_id, kind) for row_id, kind in found]


def stuck(session: Session, message_id: int) -> Stuck | None:
    """What to look for, or None if the message has an outcome by now."""
    message = session.get(Message, message_id)
    if message is None or message.state != "sending" or message.claimed_at is None:
        return None
    if message.claimed_at > clock.now() - STUCK:
        return None
    return Stuck(message.id, message.number, message.claimed_at - SLACK)


def settle(session: Session, message_id: int, listed: Iterable[Kept], complete: bool) -> str:
    """Decide about a stuck message by what the carrier lists for its number since the claim.

    Found: it is sent. Surely not there (``complete``): it is queued again. Else a person is told.
    Returns sent, repeated, lost, or settled if somebody else knew the outcome first.
    """
    message = outbox.locked(session, message_id)
    if message is None or message.state != "sending":
        return "settled"
    found = _ours(session, message, listed)
    if found is not None:
        outbox.sent(session, message.id, found.sid)
        if found.status in REACHED:
            outbox.told(session, message.id)
        return "sent"
    if complete and message.attempts <= len(BACK_OFF):
        message.due_at = clock.now()
        moves.move(session, message, "repeated", outbox.BY)
        outbox.ring(session, message)
        return "repeated"
    outbox.lost(session, message.id)
    return "lost"


def _ours(session: Session, message: Message, listed: Iterable[Kept]) -> Kept | None:
    """The listed text with our words that belongs to no other message and no earlier attempt of this one."""
    body = (message.body or "").strip()
    same = [text for text in listed if text.body.strip().endswith(body)]
    sids = [text.sid for text in same]
    taken = set(session.scalars(select(Message.sid).where(Message.sid.in_(sids))))
    told = select(History.facts["sid"].astext).where(
        History.thing == Message.__tablename__, History.thing_id == message.id, History.event == "sent"
    )
    taken |= set(session.scalars(told))
    return min((text for text in same if text.sid not in taken), key=lambda text: text.at, default=None)


def no_answer(session: Session, message_id: int) -> None:
    """The carrier could not be asked: again at the next sweep, for a while; then a person decides."""
    message = session.get(Message, message_id)
    if message is not None and message.claimed_at is not None and message.claimed_at < clock.now() - HOPELESS:
        outbox.lost(session, message_id)
