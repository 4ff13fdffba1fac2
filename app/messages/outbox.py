"""The outbox: one row a message, written once by its key, claimed once an attempt, recorded after the carrier's answer.

Order of a sending: write and commit; claim and commit; hand to the carrier with no session open; record and commit.
Whoever dies between claim and record leaves a row in ``sending``, which is never sent again without asking the carrier
(app.messages.sweep).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock, crypto, moves, settings, site
from app.core.queue import later
from app.messages import lines, parts, templates, timing
from app.messages.models import Message
from app.messages.rules import (
    MESSAGE,
    SET_UP_WAIT,
    VOICE_TRIES,
    VOICE_WAIT,
    Refusal,
    wait_before,
)

log = structlog.get_logger(__name__)

BY = "system:messages"
CARRIER = "system:carrier"


@dataclass(frozen=True)
class Outgoing:
    """What a claimed message is to be carried out with. number: E.164. body: the text, "" for voice."""

    id: int
    kind: str
    number: str
    body: str
    attempt: int
    template: str
    language: str


def write(
    session: Session,
    *,
    key: str,
    template: str,
    recipient: str,
    number: str,
    language: str,
    params: Mapping[str, Any],
    order_id: int | None = None,
    visit_id: int | None = None,
    urgent: bool = False,
    kind: str | None = None,
    good_until: datetime | None = None,
) -> Message | None:
    """Put a message into the outbox, once by ``key``.

    key: what it is about, such as "offer:12". recipient: worker:3, resident:12, relative:5 or caller:7. number: E.164.
    params: raw values as the template declares them (moments as aware datetimes). urgent: goes out in quiet hours too.
    kind: text or voice; by default the line decides. good_until: after it the message is stale; by default
    timing.good_until. What quiet hours would hold back until it is stale goes to a worker at once, and to a resident
    through a person.

    Returns None if the key exists already, or if the template is only a text and the line takes none. Raises
    BadInput("template.unknown"), BadInput("template.params"), BadInput("phone.unreadable").
    """
    form = templates.get(template)
    packed = templates.pack(form, params)
    kind = kind or ("text" if form.opted_out else lines.kind_for(session, number))
    if kind == "voice" and form.flow is None:
        return None
    now = clock.now()
    due = timing.first_moment(session, form, kind, urgent, now)
    row = insert(Message).values(
        state=MESSAGE.initial,
        kind=kind,
        key=key,
        template=template,
        params=packed,
        language=language,
        recipient=recipient,
        number=number,
        number_hash=crypto.keyed_hash(number),
        order_id=order_id,
        visit_id=visit_id,
        urgent=urgent,
        created_at=now,
        due_at=due,
        good_until=good_until or timing.good_until(form, params, due, now),
    )
    made = session.scalar(row.on_conflict_do_nothing(index_elements=["key"]).returning(Message.id))
    if made is None:
        return None
    message = session.get_one(Message, made)
    moves.record(session, message, "written", BY, template=template, kind=kind)
    _ring_in_time(session, message)
    return message


def ring(session: Session, message: Message) -> None:
    """Ring the doorbell for a queued message that is due; others are rung by the sweep when their time comes."""
    if message.due_at > clock.now():
        message.rung_at = None
        return
    message.rung_at = clock.now()
    later(session, "hotline.place_call" if message.kind == "voice" else "messages.send", message.id)


def _ring_in_time(session: Session, message: Message) -> None:
    """Ring, unless quiet hours would hold the message back until it is no news any more."""
    if message.due_at >= message.good_until > clock.now():
        if templates.get(message.template).to == "resident":
            _withdraw(session, message, "too_late")
            return
        message.urgent, message.due_at = True, clock.now()
    ring(session, message)


def claim_text(session: Session, message_id: int) -> Outgoing | None:
    """Claim a text for sending; a message that turned to voice meanwhile is handed to the hotline."""
    message = session.get(Message, message_id)
    if message is not None and message.kind == "voice" and message.state == "queued":
        ring(session, message)
        return None
    if message is not None and message.state == "queued" and _is_refused_meanwhile(session, message):
        return None
    return claim(session, message_id)


def _is_refused_meanwhile(session: Session, message: Message) -> bool:
    """Its owner said STOP after it was written: it is said by voice, or, if it is only a text, let go."""
    form = templates.get(message.template)
    if form.opted_out or not lines.has_stopped(session, message.number):
        return False
    if form.flow is None:
        _withdraw(session, message, "stopped")
        return True
    message.kind = "voice"
    message.due_at = timing.first_moment(session, form, "voice", message.urgent, clock.now())
    ring(session, message)
    return True


def claim(session: Session, message_id: int) -> Outgoing | None:
    """Take a queued message for one attempt; None if it is not to be sent now, or somebody was first.

    Stale messages are withdrawn, those for numbers that may not be contacted before going live are withheld, and those
    that fell into quiet hours wait.
    """
    message = session.get(Message, message_id)
    if message is None or message.state != "queued" or not _may_go(session, message):
        return None
    if moves.move(session, message, "claimed", BY) is None:
        return None
    message.attempts += 1
    message.claimed_at = clock.now()
    message.sid = message.error = None
    if message.kind == "text":
        message.body = settings.current().sms_signature + templates.write(
            message.template, message.language, message.params
        )
        message.segments = parts.count(message.body).count
    session.flush()
    return Outgoing(
        id=message.id,
        kind=message.kind,
        number=message.number,
        body=message.body or "",
        attempt=message.attempts,
        template=message.template,
        language=message.language,
    )


def _may_go(session: Session, message: Message) -> bool:
    now = clock.now()
    form = templates.get(message.template)
    if message.good_until <= now:
        _withdraw(session, message, "stale")
        return False
    if not site.may_contact(session, message.number):
        moves.move(session, message, "withheld", BY)
        return False
    if message.due_at <= now:
        message.due_at = max(message.due_at, timing.first_moment(session, form, message.kind, message.urgent, now))
    return message.due_at <= now


def sent(session: Session, message_id: int, sid: str) -> None:
    """The carrier took it under ``sid``; harmless if a receipt said so first."""
    message = locked(session, message_id)
    if message is None:
        return
    if MESSAGE.next(message.state, "sent") is not None:
        message.sid = sid
        message.sent_at = clock.now()
        moves.move(session, message, "sent", CARRIER, sid=sid, attempt=message.attempts)
    elif message.sid is None and message.state != "withdrawn":
        message.sid = sid


def failed(session: Session, message_id: int, refusal: Refusal) -> None:
    """The carrier did not take it: again later, by voice, or a person is told, as ``refusal`` says.

    An unclear refusal changes nothing: the row stays in ``sending`` until the carrier has been asked.
    """
    message = locked(session, message_id)
    if message is not None and message.state == "sending":
        fall_back(session, message, refusal)


def fall_back(session: Session, message: Message, refusal: Refusal) -> None:
    """What to do with a message (locked, sending or sent) that the carrier could not deliver."""
    if refusal.kind == "unclear":
        return
    message.error = refusal.code
    if refusal.kind == "misconfigured":
        log.error("carrier_misconfigured", error=refusal.code, message=message.id)
        message.attempts -= 1
        _postpone(session, message, timedelta(seconds=SET_UP_WAIT))
    elif refusal.kind == "passing":
        wait = wait_before(message.attempts, refusal.tries)
        _postpone(session, message, wait) if wait else _give_up(session, message)
    else:
        _mark_line(session, message, refusal)
        _rewrite(session, message) if message.kind == "text" and _flow(message) else _give_up(session, message)


def _mark_line(session: Session, message: Message, refusal: Refusal) -> None:
    if message.kind == "text" and refusal.opted_out:
        lines.stop(session, message.number_hash)
    elif message.kind == "text" and refusal.number:
        lines.mark_bad(session, message.number_hash, refusal.code, message.id)


def _postpone(session: Session, message: Message, wait: timedelta) -> None:
    form = templates.get(message.template)
    message.due_at = timing.first_moment(session, form, message.kind, message.urgent, clock.now() + wait)
    message.rung_at = None
    moves.move(session, message, "postponed", CARRIER, error=message.error, seconds=int(wait.total_seconds()))
    if message.due_at >= message.good_until:
        _withdraw(session, message, "too_late")


def _rewrite(session: Session, message: Message) -> None:
    """No text reaches this line: the same message as a call."""
    message.kind = "voice"
    message.attempts = 0
    message.sid = message.body = message.segments = None
    message.due_at = timing.first_moment(session, templates.get(message.template), "voice", message.urgent, clock.now())
    moves.move(session, message, "rewritten", CARRIER, error=message.error)
    _ring_in_time(session, message)


def _give_up(session: Session, message: Message) -> None:
    message.finished_at = clock.now()
    event = "refused" if MESSAGE.next(message.state, "refused") else "undelivered"
    moves.move(session, message, event, CARRIER, error=message.error)
    tell_person(session, message)


def tell_person(session: Session, message: Message) -> None:
    """Somebody must know; mere answers to texts (templates without a voice version) are let go."""
    if _flow(message):
        later(session, "hotline.tell_person", message.id)


def _flow(message: Message) -> str | None:
    return templates.get(message.template).flow


def not_reached(session: Session, message_id: int, why: str) -> bool:
    """Nobody heard a voice message: True if it is tried again, False if a person is told now.

    why: a call status, or what the flow said. A resident whom urgent news rang at noon or at night is rung again at
    decent hours only; where that is too late, a person is told now (decision 14).
    """
    message = locked(session, message_id)
    if message is None or message.state not in ("sending", "sent"):
        return False
    message.error = why[:60]
    if message.attempts < VOICE_TRIES:
        if templates.get(message.template).to == "resident":
            message.urgent = False
        _postpone(session, message, VOICE_WAIT)
        return message.state == "queued"
    message.finished_at = clock.now()
    moves.move(session, message, "undelivered", CARRIER, error=message.error)
    tell_person(session, message)
    return False


def told(session: Session, message_id: int) -> None:
    """It reached the person."""
    message = locked(session, message_id)
    if message is not None and MESSAGE.next(message.state, "delivered"):
        message.finished_at = clock.now()
        moves.move(session, message, "delivered", CARRIER)


def lost(session: Session, message_id: int) -> None:
    """Nobody knows whether it went out: a person decides."""
    message = locked(session, message_id)
    if message is not None and message.state == "sending":
        moves.move(session, message, "lost", BY)
        tell_person(session, message)


def withdraw(session: Session, key: str) -> bool:
    """Take back a message that has not gone out; True if it will not."""
    message = session.scalar(select(Message).where(Message.key == key).with_for_update())
    if message is None or message.state not in ("queued", "withheld"):
        return False
    _withdraw(session, message, "taken_back")
    return True


def _withdraw(session: Session, message: Message, why: str) -> None:
    message.finished_at = clock.now()
    if moves.move(session, message, "withdrawn", BY, why=why) is None:
        return
    if why != "taken_back" and templates.get(message.template).to == "resident":
        tell_person(session, message)


def locked(session: Session, message_id: int) -> Message | None:
    """The row, locked against other recorders until the commit."""
    query = select(Message).where(Message.id == message_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))
