"""Delivery receipts: late, twice and out of order they come; a final state never gives way.

https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.messages import outbox
from app.messages.models import Message
from app.messages.rules import DELIVERY_RANK, MESSAGE, MISSED, REACHED, Refusal

log = structlog.get_logger(__name__)


def receipt(
    session: Session,
    sid: str,
    status: str,
    refusal: Refusal | None = None,
    message_id: int | None = None,
    attempt: int | None = None,
) -> Message | None:
    """Take the carrier's word on message ``sid``; unknown ones are logged and forgotten.

    status: accepted … delivered, undelivered, failed. refusal: why, for the last two. message_id, attempt: ours, as
    they rode in the address of the callback: a receipt may arrive before the carrier's answer was recorded.
    """
    message = _find(session, sid, message_id)
    if message is None or status not in DELIVERY_RANK:
        log.info("receipt_unknown", sid=sid, status=status)
        return None
    if _is_earlier(message, sid, attempt):
        # An attempt that we had given up: only that it arrived after all is still news.
        if status in REACHED:
            _reached(session, message)
        return message
    if message.state in ("queued", "sending", "unknown"):
        outbox.sent(session, message.id, sid)
    if status in REACHED:
        _reached(session, message)
    elif status in MISSED and message.state == "sent" and refusal is not None:
        outbox.fall_back(session, message, refusal)
    return message


def _find(session: Session, sid: str, message_id: int | None) -> Message | None:
    known = session.scalar(select(Message.id).where(Message.sid == sid)) or message_id
    return outbox.locked(session, known) if known is not None else None


def _is_earlier(message: Message, sid: str, attempt: int | None) -> bool:
    """Whether the receipt is about an attempt whose outcome was recorded already."""
    if message.kind == "voice" or (message.sid is not None and message.sid != sid):
        return True
    if message.state == "queued" and message.sid is not None:
        return True
    return attempt is not None and attempt < message.attempts


def _reached(session: Session, message: Message) -> None:
    if message.state not in ("failed", "undelivered") and MESSAGE.next(message.state, "delivered"):
        message.finished_at = clock.now()
        moves.move(session, message, "delivered", outbox.CARRIER)
