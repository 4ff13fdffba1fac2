"""Absences about to be noted: what would follow for whom, and the one confirmation before anybody is told."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import db
from app.core.errors import NotFound
from app.visits import absence_proposals, listing
from app.web import guards, sentences
from app.web.console.blueprint import blueprint
from app.web.console.live import unless_seen


@blueprint.get("/dispatch/absences")
@guards.allow(*guards.DISPATCHERS)
def absences() -> str:
    """The open proposal."""
    with db.unit_of_work() as session:
        return render_template("console/absences.html", **_proposal(session))


@blueprint.get("/dispatch/absences/live")
@guards.allow(*guards.DISPATCHERS)
def absences_live() -> str | Response | tuple[str, int]:
    """The proposal by itself, asked for every few seconds."""
    with db.unit_of_work() as session:
        return unless_seen(render_template("console/absences_live.html", **_proposal(session)))


@blueprint.post("/dispatch/absences/<int:number>/remove")
@guards.allow(*guards.DISPATCHERS)
def remove_absence(number: int) -> Response:
    """One of them is not to be noted."""
    try:
        with db.unit_of_work() as session:
            version = request.form.get("version", 0, int)
            absence_proposals.remove(session, version, number, current_user.by)
    except NotFound as error:
        flash(sentences.sentence(error), "error")
    return redirect(url_for("console.absences"))


@blueprint.post("/dispatch/absences/drop")
@guards.allow(*guards.DISPATCHERS)
def drop_absences() -> Response:
    """Nothing of it: nobody was told anything."""
    with db.unit_of_work() as session:
        dropped = absence_proposals.drop(session, current_user.by)
    flash(gettext("Dropped. Nobody was told anything.") if dropped else gettext("That was over already."), "done")
    return redirect(url_for("console.workers"))


@blueprint.post("/dispatch/absences/confirm")
@guards.allow(*guards.DISPATCHERS)
def confirm_absences() -> Response:
    """Note them, and let what follows happen."""
    try:
        with db.unit_of_work() as session:
            absence_proposals.confirm(session, request.form.get("version", 0, int), current_user.by)
    except NotFound as error:
        flash(sentences.sentence(error), "error")
        return redirect(url_for("console.absences"))
    flash(gettext("It is noted. The plan is being carried out, and everybody concerned is told."), "done")
    return redirect(url_for("console.day_plan"))


def _proposal(session: Session) -> dict[str, Any]:
    proposal = absence_proposals.current(session)
    if proposal is None:
        return {"proposal": None}
    ids = {change["visit_id"] for change in proposal.changes} | set(proposal.unserved or ())
    return {
        "proposal": proposal,
        "absences": absence_proposals.absences_of(proposal),
        "visits": listing.by_ids(session, sorted(ids)),
        "taken_over": [one for one in proposal.changes if one["worker_id"]],
    }
