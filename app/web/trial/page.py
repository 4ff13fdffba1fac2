"""The page: a resident's phone, an agent's console, a worker's handset and the order in one view; time and mishaps."""

import os
import signal
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

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
from app.visits.models import Offer, Visit
from app.web import auth, i18n
from app.web.trial.blueprint import blueprint
from app.workforce.models import Worker

CAST = ("R-ROSA", "R-SHAN", "R-GRACE")
WORKERS = ("W-AMIR", "W-LENA")
AGENT = "agent1"
BEFORE_THE_DOOR = timedelta(minutes=5)
"""Skipping to a visit stops so long before it begins."""


@blueprint.get("")
def show() -> str:
    """The page; whoever opens it is signed in as the demo's agent."""
    with db.unit_of_work() as session:
        _sign_in(session)
        residents = session.scalars(select(Resident).where(Resident.external_id.in_(CAST)).order_by(Resident.id)).all()
        workers = session.scalars(select(Worker).where(Worker.external_id.in_(WORKERS)).order_by(Worker.id)).all()
        return render_template(
            "trial/try.html",
            residents=[(row.name, row.phones[0].number) for row in residents if row.phones],
            workers=[(row.name if i18n.code() == "zh-CN" else row.name_en, row.number) for row in workers],
            order=_order(session),
            agent=current_user.id,
            switch=settings.current().switch_url,
            hotline=settings.current().hotline_number,
        )


@blueprint.get("/live")
def live() -> str:
    """The order's part of the page, asked for every second; tells the handset which worker was asked last."""
    with db.unit_of_work() as session:
        return render_template("trial/live.html", **latest(session))


@blueprint.post("/skip")
def skip() -> Response:
    """Wind the clock to what comes next for this order: the visit, the follow-up, a message that waits."""
    with db.unit_of_work() as session:
        order = _order(session)
        moment = next_moment(session, order) if order else None
    if moment is None or moment <= clock.now():
        flash(gettext("Nothing is due later: there is no need to skip."), "warn")
    else:
        clock.wind(moment - clock.now())
        flash(gettext("The clock now shows %(time)s.", time=i18n.at(clock.now(), "full")), "done")
    return redirect(url_for("trial.show", order=request.args.get("order")))


@blueprint.post("/kill")
def kill() -> Response:
    """Kill a worker process with SIGKILL; the pool makes a new one, and nothing is lost."""
    pids = queue.workers()
    if pids:
        with suppress(ProcessLookupError):
            os.kill(pids[0], signal.SIGKILL)
        flash(gettext("Worker process %(pid)s was killed. Watch it go on.", pid=pids[0]), "done")
    else:
        flash(gettext("No worker process has shown itself yet."), "warn")
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
    """The order that the page is about, with its visit and who was asked last."""
    order = _order(session)
    if order is None:
        return {"order": None, "visit": None, "asked": None}
    visit = session.scalars(select(Visit).where(Visit.order_id == order.id).order_by(Visit.id.desc())).first()
    asked = session.scalars(select(Offer).where(Offer.order_id == order.id).order_by(Offer.id.desc())).first()
    worker = session.get_one(Worker, asked.worker_id) if asked else None
    return {"order": order, "visit": visit, "asked": worker}


def _order(session: Session) -> ServiceOrder | None:
    """The order named in the address, else the newest one."""
    named = listing.by_number(session, request.args.get("order", ""))
    return named or session.scalars(select(ServiceOrder).order_by(ServiceOrder.id.desc()).limit(1)).first()


def _sign_in(session: Session) -> None:
    if current_user.is_authenticated:
        return
    agent = session.scalar(select(Staff).where(Staff.username == AGENT))
    if agent is not None:
        login_user(auth.account_of(agent))
