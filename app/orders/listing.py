"""Orders as people see them: the live list with filters and pages, one order by its number, its spoken state."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, crypto, phones, settings
from app.core.errors import BadInput
from app.orders.models import ServiceOrder
from app.orders.rules import LATE_STATES, ORDER
from app.people import residents
from app.people.models import Resident
from app.places import areas

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One line of a list. late: a clock has run out."""

    order: ServiceOrder
    item: ServiceItem | None
    subject: Resident | None
    late: bool


@dataclass(frozen=True)
class Page:
    """A page of lines; pages are counted from 1."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


def live(session: Session, filters: Mapping[str, Any] | None = None, page: int = 1) -> Page:
    """A page of orders: urgent ones first, then by the clock that runs out next.

    filters: state (a state, "live" by default, or "all"), channel, item_id, community_id (or any area above), late
    (true), opened_from and opened_to (aware), subject_id, text (an order's number, a phone, a name).
    """
    wanted = _filtered(session, filters or {})
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    number = min(max(page, 1), pages)
    rows = wanted.order_by(*_most_pressing()).limit(PAGE).offset((number - 1) * PAGE)
    now = clock.now()
    lines = (Line(order, item, subject, is_late(order, now)) for order, item, subject in session.execute(rows))
    return Page(tuple(lines), total, number, pages)


def by_number(session: Session, text: str) -> ServiceOrder | None:
    """The order with this number, however it was written or keyed ("1234 5678", full-width digits)."""
    return session.scalar(select(ServiceOrder).where(ServiceOrder.number == digits(text)))


def of_contact(session: Session, e164: str) -> list[ServiceOrder]:
    """Live orders about which this phone is to be reached, or whose subject has it, the latest first."""
    subjects = [resident.id for resident in residents.by_number(session, e164)]
    about = or_(ServiceOrder.contact_hash == crypto.keyed_hash(e164), ServiceOrder.subject_id.in_(subjects))
    rows = select(ServiceOrder).where(about, ServiceOrder.state.in_(ORDER.live))
    return list(session.scalars(rows.order_by(ServiceOrder.opened_at.desc(), ServiceOrder.id.desc())))


def live_of(session: Session, resident_id: int) -> list[ServiceOrder]:
    """The live orders for one resident, the latest first."""
    rows = select(ServiceOrder).where(ServiceOrder.subject_id == resident_id, ServiceOrder.state.in_(ORDER.live))
    return list(session.scalars(rows.order_by(ServiceOrder.opened_at.desc(), ServiceOrder.id.desc())))


def spoken_status(session: Session, order: ServiceOrder) -> tuple[str, datetime | None]:
    """How ``order`` stands, for anyone who knows its number: the code of its state and the time that belongs to it.

    The time (UTC) is the beginning of the wished window while the visit is to come, the end of the work when it is
    done; None where there is none to tell. No names, no places; the words are in the prompts.
    """
    if order.state in ("done", "closed"):
        return order.state, order.resolved_at
    return order.state, order.window_start if order.state in ("open", "scheduled") else None


def is_late(order: ServiceOrder, now: datetime) -> bool:
    """Whether the resolution clock, or the response clock without a response, has run out by ``now``."""
    if order.state not in LATE_STATES:
        return False
    unanswered = order.responded_at is None and order.response_due is not None and order.response_due < now
    return unanswered or (order.resolution_due is not None and order.resolution_due < now)


def digits(text: str) -> str:
    """The digits of what was written or keyed."""
    return re.sub(r"\D", "", normalize("NFKC", text))


def _filtered(session: Session, filters: Mapping[str, Any]) -> Select[ServiceOrder, ServiceItem, Resident]:
    rows = (
        select(ServiceOrder, ServiceItem, Resident)
        .outerjoin(ServiceItem, ServiceItem.id == ServiceOrder.item_id)
        .outerjoin(Resident, Resident.id == ServiceOrder.subject_id)
    )
    state = filters.get("state") or "live"
    if state == "live":
        rows = rows.where(ServiceOrder.state.in_(ORDER.live))
    elif state != "all":
        rows = rows.where(ServiceOrder.state == state)
    for field in ("channel", "item_id", "subject_id"):
        if filters.get(field):
            rows = rows.where(getattr(ServiceOrder, field) == filters[field])
    if filters.get("community_id"):
        rows = rows.where(ServiceOrder.community_id.in_(areas.within(session, int(filters["community_id"]))))
    if filters.get("late"):
        rows = rows.where(_late())
    if filters.get("opened_from"):
        rows = rows.where(ServiceOrder.opened_at >= filters["opened_from"])
    if filters.get("opened_to"):
        rows = rows.where(ServiceOrder.opened_at < filters["opened_to"])
    return rows.where(_about(session, filters["text"])) if filters.get("text") else rows


def _late() -> ColumnElement[bool]:
    now = clock.now()
    unanswered = ServiceOrder.responded_at.is_(None) & (ServiceOrder.response_due < now)
    return ServiceOrder.state.in_(LATE_STATES) & or_(unanswered, ServiceOrder.resolution_due < now)


def _about(session: Session, text: str) -> ColumnElement[bool]:
    """Orders whose number begins so, whose contact has this phone, or whose subject fits."""
    subjects = [resident.id for resident in residents.search(session, text)]
    fits: list[ColumnElement[bool]] = [ServiceOrder.subject_id.in_(subjects), ServiceOrder.caller_id.in_(subjects)]
    number = digits(text)
    if number:
        fits.append(ServiceOrder.number.startswith(number))
    try:
        phone = phones.parse(text, settings.current().default_region)
        fits.append(ServiceOrder.contact_hash == crypto.keyed_hash(phone.e164))
    except BadInput:
        pass
    return or_(*fits)


def _most_pressing() -> tuple[Any, ...]:
    pending = func.coalesce(ServiceItem.urgent, False) & ServiceOrder.state.in_(LATE_STATES)
    return (pending.desc(), ServiceOrder.resolution_due.asc().nulls_last(), ServiceOrder.id.desc())
