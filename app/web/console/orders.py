"""Orders: the live list, one order's page, and what people do to it: change, cancel, restore, reopen."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField, TextAreaField

from app.catalogue import calendar
from app.catalogue.models import ServiceItem
from app.core import db
from app.core.errors import BadInput, NotFound
from app.orders import changes, listing
from app.orders.models import ServiceOrder
from app.orders.rules import CHANGEABLE, LATE_STATES, ORDER
from app.people import access
from app.people.models import Resident
from app.web import guards, sentences, words
from app.web.console import order_facts, order_form
from app.web.console.blueprint import blueprint
from app.web.console.live import unless_seen
from app.web.console.order_form import OrderForm

Answer = str | Response | tuple[str, int]

FILTERS = ("state", "channel", "item_id", "late", "text")


class Reason(FlaskForm):
    """Why something is done."""

    reason = StringField(_l("Reason"))


CLOCKS = (("", _l("all")), ("1", _l("run out")))


class Filters(FlaskForm):
    """What the list shows."""

    class Meta:
        csrf = False

    text = StringField(_l("Number, phone or name"))
    state = SelectField(_l("State"), validate_choice=False)
    late = SelectField(_l("Clocks"), choices=words.options(CLOCKS), validate_choice=False)


class Change(OrderForm):
    """What may be said differently of an order, and why."""

    text = TextAreaField(_l("What the caller says"))
    reason = StringField(_l("Why is it changed?"))


@blueprint.get("/orders")
@guards.allow(*guards.OPERATORS)
def orders() -> Answer:
    """The list; a number that names one order opens it."""
    with db.unit_of_work() as session:
        wanted = request.args.get("text", "")
        found = listing.by_number(session, wanted) if len(listing.digits(wanted)) == 8 else None
        if found is not None:
            return redirect(url_for("console.order", number=found.number))
        return render_template("console/orders.html", form=_filters(), **_list(session))


@blueprint.get("/orders/live")
@guards.allow(*guards.OPERATORS)
def orders_live() -> Answer:
    """The list by itself, asked for every few seconds; 204 while nothing has changed."""
    with db.unit_of_work() as session:
        return unless_seen(render_template("console/orders_live.html", **_list(session)))


def _list(session: Session) -> dict[str, Any]:
    filters = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    page = listing.live(session, filters, request.args.get("page", 1, int))
    ends = [line.order.resolution_due for line in page.lines if line.order.state in LATE_STATES]
    return {"page": page, "filters": filters, "unsure": calendar.unsure_among(session, ends)}


def _filters() -> Filters:
    form = Filters(MultiDict(request.args))
    form.state.choices = words.options([("", _l("all that are open")), ("all", _l("all")), *order_facts.states()])
    return form


@blueprint.get("/orders/<number>")
@guards.allow(*guards.OPERATORS)
def order(number: str) -> Answer:
    """Everything about one order."""
    with db.unit_of_work() as session:
        found = find(session, number)
        _log_look(session, found)
        return render_template("console/order.html", **order_facts.of(session, found), **_doing(found))


def _log_look(session: Session, found: ServiceOrder) -> None:
    if found.subject_id:
        access.log(session, current_user.by, "file", found.subject_id, f"order {found.number}")


@blueprint.get("/orders/<number>/live")
@guards.allow(*guards.OPERATORS)
def order_live(number: str) -> Answer:
    """The parts of an order's page that change by themselves."""
    with db.unit_of_work() as session:
        return unless_seen(render_template("console/order_live.html", **order_facts.of(session, find(session, number))))


@blueprint.get("/orders/id/<int:key>")
@guards.allow(*guards.OPERATORS)
def order_by_id(key: int) -> Answer:
    """The page of the order that other records know by its id."""
    with db.unit_of_work() as session:
        found = session.get(ServiceOrder, key)
        if found is None:
            raise NotFound("order.unknown")
        return redirect(url_for("console.order", number=found.number))


def find(session: Session, number: str) -> ServiceOrder:
    """The order of an address. Raises NotFound("order.unknown")."""
    found = listing.by_number(session, number)
    if found is None:
        raise NotFound("order.unknown")
    return found


def _doing(found: ServiceOrder) -> dict[str, Any]:
    return {
        "reason": Reason(),
        "may_change": found.state in CHANGEABLE,
        "may_cancel": ORDER.next(found.state, "cancelled") is not None,
        "may_restore": found.state == "cancelled",
        "may_reopen": ORDER.next(found.state, "reopened") is not None,
    }


@blueprint.post("/orders/<number>/cancel")
@guards.allow(*guards.OPERATORS)
def cancel_order(number: str) -> Answer:
    """Call it off; the page offers to take that back."""
    return _do(number, changes.cancel, gettext("The order is cancelled. You can take that back below."))


@blueprint.post("/orders/<number>/restore")
@guards.allow(*guards.OPERATORS)
def restore_order(number: str) -> Answer:
    """Take a cancellation back."""
    return _do(number, changes.restore, gettext("The order is open again."))


@blueprint.post("/orders/<number>/reopen")
@guards.allow(*guards.OPERATORS)
def reopen_order(number: str) -> Answer:
    """It was not done well: once more."""
    return _do(number, changes.reopen, gettext("The order is open again."))


def _do(number: str, service: Any, told: str) -> Answer:
    try:
        with db.unit_of_work() as session:
            done = service(session, find(session, number), current_user.by, Reason().reason.data or "")
    except BadInput as error:
        flash(sentences.sentence(error), "error")
    else:
        flash(told if done else sentences.by_code("move.overtaken"), "done" if done else "warn")
    return redirect(url_for("console.order", number=number))


@blueprint.route("/orders/<number>/change", methods=["GET", "POST"])
@guards.allow(*guards.OPERATORS)
def change_order(number: str) -> Answer:
    """Change what was asked for; the worker is told."""
    form = Change() if request.method == "POST" else None
    try:
        with db.unit_of_work() as session:
            found = find(session, number)
            _log_look(session, found)
            if form is None:
                return _change_page(session, found, Change(_present(found)))
            _change(session, found, form)
    except BadInput as error:
        with db.unit_of_work() as session:
            assert form is not None
            return _change_page(session, find(session, number), form, form.complain(error)), 422
    return redirect(url_for("console.order", number=number))


def _change(session: Session, found: ServiceOrder, form: Change) -> None:
    values = order_form.values(form, session.get(Resident, found.subject_id or 0), None)
    wanted = {name: values[name] for name in ("item_id", "text", "address", "window", "contact") if values[name]}
    if changes.change(session, found, wanted, current_user.by, form.reason.data or ""):
        flash(gettext("The order is changed; a worker who has it is told."), "done")
    else:
        flash(gettext("Nothing was different."), "warn")


def _present(found: ServiceOrder) -> MultiDict[str, str]:
    """The form as the order stands; a window is only sent when it is to be changed."""
    present = {"item_id": found.item_id, "text": found.text, "address": found.address}
    return MultiDict({name: str(value) for name, value in present.items() if value})


def _change_page(session: Session, found: ServiceOrder, form: Change, trouble: str = "") -> str:
    order_form.offer_choices(session, form)
    subject = session.get(Resident, found.subject_id or 0)
    item = session.get(ServiceItem, found.item_id or 0)
    return render_template(
        "console/order_change.html", order=found, form=form, subject=subject, item=item, trouble=trouble, about=None
    )
