"""What an order says: one place that checks the values which intake, submission and change have in common."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from app.catalogue import clocks, items
from app.catalogue.models import ServiceItem
from app.core import crypto, settings
from app.core.errors import BadInput
from app.orders import windows
from app.orders.models import ServiceOrder
from app.people import forms
from app.people.models import Resident
from app.people.rules import LANGUAGES
from app.places import addresses
from app.places.models import Area
from app.workforce.models import Worker

FIELDS = frozenset(
    {
        "item_id",
        "subject_id",
        "caller_id",
        "caller_name",
        "contact",
        "text",
        "address",
        "place",
        "community_id",
        "window",
        "language",
        "worker_id",
        "starts_at",
    }
)
_RENAMED = {"worker_id": "wished_worker_id", "starts_at": "wished_start"}

_LINKS: dict[str, type[Any]] = {
    "subject_id": Resident,
    "caller_id": Resident,
    "worker_id": Worker,
    "community_id": Area,
}

_MAY_BE_EMPTY = frozenset({"caller_id", "worker_id"})

REDO_DAYS = 15
"""Working days in which a badly graded service is put right; localities ask for 5 to 15."""

REQUIRED = ("item_id", "subject_id", "address")


def read(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """The checked values of ``given``, any of FIELDS; None ("not said") is left out, "" means nobody or nothing.

    contact: a phone as written. window: (start, end), aware. place: [lat, lon], WGS-84 degrees. worker_id, starts_at:
    what was promised to the caller. Raises BadInput("order.wrong", problems=[{"field", "code", …}]).
    """
    unknown = sorted(set(given) - FIELDS)
    if unknown:
        raise BadInput("order.wrong", problems=[{"field": field, "code": "field.unknown"} for field in unknown])
    reader = forms.Reader({field: value for field, value in given.items() if value is not None})
    reader.read("item_id", lambda value: _item(session, value).id)
    for field, model in _LINKS.items():
        reader.read(field, partial(_known, session, model, field in _MAY_BE_EMPTY))
    reader.read("caller_name", forms.text(80))
    reader.read("contact", forms.phone)
    reader.read("text", forms.lines(4000))
    reader.read("address", forms.text(300))
    reader.read("place", forms.place)
    reader.read("window", windows.checked)
    reader.read("language", forms.one_of(LANGUAGES))
    reader.read("starts_at", _aware)
    if reader.problems:
        raise BadInput("order.wrong", problems=reader.problems)
    return reader.values


def apply(order: ServiceOrder, values: Mapping[str, Any]) -> None:
    """Put checked ``values`` (of read) into ``order``."""
    plain = dict(values)
    phone = plain.pop("contact", None)
    window = plain.pop("window", None)
    for field, value in plain.items():
        setattr(order, _RENAMED.get(field, field), value)
    if phone is not None:
        order.contact_number, order.contact_kind = phone.e164, phone.kind
        order.contact_hash = crypto.keyed_hash(phone.e164)
    if window is not None:
        order.window_start, order.window_end = window
    if "place" in plain:
        order.approximate = False


def fill_from_subject(session: Session, order: ServiceOrder, language: str | None = None) -> None:
    """What was not said is as in the subject's file: address, place, first phone, language."""
    order.language = language or order.language or settings.current().default_language
    subject = session.get(Resident, order.subject_id) if order.subject_id else None
    if subject is None:
        return
    order.language = language or subject.language
    order.community_id = order.community_id or subject.community_id
    if order.address is None:
        order.address, order.place, order.approximate = subject.address, subject.place, subject.approximate
    elif order.place is None:
        found = addresses.locate(session, order.community_id, order.address)
        order.place, order.approximate = found.place, found.approximate
    if order.contact_number is None and subject.phones:
        first = subject.phones[0]
        order.contact_number, order.contact_hash, order.contact_kind = first.number, first.number_hash, first.kind


def start_clocks(session: Session, order: ServiceOrder) -> None:
    """Both clocks run from intake, whenever the item became known."""
    item = session.get(ServiceItem, order.item_id) if order.item_id else None
    order.response_due = clocks.response_due(session, order.opened_at, item)
    order.resolution_due = clocks.resolution_due(session, order.opened_at, item)


def start_redo_clocks(session: Session, order: ServiceOrder, now: datetime) -> None:
    """A reopened order has the ordinary time to be offered again and REDO_DAYS working days to be settled."""
    item = session.get(ServiceItem, order.item_id) if order.item_id else None
    order.response_due = clocks.response_due(session, now, item)
    order.resolution_due = clocks.working_days_after(session, now, REDO_DAYS)


def differs(order: ServiceOrder, field: str, value: Any) -> bool:
    """Whether a checked value says something else than ``order`` does now."""
    if field == "contact":
        return bool(order.contact_number != value.e164)
    if field == "window":
        return bool((order.window_start, order.window_end) != value)
    return bool(getattr(order, _RENAMED.get(field, field)) != value)


def replace(session: Session, order: ServiceOrder, values: Mapping[str, Any]) -> None:
    """Put checked ``values`` into an order that said something else before; what hung on that is forgotten.

    Another subject brings his own address and phone, another address its own place, unless they were given too.
    """
    if "subject_id" in values and values["subject_id"] != order.subject_id:
        _forget_subject(session, order)
    elif "address" in values and values["address"] != order.address:
        order.place = None
    apply(order, values)


def _forget_subject(session: Session, order: ServiceOrder) -> None:
    former = session.get(Resident, order.subject_id) if order.subject_id else None
    order.address = order.place = order.community_id = None
    if former and order.contact_hash in {phone.number_hash for phone in former.phones}:
        order.contact_number = order.contact_hash = order.contact_kind = None


def missing(order: ServiceOrder) -> list[str]:
    """What an order still lacks before anybody can be sent."""
    return [field for field in REQUIRED if getattr(order, field) is None]


def _item(session: Session, item_id: Any) -> ServiceItem:
    item = session.get(ServiceItem, _id(item_id))
    if item is None or item.parent_id is None or not item.active:
        raise BadInput("item.not_orderable", given=item_id)
    return items.get(session, item.id)


def _known(session: Session, model: type[Any], optional: bool, key: Any) -> int | None:
    if optional and key == "":
        return None
    row = session.get(model, _id(key))
    if row is None:
        raise BadInput(f"{model.__tablename__}.unknown", given=key)
    return int(row.id)


def _id(value: Any) -> int:
    number = forms.whole_number(value)
    if number is None:
        raise BadInput("number.unreadable", given=value)
    return number


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise BadInput("time.without_zone", given=str(value))
    return value
