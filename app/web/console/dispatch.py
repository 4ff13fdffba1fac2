"""The dispatcher's list: visits that need a person, and the page on which one is given, moved, pinned or taken away."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import db
from app.core.errors import BadInput, DoorlineError, Refused
from app.orders.models import ServiceOrder
from app.people import access
from app.people.models import Resident
from app.visits import assigning, dispatch_settings, listing, proposing, visiting
from app.visits.models import Visit
from app.visits.rules import AT_THE_DOOR, CURRENT, PROMISED, VISIT
from app.web import guards, sentences
from app.web.console.assign_form import AssignForm, When
from app.web.console.blueprint import blueprint
from app.web.console.live import unless_seen

Answer = str | Response | tuple[str, int]


@blueprint.get("/dispatch", endpoint="dispatch")
@guards.allow(*guards.DISPATCHERS)
def the_list() -> Answer:
    """Visits that need attention, with why; and all others that are current."""
    with db.unit_of_work() as session:
        return render_template("console/dispatch.html", **_lists(session))


@blueprint.get("/dispatch/live")
@guards.allow(*guards.DISPATCHERS)
def dispatch_live() -> Answer:
    """The list by itself, asked for every few seconds."""
    with db.unit_of_work() as session:
        return unless_seen(render_template("console/dispatch_live.html", **_lists(session)))


def _lists(session: Session) -> dict[str, Any]:
    return {
        "troubled": listing.needing_attention(session),
        "running": listing.running(session),
        "weather": dispatch_settings.weather(session),
    }


@blueprint.get("/dispatch/<int:visit_id>")
@guards.allow(*guards.DISPATCHERS)
def visit(visit_id: int) -> Answer:
    """One visit with everybody who could be sent, and what can be done."""
    with db.unit_of_work() as session:
        found = listing.get(session, visit_id)
        order = session.get_one(ServiceOrder, found.order_id)
        access.log(session, current_user.by, "file", order.subject_id, f"visit {visit_id}")
        return _page(session, found, AssignForm(formdata=None))


def _page(
    session: Session,
    found: Visit,
    form: AssignForm,
    *,
    warning: str = "",
    overrule: bool = False,
    tried: dict[str, str] | None = None,
) -> str:
    """warning: what stands against assigning; overrule: whether a person may do it all the same. tried: what was wrong
    with another deed, and its reason as typed.
    """
    order = session.get_one(ServiceOrder, found.order_id)
    may_assign = VISIT.next(found.state, "assigned") is not None
    assessments = proposing.for_visit(session, found).assessments if may_assign else ()
    fits = sorted((one.best for one in assessments if one.best is not None), key=lambda best: best.rank)
    if form.day.data is None and not form.worker.data:
        form.begin_with(found, fits[0] if fits else None)
    return render_template(
        "console/visit.html",
        visit=found,
        order=order,
        subject=session.get(Resident, order.subject_id or 0),
        why=listing.why(found),
        fits=fits,
        fails=[one for one in assessments if one.best is None],
        form=form,
        warning=warning,
        overrule=overrule,
        tried=tried or {},
        can={name: VISIT.next(found.state, event) is not None for name, event in EVENTS.items()},
        current=found.state in CURRENT,
        may_finish=found.state in PROMISED | AT_THE_DOOR,
        decisions=listing.decisions(session, found.id)[:1],
        move=_move_form(form, tried or {}),
    )


EVENTS = {"assign": "assigned", "move": "moved", "withdraw": "withdrawn", "retry": "retried"}


@blueprint.post("/dispatch/<int:visit_id>/assign")
@guards.allow(*guards.DISPATCHERS)
def assign(visit_id: int) -> Answer:
    """Give the visit to somebody; a broken hard rule must be confirmed."""
    form = AssignForm()
    try:
        with db.unit_of_work() as session:
            found = listing.get(session, visit_id)
            broken = _broken(session, found, form.worker_id())
            if broken and not form.anyway.data:
                return _page(session, found, form, warning=broken, overrule=True), 422
            reason = f"{form.reason.data} ({broken})" if broken and form.reason.data else form.reason.data or ""
            assigning.assign(session, found, form.worker_id(), form.moment(), current_user.by, reason)
    except (BadInput, Refused) as error:
        with db.unit_of_work() as session:
            return _page(session, listing.get(session, visit_id), form, warning=_at_its_field(form, error)), 422
    flash(gettext("The visit is given; worker and resident are told."), "done")
    return redirect(url_for("console.visit", visit_id=visit_id))


def _move_form(form: AssignForm, tried: dict[str, str]) -> When:
    """The time to which the visit could be moved: as typed if that was wrong, else as it is."""
    typed = request.form if tried.get("what") == "move" else None
    return When(formdata=typed, data={"day": form.day.data, "at": form.at.data}, prefix="move-")


def _at_its_field(form: AssignForm, error: BadInput | Refused) -> str:
    """Show a missing reason at its field; anything else is returned as a sentence for the whole form."""
    said = sentences.sentence(error)
    if error.code != "reason.missing":
        return said
    form.reason.errors = [said]
    return ""


def _broken(session: Session, found: Visit, worker_id: int) -> str:
    """The warning about the first hard rule that this worker breaks for this visit, or nothing."""
    for one in proposing.for_visit(session, found).assessments:
        if one.worker_id == worker_id and one.failed is not None:
            return form_warning(one.failed)
    return ""


def form_warning(rule: str) -> str:
    """A hard rule that is broken, in words."""
    return gettext("A rule is against it: %(rule)s.", rule=sentences.rule(rule))


@blueprint.post("/dispatch/<int:visit_id>/<any(move, pin, unpin, withdraw, retry, settle, finish):what>")
@guards.allow(*guards.DISPATCHERS)
def change_visit(visit_id: int, what: str) -> Answer:
    """Move, pin, unpin, withdraw or finish it, look again, or say that its trouble is seen to; each with a reason."""
    reason = request.form.get("reason", "")
    try:
        with db.unit_of_work() as session:
            _change(session, listing.get(session, visit_id), what, reason)
    except DoorlineError as error:
        tried = {"what": what, "wrong": sentences.sentence(error), "reason": reason}
        with db.unit_of_work() as session:
            return _page(session, listing.get(session, visit_id), AssignForm(formdata=None), tried=tried), 422
    flash(gettext("Done."), "done")
    return redirect(url_for("console.visit", visit_id=visit_id))


def _change(session: Session, found: Visit, what: str, reason: str) -> None:
    by = current_user.by
    if what == "move":
        assigning.move(session, found, When(prefix="move-").moment(), by, reason)
    elif what == "withdraw":
        if not assigning.withdraw(session, found, by, reason):
            raise Refused("move.overtaken")
    elif what == "retry":
        if not assigning.retry(session, found, by, reason):
            raise Refused("move.overtaken")
    elif what == "finish":
        _finish(session, found, by, reason)
    else:
        {"pin": assigning.pin, "unpin": assigning.unpin, "settle": assigning.settle_attention}[what](
            session, found, by, reason
        )


def _finish(session: Session, found: Visit, by: str, reason: str) -> None:
    """It was done though nobody proved it at the door: forgetting a code never cancels a visit."""
    if not reason.strip():
        raise BadInput("reason.missing")
    if not visiting.finish(session, found, by, reason):
        raise Refused("move.overtaken")
