"""What an order's page shows: facts, visits, offers, reasons for the worker, messages and the timeline."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import calendar
from app.hotline.models import CallBack
from app.messages.models import Message
from app.orders import timeline
from app.orders.models import ServiceOrder
from app.orders.rules import LATE_STATES, ORDER
from app.people.models import Resident
from app.quality.models import FollowUp
from app.visits.models import Decision, Offer, Visit
from app.web import words
from app.web.console import telling


def states() -> list[tuple[str, str]]:
    """Every state of an order with its word, in the order of its life."""
    return words.choices("order", tuple(ORDER.table))


def of(session: Session, order: ServiceOrder) -> dict[str, Any]:
    """Everything that the page of ``order`` shows."""
    visits = _rows(session, Visit, order)
    offers = _rows(session, Offer, order)
    whose = {("visit", visit.id): visit.worker_id for visit in visits if visit.worker_id}
    whose |= {("offer", offer.id): offer.worker_id for offer in offers}
    return {
        "order": order,
        "unsure": calendar.unsure_among(session, _running(order)),
        "subject": session.get(Resident, order.subject_id or 0),
        "caller": session.get(Resident, order.caller_id or 0),
        "visits": visits,
        "offers": offers,
        "decisions": _rows(session, Decision, order)[::-1],
        "messages": _rows(session, Message, order),
        "follow_ups": _rows(session, FollowUp, order),
        "call_backs": [row for row in _rows(session, CallBack, order) if row.state != "done"],
        "lines": telling.lines(timeline.assemble(session, order), whose),
    }


def _running(order: ServiceOrder) -> list[datetime | None]:
    """When the clocks of ``order`` that still run will have run out."""
    first = order.response_due if order.responded_at is None else None
    return [first, order.resolution_due] if order.state in LATE_STATES else []


def _rows(session: Session, model: Any, order: ServiceOrder) -> list[Any]:
    return list(session.scalars(select(model).where(model.order_id == order.id).order_by(model.id)))
