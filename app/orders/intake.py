"""Taking an order: from a caller's words to an open order with a number, two clocks and a history.

Caller, subject and contact are three roles. Both clocks run from intake. A call that drops leaves a draft, which an
agent finishes later without losing the time of the call.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import BadInput
from app.core.queue import later
from app.orders import confirming, numbers, particulars, windows
from app.orders.models import ServiceOrder, order_number
from app.orders.rules import CHANNELS, ORDER


def open_order(
    session: Session,
    *,
    channel: str,
    item_id: int,
    subject_id: int,
    by: str,
    call_id: int | None = None,
    caller_id: int | None = None,
    caller_name: str | None = None,
    contact: str | None = None,
    text: str | None = None,
    address: str | None = None,
    place: list[float] | None = None,
    community_id: int | None = None,
    window: tuple[datetime, datetime] | None = None,
    language: str | None = None,
    worker_id: int | None = None,
    starts_at: datetime | None = None,
) -> ServiceOrder:
    """Take a whole order; it is open, and a worker will be looked for after the commit.

    channel: one of rules.CHANNELS. contact: E.164 or as written, by default the subject's first phone. address, place
    ([lat, lon], WGS-84), community_id: by default the subject's. window: (start, end), aware, by default
    windows.default. worker_id, starts_at: whom and when the agent promised. by: "staff:7", "caller:12".

    The same call's menu gives the same order once, however often it asks.
    Raises BadInput("order.wrong", problems=[…]).
    """
    if channel == "phone_menu" and (known := _of_call(session, call_id, item_id, subject_id)):
        return known
    given = {
        "item_id": item_id,
        "subject_id": subject_id,
        "caller_id": caller_id,
        "caller_name": caller_name,
        "contact": contact,
        "text": text,
        "address": address,
        "place": place,
        "community_id": community_id,
        "window": window,
        "language": language,
        "worker_id": worker_id,
        "starts_at": starts_at,
    }
    values = particulars.read(session, given)
    order = _new(session, channel, by, call_id, "open")
    particulars.apply(order, values)
    _complete(session, order, language)
    session.add(order)
    moves.record(session, order, "opened", by, after="open", channel=channel, item_id=item_id, call_id=call_id)
    confirming.taken(session, order)
    later(session, "visits.dispatch", order.id)
    return order


def draft(
    session: Session,
    *,
    channel: str,
    by: str,
    call_id: int | None,
    contact: str | None,
    text: str | None,
    subject_id: int | None = None,
    item_id: int | None = None,
    language: str | None = None,
) -> ServiceOrder:
    """Keep what was said of an order that nobody has finished; the clocks run already.

    A call has one draft: a second time adds what was said to the first. Raises BadInput("order.wrong", problems=[…]).
    """
    given = {"contact": contact, "text": text, "subject_id": subject_id, "item_id": item_id, "language": language}
    values = particulars.read(session, given)
    known = _draft_of_call(session, call_id)
    order = known or _new(session, channel, by, call_id, "draft")
    if known and known.text and values.get("text"):
        heard = values.pop("text")
        values["text"] = known.text if heard in known.text else f"{known.text}\n{heard}"
    particulars.replace(session, order, values)
    particulars.fill_from_subject(session, order, language)
    particulars.start_clocks(session, order)
    session.add(order)
    event = "draft_added_to" if known else "drafted"
    moves.record(session, order, event, by, after=None if known else "draft", channel=channel, call_id=call_id)
    return order


def submit(session: Session, order: ServiceOrder, changes: Mapping[str, Any], by: str) -> ServiceOrder | None:
    """Finish a draft: with ``changes`` (particulars.FIELDS) it is a whole order, open since the call.

    Returns None if somebody else finished it first. Raises BadInput("order.wrong", problems=[…]) if something is wrong
    or still missing, moves.NotAllowed if it is no draft.
    """
    particulars.replace(session, order, particulars.read(session, changes))
    particulars.fill_from_subject(session, order, changes.get("language"))
    lacking = particulars.missing(order)
    if lacking:
        raise BadInput("order.wrong", problems=[{"field": field, "code": "field.missing"} for field in lacking])
    _complete(session, order, changes.get("language"))
    if moves.move(session, order, "submitted", by, item_id=order.item_id) is None:
        return None
    confirming.taken(session, order)
    later(session, "visits.dispatch", order.id)
    return order


def _new(session: Session, channel: str, by: str, call_id: int | None, state: str) -> ServiceOrder:
    if channel not in CHANNELS:
        raise BadInput("choice.unknown", given=channel, expected=list(CHANNELS))
    number = numbers.make(session.scalar(order_number.next_value()))
    return ServiceOrder(
        number=number, state=state, channel=channel, opened_at=clock.now(), call_id=call_id, taken_by=by, reopened=0
    )


def _complete(session: Session, order: ServiceOrder, language: str | None) -> None:
    particulars.fill_from_subject(session, order, language)
    particulars.start_clocks(session, order)
    windows.give(session, order)


def _of_call(session: Session, call_id: int | None, item_id: int, subject_id: int) -> ServiceOrder | None:
    if call_id is None:
        return None
    same = select(ServiceOrder).where(
        ServiceOrder.call_id == call_id,
        ServiceOrder.channel == "phone_menu",
        ServiceOrder.item_id == item_id,
        ServiceOrder.subject_id == subject_id,
        ServiceOrder.state.in_(ORDER.live - {"draft"}),
    )
    return session.scalar(same.limit(1))


def _draft_of_call(session: Session, call_id: int | None) -> ServiceOrder | None:
    if call_id is None:
        return None
    drafts = select(ServiceOrder).where(ServiceOrder.call_id == call_id, ServiceOrder.state == "draft")
    return session.scalar(drafts.limit(1).with_for_update())
