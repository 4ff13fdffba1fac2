"""Written confirmation of an order, for lines that take texts: its number when taken, and that it was called off.

Only by text: whoever has a landline heard the number on the phone, and is rung once somebody is found.
"""

from sqlalchemy.orm import Session

from app.messages import lines, outbox
from app.orders.models import ServiceOrder
from app.people.models import Resident

SPOKEN = frozenset({"phone_menu"})
"""Channels on which the caller has just heard the number from the machine."""


def taken(session: Session, order: ServiceOrder) -> None:
    """Confirm that the order is taken, with its number."""
    if order.channel not in SPOKEN:
        _write(session, order, "order_confirmed", f"order_confirmed:{order.id}")


def called_off(session: Session, order: ServiceOrder) -> None:
    """Confirm that the order was called off, for somebody to whom no visit had been announced."""
    _write(session, order, "order_cancelled", f"order_cancelled:{order.id}:{order.reopened}")


def _write(session: Session, order: ServiceOrder, template: str, key: str) -> None:
    subject = session.get(Resident, order.subject_id) if order.subject_id else None
    if subject is None or not order.contact_number or "people_only" in subject.flags:
        return
    if lines.kind_for(session, order.contact_number) != "text":
        return
    outbox.write(
        session,
        key=key,
        template=template,
        recipient=f"resident:{subject.id}",
        number=order.contact_number,
        language=order.language,
        params={"number": order.number},
        order_id=order.id,
        kind="text",
    )
