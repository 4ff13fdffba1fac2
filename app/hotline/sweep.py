"""What the hotline has left undone for too long, by id; the clock rings the jobs again."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.hotline.models import Call, CallBack, InboundText
from app.quality.models import FollowUp

ASKED_IN_PERSON = ("people_only", "wanted")
"""Reasons by which a follow-up came to a person."""


def unread_texts(session: Session, before: datetime) -> list[int]:
    """Texts that came before ``before`` and were not understood yet."""
    rows = select(InboundText.id).where(InboundText.handled_at.is_(None), InboundText.received_at < before)
    return list(session.scalars(rows.order_by(InboundText.id)))


def ended_calls(session: Session, before: datetime) -> list[int]:
    """Calls of voice messages that ended before ``before`` while their message still counts as under way."""
    rows = select(Call.id).where(
        Call.finished.is_(True), Call.message_id.is_not(None), Call.settled.is_(False), Call.ended_at < before
    )
    return list(session.scalars(rows))


def unknown_calls(session: Session, before: datetime) -> list[int]:
    """Calls that were to be placed before ``before`` and have neither a sid nor an end."""
    rows = select(Call.id).where(
        Call.direction == "outbound", Call.sid.is_(None), Call.finished.is_(False), Call.started_at < before
    )
    return list(session.scalars(rows))


def unlisted_tasks(session: Session) -> list[tuple[str, int]]:
    """(reason, order id) of follow-ups that wait for a person and stand on no worklist."""
    listed = exists().where(CallBack.order_id == FollowUp.order_id, CallBack.reason.in_(ASKED_IN_PERSON))
    rows = select(FollowUp.order_id).where(FollowUp.state == "task", ~listed)
    return [("people_only", order_id) for order_id in session.scalars(rows)]
