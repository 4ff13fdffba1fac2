"""A worker's page for one visit: the offer with yes and no, then the address, then each step to the end.

Opening the page changes nothing, since previewers open links too; every step is a tap on a button.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.catalogue import items
from app.core import db
from app.core.errors import BadInput, NotFound
from app.orders.models import ServiceOrder
from app.people import residents
from app.people.models import Resident
from app.places import datum
from app.places.models import Area
from app.visits import links, offers, visiting
from app.visits.models import Offer, Visit
from app.web import i18n
from app.web.field.blueprint import blueprint
from app.workforce.models import Worker

Answer = str | Response | tuple[str, int]
Step = Callable[[Session, Visit, Offer | None, str], bool]

HIS = ("accepted", "en_route", "arrived", "in_progress")
"""States in which the visit is his and he may see the door."""

NAVIGATE = "https://uri.amap.com/navigation?to={longitude:.6f},{latitude:.6f},{name}&mode=ride"


@blueprint.get("/<token>")
def show(token: str) -> Answer:
    """The page in its present state."""
    visit_id, worker_id = _read(token)
    with db.unit_of_work() as session:
        visit, offer = _find(session, visit_id, worker_id)
        worker = session.get_one(Worker, worker_id)
        i18n.use(worker.language)
        return render_template("field/visit.html", token=token, **_facts(session, visit, offer, worker))


@blueprint.post("/<token>")
def act(token: str) -> Answer:
    """One step, named by the button that was tapped."""
    visit_id, worker_id = _read(token)
    step = STEPS.get(request.form.get("step", ""))
    with db.unit_of_work() as session:
        visit, offer = _find(session, visit_id, worker_id)
        i18n.use(session.get_one(Worker, worker_id).language)
        if step is None:
            raise BadInput("choice.unknown", given=request.form.get("step", ""), expected=sorted(STEPS))
        mine = visit.worker_id == worker_id
        if not (mine or offer is not None) or not step(session, visit, offer, f"worker:{worker_id}"):
            flash(gettext("That is not possible any more. This is how it stands now."), "warn")
    return redirect(url_for("field.show", token=token))


def _accept(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return offer is not None and offers.accept(session, offer, "link")


def _decline(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return offer is not None and offers.decline(session, offer, "link", request.form.get("reason", ""))


def _depart(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return visiting.depart(session, visit, by)


def _arrive(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return visiting.arrive(session, visit, by, _place())


def _prove(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    proof = visiting.prove(session, visit, request.form.get("digits", ""), by)
    if proof == "wrong":
        flash(gettext("Those digits are wrong. Ask once more for the last two digits."), "error")
    elif proof == "locked":
        flash(gettext("Wrong three times. Please wait outside: the hotline has been told."), "error")
    return True


def _finish(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return visiting.finish(session, visit, by, request.form.get("note", ""))


def _fail(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return visiting.fail(session, visit, request.form.get("reason", "other"), by, request.form.get("note", ""))


def _give_back(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return visiting.give_back(session, visit, by, request.form.get("reason", ""))


STEPS: dict[str, Step] = {
    "accept": _accept,
    "decline": _decline,
    "depart": _depart,
    "arrive": _arrive,
    "prove": _prove,
    "finish": _finish,
    "fail": _fail,
    "give_back": _give_back,
}


def _read(token: str) -> tuple[int, int]:
    try:
        return links.read(token)
    except BadInput as error:
        raise NotFound("link.invalid") from error


def _find(session: Session, visit_id: int, worker_id: int) -> tuple[Visit, Offer | None]:
    visit = session.get(Visit, visit_id)
    if visit is None or session.get(Worker, worker_id) is None:
        raise NotFound("link.invalid")
    return visit, offers.of_visit(session, visit_id, worker_id)


def _facts(session: Session, visit: Visit, offer: Offer | None, worker: Worker) -> dict[str, Any]:
    order = session.get_one(ServiceOrder, visit.order_id)
    community = session.get(Area, visit.community_id) if visit.community_id else None
    mine = visit.worker_id == worker.id and visit.state in HIS
    facts = {
        "visit": visit,
        "mine": mine,
        "offer": offer if offer is not None and offer.state == "sent" else None,
        "over": visit.worker_id == worker.id and visit.state in ("done", "not_done"),
        "locked": visit.wrong_codes >= visiting.MAX_WRONG,
        "service": items.name(items.get(session, order.item_id), worker.language) if order.item_id else "",
        "community": (community.name if worker.language == "zh-CN" else community.name_en) if community else "",
        "minutes": max(1, round((visit.travel_seconds or 0) / 60)),
    }
    return facts | (_door(session, visit, order, worker.language) if mine else {})


def _door(session: Session, visit: Visit, order: ServiceOrder, language: str) -> dict[str, Any]:
    """What only the worker who has accepted may see."""
    resident = session.get(Resident, order.subject_id) if order.subject_id else None
    latitude, longitude = datum.wgs_to_gcj((visit.place[0], visit.place[1]))
    return {
        "who": residents.speakable(resident, language) if resident else "",
        "address": order.address,
        "approximate": order.approximate,
        "note": resident.note if resident else None,
        "text": order.text,
        "code_half": visit.code[:2],
        "map_url": NAVIGATE.format(latitude=latitude, longitude=longitude, name="door"),
    }


def _place() -> list[float] | None:
    try:
        return [round(float(request.form["latitude"]), 6), round(float(request.form["longitude"]), 6)]
    except (KeyError, ValueError):
        return None
