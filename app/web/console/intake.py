"""Taking an order: who calls, for whom, what, where and when; whatever is typed is kept until it is sent."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.core import db
from app.core.errors import BadInput, NotFound
from app.hotline import call_backs
from app.hotline.models import Call, CallBack
from app.orders import intake, listing
from app.orders.models import ServiceOrder
from app.people import access, kept_forms, residents
from app.people.models import Resident
from app.visits import proposing
from app.web import guards
from app.web.console import order_form
from app.web.console.blueprint import blueprint
from app.web.console.order_form import OrderForm

Answer = str | Response | tuple[str, int]

RESULTS = 8

SENT = "sent:"
"""Begins the name under which is noted what came of a form, so that sending it twice makes one order."""


@dataclass
class Occasion:
    """Why the form was opened: a call, a call-back, an unfinished order; or none of them."""

    call: Call | None
    call_back: CallBack | None
    draft: ServiceOrder | None

    @property
    def key(self) -> str:
        """The name under which the form's typing is kept."""
        if self.draft is not None:
            return f"order:draft:{self.draft.id}"
        return f"order:call:{self.call.id}" if self.call else "order:new"

    @property
    def query(self) -> dict[str, Any]:
        """The same as the address of the form says it."""
        named = {"call": self.call, "call_back": self.call_back, "draft": self.draft}
        return {name: thing.id for name, thing in named.items() if thing is not None}

    @property
    def number(self) -> str:
        """The number that calls or is to be rung back, E.164, or nothing."""
        return (self.call.number if self.call else None) or (self.call_back.number if self.call_back else None) or ""


def occasion(session: Session) -> Occasion:
    """Why the form was opened, from its address."""
    call_back = session.get(CallBack, request.args.get("call_back", 0, int))
    call = session.get(Call, request.args.get("call", 0, int) or (call_back.call_id if call_back else 0) or 0)
    order_id = request.args.get("draft", 0, int) or (call_back.order_id if call_back else 0) or 0
    draft = session.get(ServiceOrder, order_id)
    return Occasion(call, call_back, draft if draft is not None and draft.state == "draft" else None)


@blueprint.route("/orders/new", methods=["GET", "POST"])
@guards.allow(*guards.AGENTS)
def new_order() -> Answer:
    """The order form; every button but the last only shows it again with more known."""
    with db.unit_of_work() as session:
        about = occasion(session)
        if request.method == "GET":
            return _page(session, OrderForm(_kept_or_fresh(session, about)), about)
        form = OrderForm()
        _look(session, form, about)
        kept_forms.keep(session, current_user.id, about.key, form.typed())
        if request.form.get("action") != "save":
            return _page(session, form, about)
    return _save()


def _save() -> Answer:
    """Take the order in a transaction of its own: if anything is wrong, only the typing stays."""
    form = OrderForm()
    new = form.new_resident()
    try:
        with db.unit_of_work() as session:
            number = _take_once(session, form, occasion(session), new)
    except BadInput as error:
        with db.unit_of_work() as session:
            trouble = form.complain(error, new=error.code == "resident.wrong")
            return _page(session, form, occasion(session), trouble), 422
    return redirect(url_for("console.order_taken", number=number))


def _take_once(session: Session, form: OrderForm, about: Occasion, new: dict[str, Any] | None) -> str:
    """The order's number; the same one if this very form was sent before (a double click, a reload, a slow line)."""
    if not form.once.data:
        return _take(session, form, about, new).number
    sent = f"{SENT}{form.once.data[:40]}"
    if not kept_forms.first(session, current_user.id, sent):
        kept_forms.forget(session, current_user.id, about.key)
        return str((kept_forms.kept(session, current_user.id, sent) or {})["number"])
    order = _take(session, form, about, new)
    kept_forms.keep(session, current_user.id, sent, {"number": order.number})
    return order.number


def _take(session: Session, form: OrderForm, about: Occasion, new: dict[str, Any] | None) -> ServiceOrder:
    subject = residents.create(session, new, current_user.by) if new else _resident(session, form.subject_id.data)
    values = order_form.values(form, subject, about.call)
    missing = [field for field in ("subject_id", "item_id") if not values[field]]
    if missing:
        raise BadInput("order.wrong", problems=[{"field": field, "code": "field.missing"} for field in missing])
    if about.draft is not None:
        intake.submit(session, about.draft, values, current_user.by)
        order = about.draft
    else:
        call_id = about.call.id if about.call else None
        order = intake.open_order(session, channel="phone_agent", by=current_user.by, call_id=call_id, **values)
    _settle(session, about, order)
    return order


def _settle(session: Session, about: Occasion, order: ServiceOrder) -> None:
    """The call knows its order, the call-back is done, the typing is forgotten."""
    if about.call is not None and about.call.order_id is None:
        about.call.order_id = order.id
    if about.call_back is not None and about.call_back.state != "done":
        about.call_back.order_id = order.id
        result = gettext("Order %(number)s taken.", number=order.number)
        call_backs.finish(session, about.call_back, current_user.id, result)
    kept_forms.forget(session, current_user.id, about.key)


@blueprint.post("/orders/new/keep")
@guards.allow(*guards.AGENTS)
def keep_order() -> Answer:
    """Keep what is being typed; asked for a moment after each change."""
    with db.unit_of_work() as session:
        kept_forms.keep(session, current_user.id, occasion(session).key, OrderForm().typed())
    return "", 204


@blueprint.post("/orders/new/discard")
@guards.allow(*guards.AGENTS)
def discard_order() -> Answer:
    """Throw away what was typed and begin anew."""
    with db.unit_of_work() as session:
        about = occasion(session)
        kept_forms.forget(session, current_user.id, about.key)
        return redirect(url_for("console.new_order", **about.query))


@blueprint.get("/orders/<number>/taken")
@guards.allow(*guards.AGENTS)
def order_taken(number: str) -> Answer:
    """The number to read to the caller, in two groups."""
    with db.unit_of_work() as session:
        order = listing.by_number(session, number)
        if order is None:
            raise NotFound("order.unknown")
        return render_template("console/order_taken.html", order=order, subject=_resident(session, order.subject_id))


@blueprint.get("/residents/pick")
@guards.allow(*guards.OPERATORS)
def pick_resident() -> Answer:
    """The people who fit what is being typed, to be chosen from (part of a page)."""
    role = "caller" if "caller_q" in request.args else "subject"
    text = request.args.get(f"{role}_q", "")
    with db.unit_of_work() as session:
        found = residents.search(session, text, RESULTS)
        return render_template("console/pick.html", found=found, role=role, text=text, chosen="")


def _page(session: Session, form: OrderForm, about: Occasion, trouble: str = "") -> str:
    subject = _resident(session, form.subject_id.data)
    order_form.offer_choices(session, form, subject.usual_item_id if subject else None)
    here = residents.by_number(session, about.number) if about.number else []
    return render_template(
        "console/order_form.html",
        form=form,
        about=about,
        trouble=trouble,
        subject=subject,
        caller=_resident(session, form.caller_id.data),
        found=_found(session, form.subject_q.data) or here,
        callers=_found(session, form.caller_q.data) or here,
        others=listing.live(session, {"subject_id": subject.id}).lines if subject else (),
        proposals=_proposals(session, form, subject),
    )


def _proposals(session: Session, form: OrderForm, subject: Resident | None) -> tuple[proposing.Choice, ...] | None:
    """Three times and workers, as soon as person and service are known; None while the time can't be read."""
    if subject is None or not (form.item_id.data or "").isdigit():
        return ()
    try:
        window = order_form.window(form)
        if window and window[0] >= window[1]:
            return None
        return proposing.propose(session, item_id=int(form.item_id.data), subject_id=subject.id, window=window)
    except BadInput:
        return None
    except NotFound:
        return ()


def _found(session: Session, text: str | None) -> list[Resident]:
    return residents.search(session, text, RESULTS) if text and text.strip() else []


def _resident(session: Session, key: Any) -> Resident | None:
    return session.get(Resident, int(key)) if str(key or "").isdigit() else None


def _look(session: Session, form: OrderForm, about: Occasion) -> None:
    """Choosing a subject opens part of his file: logged once each."""
    before = kept_forms.kept(session, current_user.id, about.key) or {}
    chosen = form.subject_id.data or ""
    if chosen and chosen != before.get("subject_id"):
        access.log(session, current_user.by, "file", int(chosen), about.key)


def _kept_or_fresh(session: Session, about: Occasion) -> MultiDict[str, str]:
    """What was typed before; else what call, call-back and draft already tell."""
    kept = kept_forms.kept(session, current_user.id, about.key)
    if kept is not None:
        return MultiDict({"once": secrets.token_hex(8)} | {name: text for name, text in kept.items() if text})
    fresh: dict[str, Any] = {"subject_id": request.args.get("subject"), "new_phone": about.number}
    fresh["once"] = secrets.token_hex(8)
    if about.call is not None:
        fresh["subject_id"] = fresh["subject_id"] or about.call.resident_id
        fresh["contact"] = "call"
    if about.draft is not None:
        fresh |= {"subject_id": about.draft.subject_id or fresh["subject_id"], "item_id": about.draft.item_id}
        fresh |= {"text": about.draft.text}
    if fresh["subject_id"]:
        access.log(session, current_user.by, "file", int(fresh["subject_id"]), about.key)
    return MultiDict({name: str(value) for name, value in fresh.items() if value})
