"""What the hotline has left undone for too long, by id; the clock rings the jobs again."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core import clock
from app.hotline.models import Call, CallBack, InboundText
from app.hotline.rules import CALL_BACK
from app.messages import templates
from app.messages.models import Message
from app.quality.models import FollowUp
from app.visits.models import Visit
from app.visits.rules import VISIT

ASKED_IN_PERSON = ("people_only", "wanted")
"""Reasons by which a follow-up came to a person."""

ALARMS = {"wrong_codes": "door_alarm", "duress": "duress"}
"""Why a visit needs attention, and the reason under which agents see it."""

FOLLOW_UP = "satisfaction"
"""Its own tries and its own end are kept by quality."""

LATELY = timedelta(days=1)
"""What is older was seen, or is no news any more."""


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
    """(reason, order id) of what waits for a person and stands on no worklist, whatever doorbell was lost."""
    follow_ups = select(FollowUp.order_id).where(FollowUp.state == "task", ~_waits(FollowUp.order_id, ASKED_IN_PERSON))
    found = [("people_only", order_id) for order_id in session.scalars(follow_ups)]
    return [*found, *_alarms(session), *_nobody_home(session)]


def _alarms(session: Session) -> list[tuple[str, int]]:
    """Alarms at the door that no agent has seen yet."""
    listed = exists().where(CallBack.order_id == Visit.order_id, CallBack.reason.in_(ALARMS.values()))
    rows = select(Visit.attention, Visit.order_id).where(
        Visit.attention.in_(ALARMS), Visit.state.in_(VISIT.live), ~listed
    )
    return [(ALARMS[attention], order_id) for attention, order_id in session.execute(rows) if attention]


def _nobody_home(session: Session) -> list[tuple[str, int]]:
    """Residents who did not open lately and whom nobody was asked to ring."""
    listed = exists().where(CallBack.order_id == Visit.order_id, CallBack.created_at >= Visit.ended_at)
    rows = select(Visit.order_id).where(
        Visit.state == "not_done", Visit.outcome == "nobody_home", Visit.ended_at > clock.now() - LATELY, ~listed
    )
    return [("not_reached", order_id) for order_id in session.scalars(rows)]


def untold_messages(session: Session) -> list[int]:
    """Messages that did not get through, or of which nobody knows, and that stand on no worklist."""
    spoken = [name for name, form in templates.table().items() if form.flow and name != FOLLOW_UP]
    listed = exists().where(CallBack.key == func.concat("message:", Message.id))
    rows = select(Message.id).where(
        Message.state.in_(("failed", "undelivered", "unknown")),
        Message.template.in_(spoken),
        Message.created_at > clock.now() - LATELY,
        ~listed,
    )
    return list(session.scalars(rows))


def _waits(order_id: ColumnElement[int] | InstrumentedAttribute[int], reasons: tuple[str, ...]) -> ColumnElement[bool]:
    return exists().where(
        CallBack.order_id == order_id, CallBack.reason.in_(reasons), CallBack.state.in_(CALL_BACK.live)
    )
