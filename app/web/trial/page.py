"""The page: a resident's phone, an agent's console, a worker's handset and the order in one view; time and mishaps."""

import os
import signal
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user, login_user
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import clock, db, queue, settings
from app.messages.models import Message
from app.orders import listing
from app.orders.models import ServiceOrder
from app.people.models import Resident, Staff
from app.quality.models import FollowUp
from app.sample import data
from app.visits.models import Offer, Visit
from app.web import auth, i18n
from app.web.console import order_facts
from app.web.console.live import unless_seen
from app.web.trial import guide
from app.web.trial.blueprint import blueprint
from app.workforce.models import Worker

Answer = str | Response | tuple[str, int]

CAST = ("R-ROSA", "R-SHAN", "R-GRACE")
WORKERS = ("W-AMIR", "W-LENA")
AGENTS = {"zh-CN": "agent1", "en": "agent2"}
"""Whose desk it is, by the visitor's language."""
BEFORE_THE_DOOR = timedelta(minutes=5)
"""Skipping to a visit stops so long before it begins."""


@blueprint.get("")
def show() -> str:
    """The page; whoever opens it is signed in as the demo's agent."""
    with db.unit_of_work() as session:
        _sign_in(session)
        residents = session.scalars(select(Resident).where(Resident.external_id.in_(CAST)).order_by(Resident.id)).all()
        return render_template(
            "trial/try.html",
            residents=[_choice("phone", _name(row), row.phones[0].number) for row in residents if row.phones],
            workers=[_choice("handset", i18n.in_language(row), row.number) for row in _workers(session)],
            desk=_desk(),
            hotline=settings.current().hotline_number,
            **latest(session),
        )


def _name(resident: Resident) -> str:
    """The name in the visitor's language: the house knows one form only, the sample's own list both."""
    cast = data.document("cast.yaml")["residents"].values()
    english = next((one["name_en"] for one in cast if one["external_id"] == resident.external_id), resident.name)
    return resident.name if i18n.code() == "zh-CN" else str(english)


def _choice(page: str, name: str, number: str) -> tuple[str, str, str]:
    """(text, address, number) of one phone on the switch."""
    query = urlencode({"number": number, "lang": i18n.code()})
    return f"{name} {i18n.written(number)}", f"{settings.current().switch_url}/{page}?{query}", number


def _desk() -> list[tuple[str, str, str]]:
    query = urlencode({"client": f"agent-{current_user.id}", "lang": i18n.code()})
    line = f"{settings.current().switch_url}/agent-line?{query}"
    return [(gettext("Console"), url_for("console.home"), ""), (gettext("Browser line"), line, "")]


def _workers(session: Session) -> list[Worker]:
    """The cast's, and whoever was asked last, first."""
    found = list(session.scalars(select(Worker).where(Worker.external_id.in_(WORKERS)).order_by(Worker.id)))
    asked = latest(session)["asked"]
    return list(dict.fromkeys([asked, *found])) if asked else found


@blueprint.get("/live")
def live() -> Answer:
    """The order's part of the page, asked for every second; 204 while nothing has changed."""
    with db.unit_of_work() as session:
        return unless_seen(render_template("trial/live.html", **latest(session)))


@blueprint.post("/skip")
def skip() -> Answer:
    """Wind the clock to what comes next for this order: the visit, the follow-up, a message that waits."""
    with db.unit_of_work() as session:
        order = _order(session)
        moment = next_moment(session, order) if order else None
    if moment is None or moment <= clock.now():
        flash(gettext("Nothing is due later: there is no need to skip."), "warn")
    else:
        clock.wind(moment - clock.now())
        flash(gettext("The clock now shows %(time)s.", time=i18n.at(clock.now(), "full")), "done")
    return _told()


@blueprint.post("/kill")
def kill() -> Answer:
    """Kill a worker process with SIGKILL; the pool makes a new one, and nothing is lost."""
    pids = queue.workers()
    if pids:
        with suppress(ProcessLookupError):
            os.kill(pids[0], signal.SIGKILL)
        flash(gettext("Worker process %(pid)s was killed. Watch it go on.", pid=pids[0]), "done")
    else:
        flash(gettext("No worker process has shown itself yet."), "warn")
    return _told()


def _told() -> Answer:
    """What came of it: a line for the script that asked, else the whole page again."""
    if "HX-Request" in request.headers:
        return render_template("flashes.html")
    return redirect(url_for("trial.show", order=request.args.get("order")))


def next_moment(session: Session, order: ServiceOrder) -> datetime | None:
    """When something is next due for ``order`` (aware), if that is later than now."""
    now = clock.now()
    during = session.scalars(
        select(Visit.during).where(Visit.order_id == order.id, Visit.state.in_(("accepted", "en_route")))
    ).first()
    if during is not None and during.lower is not None and during.lower - BEFORE_THE_DOOR > now:
        return during.lower - BEFORE_THE_DOOR
    inside = session.scalars(select(Visit).where(Visit.order_id == order.id, Visit.state == "in_progress")).first()
    if inside is not None and inside.started_at is not None:
        return inside.started_at + timedelta(minutes=inside.minutes)
    dues = [
        *session.scalars(select(FollowUp.due_at).where(FollowUp.order_id == order.id, FollowUp.state == "due")),
        *session.scalars(select(Message.due_at).where(Message.order_id == order.id, Message.state == "queued")),
        *session.scalars(select(Offer.expires_at).where(Offer.order_id == order.id, Offer.state == "sent")),
    ]
    return min((due + timedelta(seconds=1) for due in dues if due > now), default=None)


def latest(session: Session) -> dict[str, Any]:
    """The order that the page is about, with its visit, who was asked last, what happened, and what to do next.

    named: the order's number if the address names it; else the page follows the newest order.
    """
    order = _order(session)
    facts: dict[str, Any] = {"order": order, "visit": None, "asked": None, "lines": []}
    if order is not None:
        visit = session.scalars(select(Visit).where(Visit.order_id == order.id).order_by(Visit.id.desc())).first()
        offer = session.scalars(select(Offer).where(Offer.order_id == order.id).order_by(Offer.id.desc())).first()
        asked = session.get_one(Worker, offer.worker_id) if offer else None
        facts |= {"visit": visit, "asked": asked, "lines": order_facts.of(session, order)["lines"]}
    return facts | {"named": request.args.get("order"), "steps": guide.steps(session, order, facts["visit"])}


def _order(session: Session) -> ServiceOrder | None:
    """The order named in the address, else the newest one."""
    named = listing.by_number(session, request.args.get("order", ""))
    return named or session.scalars(select(ServiceOrder).order_by(ServiceOrder.id.desc()).limit(1)).first()


def _sign_in(session: Session) -> None:
    """Sign the visitor in as the agent of his language, which ?lang= may name; who is signed in already stays it."""
    wanted = request.args.get("lang", "")
    if current_user.is_authenticated and wanted in ("", current_user.language):
        return
    name = AGENTS.get(wanted or i18n.code(), AGENTS["en"])
    agent = session.scalar(select(Staff).where(Staff.username == name))
    if agent is not None:
        login_user(auth.account_of(agent))
        i18n.use(agent.language)
