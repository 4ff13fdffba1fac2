"""Everything that happened around one order in one list, oldest first: orders, visits, offers, messages, calls.

Nothing is left out and nothing is said in words: kinds, events and facts; the page finds the sentences.
"""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.core import phones
from app.core.moves import History
from app.messages.models import Message
from app.orders.models import ServiceOrder

KINDS = {"service_order": "order"}
"""Tables whose name is not the kind that pages know."""

Entry = dict[str, Any]


def assemble(session: Session, order: ServiceOrder) -> list[Entry]:
    """Plain dicts {kind, id, at, event, by, before, after, note, facts}, oldest first.

    kind: order, visit, offer, message, call, follow_up, call_back, … at: aware, UTC. note: what a person wrote. facts:
    codes and ids; for a message also template, message_kind, recipient, language and the masked number. The call that
    brought the order is part of it from its first ring.
    """
    rows = session.scalars(select(History).where(_around(order)).order_by(History.at, History.id)).all()
    said = {row.thing_id for row in rows if row.thing == "message"}
    messages = {row.id: row for row in session.scalars(select(Message).where(Message.id.in_(said)))} if said else {}
    return [_entry(row, messages.get(row.thing_id) if row.thing == "message" else None) for row in rows]


def _around(order: ServiceOrder) -> Any:
    if order.call_id is None:
        return History.order_id == order.id
    its_call = and_(History.thing == "call", History.thing_id == order.call_id)
    return or_(History.order_id == order.id, and_(its_call, History.order_id.is_(None)))


def _entry(row: History, message: Message | None) -> Entry:
    return {
        "kind": KINDS.get(row.thing, row.thing),
        "id": row.thing_id,
        "at": row.at,
        "event": row.event,
        "by": row.by,
        "before": row.before,
        "after": row.after,
        "note": row.note,
        "facts": row.facts | (_about_message(message) if message else {}),
    }


def _about_message(message: Message) -> dict[str, Any]:
    return {
        "template": message.template,
        "message_kind": message.kind,
        "recipient": message.recipient,
        "language": message.language,
        "number": phones.mask(message.number),
    }
