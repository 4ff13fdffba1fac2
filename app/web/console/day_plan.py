"""The day plan: what was planned anew, why, and what became of whom; a dispatcher can have it made again."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import db
from app.visits import dispatch_settings, listing, planning
from app.visits.rules import WEATHER
from app.web import guards
from app.web.console.blueprint import blueprint
from app.web.console.live import unless_seen

SHOWN = 20
"""So many plans are shown, the newest first."""


@blueprint.get("/dispatch/plan")
@guards.allow(*guards.DISPATCHERS)
def day_plan() -> str:
    """The last plans with what they changed."""
    with db.unit_of_work() as session:
        weather = dispatch_settings.weather(session)
        return render_template("console/day_plan.html", weather=weather, kinds=WEATHER, **_plans(session))


@blueprint.get("/dispatch/plan/live")
@guards.allow(*guards.DISPATCHERS)
def day_plan_live() -> str | Response | tuple[str, int]:
    """The list by itself, asked for every few seconds."""
    with db.unit_of_work() as session:
        return unless_seen(render_template("console/day_plan_live.html", **_plans(session)))


@blueprint.post("/dispatch/plan")
@guards.allow(*guards.DISPATCHERS)
def plan_again() -> Response:
    """Plan the coming days anew, now."""
    with db.unit_of_work() as session:
        planning.want(session, "asked")
    flash(gettext("The coming days are being planned anew. What is pinned or near stays."), "done")
    return redirect(url_for("console.day_plan"))


def _plans(session: Session) -> dict[str, Any]:
    plans = planning.latest(session, SHOWN)
    ids = {change["visit_id"] for plan in plans for change in plan.changes}
    return {"plans": plans, "visits": listing.by_ids(session, sorted(ids))}
