"""The order form: its fields, and what they say in the words of the orders wing."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import Length, Optional

from app.catalogue import items
from app.catalogue.models import ServiceItem
from app.core import clock, settings
from app.core.errors import BadInput
from app.hotline.models import Call
from app.people.models import Resident
from app.places import areas
from app.web import i18n, sentences, words

PARTS = {"whole": ("08:30", "17:30"), "morning": ("08:30", "12:00"), "afternoon": ("13:30", "17:30")}
"""What people mean by a part of a day, in district time."""

URGENT = timedelta(hours=2)
"""Somebody is to be at the door within two hours."""

NOT_KEPT = frozenset({"csrf_token", "action"})

DAYS = [("any", _l("As soon as it fits")), ("today", _l("Today")), ("tomorrow", _l("Tomorrow")), ("date", _l("On"))]
DAY_PARTS = [
    ("whole", _l("Any time")),
    ("morning", _l("Morning")),
    ("afternoon", _l("Afternoon")),
    ("exact", _l("Between")),
]
CALLERS = [
    ("subject", _l("The same person")),
    ("resident", _l("Another resident")),
    ("other", _l("Somebody else: neighbour, family, staff")),
]


class Choice(RadioField):
    """A choice whose options depend on other fields; what was chosen is checked by the service."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, validate_choice=False, **kwargs)


class OrderForm(FlaskForm):
    """What an agent asks a caller; caller, subject and contact are three roles."""

    once = HiddenField()
    subject_q = StringField(_l("Find by phone, last four digits, name, pinyin or initials"))
    subject_id = Choice(_l("For whom"), choices=[])
    new_name = StringField(_l("Name"), [Length(max=80)])
    new_phone = StringField(_l("Phone"), [Length(max=40)])
    new_community = SelectField(_l("Community"), validate_choice=False)
    new_address = StringField(_l("Address or landmark"), [Length(max=300)])
    caller = Choice(_l("Who is calling?"), choices=words.options(CALLERS), default="subject")
    caller_q = StringField(_l("Find the caller"))
    caller_id = Choice(_l("The caller"), choices=[])
    caller_name = StringField(_l("Caller's name"), [Length(max=80)])
    contact = Choice(_l("Whom to reach about it"), choices=[])
    contact_other = StringField(_l("Other number"), [Length(max=40)])
    item_id = SelectField(_l("Service"), validate_choice=False)
    text = TextAreaField(_l("What the caller says"), [Length(max=4000)])
    address = StringField(_l("Other address or landmark"), [Length(max=300)])
    urgent = BooleanField(_l("Urgent: somebody at the door within 2 hours"))
    day = Choice(_l("Day"), choices=words.options(DAYS), default="any")
    date = DateField(_l("Date"), [Optional()])
    part = Choice(_l("Time of day"), choices=words.options(DAY_PARTS), default="whole")
    start = TimeField(_l("From"), [Optional()])
    end = TimeField(_l("Until"), [Optional()])
    promise = Choice(_l("Promise a time and a worker"), choices=[])

    def typed(self) -> dict[str, str]:
        """What stands in the form, as text, to be kept."""
        return {name: _text(field) for name, field in self._fields.items() if name not in NOT_KEPT}

    def new_resident(self) -> dict[str, Any] | None:
        """The values of a resident who is not in the list, or None if nobody was typed in."""
        if self.subject_id.data or not (self.new_name.data or "").strip():
            return None
        return {
            "name": self.new_name.data,
            "community_id": self.new_community.data,
            "address": self.new_address.data,
            "phones": [self.new_phone.data] if self.new_phone.data else [],
            "language": i18n.code(),
        }

    def complain(self, error: BadInput, new: bool = False) -> str:
        """Show the problems of ``error`` at the fields they belong to; returns the sentence for the top of the page."""
        names = NEW_RESIDENT if new else FIELDS
        for name, text in sentences.problems(error).items():
            field = self._fields.get(names.get(name, name))
            if field is not None:
                field.errors = [*field.errors, text]
        return sentences.sentence(error)


FIELDS = {"window": "day", "worker_id": "promise", "starts_at": "promise", "language": "subject_id"}
NEW_RESIDENT = {"name": "new_name", "community_id": "new_community", "address": "new_address", "phones": "new_phone"}


def _text(field: Field) -> str:
    if isinstance(field, BooleanField):
        return "1" if field.data else ""
    if field.raw_data:
        return str(field.raw_data[0])
    return "" if field.data is None else str(field.data)


def offer_choices(session: Session, form: OrderForm, usual: int | None = None) -> None:
    """Fill the lists that come from the catalogue and the areas; the ``usual`` service stands first."""
    named = i18n.in_language
    first = session.get(ServiceItem, usual) if usual else None
    form.item_id.choices = words.options([("", _l("Choose a service"))], "")
    if first is not None:
        form.item_id.choices += words.options([(str(first.id), named(first))], str(_l("Usual service")))
    for group in items.categories(session):
        form.item_id.choices += words.options(
            ((str(item.id), named(item)) for item in group.items), named(group.category)
        )
    communities = [(str(area.id), named(area)) for area in areas.communities(session)]
    form.new_community.choices = words.options([("", _l("Choose a community")), *communities])


def window(form: OrderForm) -> tuple[datetime, datetime] | None:
    """The wished window (aware), or None if any time will do. Raises BadInput("order.wrong", problems=[…])."""
    now = clock.now()
    if form.urgent.data:
        return now, now + URGENT
    if form.day.data in (None, "", "any") and form.part.data in (None, "", "whole"):
        return None
    day = _day(form, i18n.local(now).date())
    start, end = _hours(form)
    if day is None or start is None or end is None:
        raise BadInput("order.wrong", problems=[{"field": "window", "code": "window.unreadable"}])
    zone = settings.current().zone
    return max(datetime.combine(day, start, zone), now), datetime.combine(day, end, zone)


def _day(form: OrderForm, today: date) -> date | None:
    if form.day.data == "date":
        chosen: date | None = form.date.data
        return chosen
    return today + timedelta(days=1) if form.day.data == "tomorrow" else today


def _hours(form: OrderForm) -> tuple[time | None, time | None]:
    if form.part.data == "exact":
        return form.start.data, form.end.data
    start, end = PARTS[form.part.data or "whole"]
    return time.fromisoformat(start), time.fromisoformat(end)


def contact(form: OrderForm, subject: Resident | None, call: Call | None) -> str | None:
    """The number to reach somebody about the order: as chosen, or None for the subject's first phone."""
    chosen = form.contact.data or ""
    if chosen == "other":
        return form.contact_other.data or ""
    if chosen == "call" and call is not None:
        return call.number
    known = {f"phone:{phone.id}": phone.number for phone in subject.phones} if subject else {}
    return known.get(chosen)


def values(form: OrderForm, subject: Resident | None, call: Call | None) -> Mapping[str, Any]:
    """What the form says of an order, as orders.particulars reads it. Raises BadInput("order.wrong", problems=[…])."""
    worker, _, starts_at = (form.promise.data or "").partition("@")
    return {
        "item_id": form.item_id.data or None,
        "subject_id": subject.id if subject else None,
        "caller_id": form.caller_id.data or None if form.caller.data == "resident" else None,
        "caller_name": form.caller_name.data or None if form.caller.data == "other" else None,
        "contact": contact(form, subject, call),
        "text": form.text.data or None,
        "address": form.address.data or None,
        "window": window(form),
        "worker_id": worker or None,
        "starts_at": datetime.fromisoformat(starts_at) if starts_at else None,
    }
