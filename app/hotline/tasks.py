"""Work for a person that arises elsewhere in the house: it becomes a row of the worklist, with whom to ring and why."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.hotline import call_backs
from app.hotline.models import Call, CallBack
from app.hotline.rules import CALL_BACK
from app.messages import outbox
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people.models import Resident


def open_task(
    session: Session, reason: str, order_id: int, *, call: Call | None = None, said: str | None = None
) -> CallBack:
    """Put the order's resident on the worklist for ``reason``; what stands there unsettled is listed once.

    reason: one of CallBack.reason. said: what an agent should know first.
    """
    order = session.get_one(ServiceOrder, order_id, with_for_update=True)
    settled = select(func.count(CallBack.id)).where(
        CallBack.order_id == order.id, CallBack.reason == reason, CallBack.state.not_in(CALL_BACK.live)
    )
    return call_backs.open_for(
        session,
        reason,
        f"{reason}:order:{order.id}:{order.reopened}.{session.scalar(settled)}",
        call=call,
        number=_number(session, order),
        resident_id=order.subject_id,
        order_id=order.id,
        said=said,
    )


def tell_person(session: Session, message_id: int) -> CallBack | None:
    """A message did not get through, or nobody knows whether it did: relatives and a person take over."""
    message = session.get_one(Message, message_id)
    kind, _, row_id = message.recipient.partition(":")
    resident = session.get(Resident, int(row_id)) if kind == "resident" else None
    tried = message.state == "withdrawn" and message.attempts > 0
    if resident is not None and (message.state == "undelivered" or tried):
        _tell_relatives(session, resident, message)
    return call_backs.open_for(
        session,
        "message_unknown" if message.state in ("unknown", "sending") else "not_reached",
        f"message:{message.id}",
        number=message.number,
        resident_id=resident.id if resident else None,
        order_id=message.order_id,
        said=message.template,
    )


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


def _number(session: Session, order: ServiceOrder) -> str | None:
    if order.contact_number:
        return order.contact_number
    resident = session.get(Resident, order.subject_id) if order.subject_id else None
    return resident.phones[0].number if resident and resident.phones else None
