"""A worker's page for one visit: the offer with yes and no, then the address, then each step to the end.

Opening the page changes nothing, since previewers open links too; every step is a tap on a button. Only the access log
tells that the door (address and note) was shown.
"""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import db
from app.core.errors import BadInput, NotFound
from app.orders.models import ServiceOrder
from app.people import access, forms, residents
from app.people.models import Resident
from app.places import datum
from app.visits import codes, links, offers, proving, telling, visiting
from app.visits.models import Offer, Visit
from app.visits.rules import DECLINE_REASONS, NOT_DONE_REASONS, WRONG_CODES
from app.web import auth, i18n
from app.web.field.blueprint import blueprint
from app.workforce.models import Worker

Answer = str | Response | tuple[str, int]
Step = Callable[[Session, Visit, Offer | None, str], bool]

HIS = ("accepted", "en_route", "arrived", "in_progress")
"""States in which the visit is his and he may see the door."""

NAVIGATE = "https://uri.amap.com/navigation?to={longitude:.6f},{latitude:.6f},{name}&mode=ride"


GUESSES = "30 per minute"
"""Wrong links from one address; many phones of one carrier may share theirs, and right links do not count."""


@blueprint.get("/<token>")
@auth.limiter.limit(GUESSES, deduct_when=auth.was_wrong)
def show(token: str) -> Answer:
    """The page in its present state."""
    with db.unit_of_work() as session:
        visit, worker, offer = _find(session, token)
        if _is_his(visit, worker):
            subject = session.get_one(ServiceOrder, visit.order_id).subject_id
            access.log(session, f"worker:{worker.id}", "file", subject, f"door:{visit.id}")
        return render_template("field/visit.html", token=token, **_facts(session, visit, offer, worker))


@blueprint.post("/<token>")
@auth.limiter.limit(GUESSES, deduct_when=auth.was_wrong)
def act(token: str) -> Answer:
    """One step, named by the button that was tapped."""
    step = STEPS.get(request.form.get("step", ""))
    with db.unit_of_work() as session:
        visit, worker, offer = _find(session, token)
        if step is None:
            raise BadInput("choice.unknown", given=request.form.get("step", ""), expected=sorted(STEPS))
        if _was_done(request.form["step"], visit, worker, offer):
            pass
        elif not _may(step, visit, worker, offer) or not step(session, visit, offer, f"worker:{worker.id}"):
            flash(gettext("That is not possible any more. This is how it stands now."), "warn")
    return redirect(url_for("field.show", token=token))


def _may(step: Step, visit: Visit, worker: Worker, offer: Offer | None) -> bool:
    """An offer is answered by whoever has one; all else is for him whose visit it is and who has said yes."""
    if step in (_accept, _decline):
        return offer is not None
    return _is_his(visit, worker)


def _is_his(visit: Visit, worker: Worker) -> bool:
    """Whether he may see the door."""
    return visit.worker_id == worker.id and visit.state in HIS


DONE_BY_THEN = {
    "accept": HIS,
    "depart": HIS[1:],
    "arrive": HIS[2:],
    "prove": HIS[3:],
    "finish": ("done",),
    "fail": ("not_done",),
}
"""States of a worker's own visit in which a step was taken already."""


def _was_done(step: str, visit: Visit, worker: Worker, offer: Offer | None) -> bool:
    """Whether this is the second tap on a button whose first one did it: nothing to complain of."""
    if step == "decline":
        return offer is not None and offer.state == "declined"
    return visit.worker_id == worker.id and visit.state in DONE_BY_THEN.get(step, ())


def _accept(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return offer is not None and offers.accept(session, offer, "link") is not None


def _decline(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return offer is not None and offers.decline(session, offer, "link", request.form.get("reason") or None)


def _depart(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return visiting.depart(session, visit, by)


def _arrive(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    return visiting.arrive(session, visit, by, place=_place())


def _prove(session: Session, visit: Visit, offer: Offer | None, by: str) -> bool:
    entered = request.form.get("digits", "").strip()
    proof = (proving.prove if entered.isdigit() else proving.prove_password)(session, visit, entered, by)
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
    return visiting.give_back(session, visit, by, note=request.form.get("note", ""))


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


def _find(session: Session, token: str) -> tuple[Visit, Worker, Offer | None]:
    """Whose page it is and for which visit, with his offer; his language from here on, or what he chose."""
    try:
        visit, worker = links.read(session, token)
    except BadInput as error:
        raise NotFound("link.invalid") from error
    i18n.use(request.cookies.get(i18n.COOKIE) or worker.language)
    made = select(Offer).where(Offer.visit_id == visit.id, Offer.worker_id == worker.id)
    return visit, worker, session.scalar(made)


def _facts(session: Session, visit: Visit, offer: Offer | None, worker: Worker) -> dict[str, Any]:
    order = session.get_one(ServiceOrder, visit.order_id)
    mine = _is_his(visit, worker)
    facts = {
        "visit": visit,
        "mine": mine,
        "offer": offer if offer is not None and offer.state == "sent" else None,
        "over": visit.worker_id == worker.id and visit.state in ("done", "not_done"),
        "locked": visit.wrong_codes >= WRONG_CODES,
        "service": telling.service(session, visit, i18n.code()),
        "community": telling.community(session, visit, i18n.code()),
        "minutes": telling.minutes_away(visit),
        "decline_reasons": DECLINE_REASONS,
        "not_done_reasons": NOT_DONE_REASONS,
    }
    return facts | (_door(session, visit, order, i18n.code()) if mine else {})


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
        "code_half": codes.workers_half(visit.code),
        "map_url": NAVIGATE.format(latitude=latitude, longitude=longitude, name="door"),
    }


def _place() -> tuple[float, float] | None:
    """Where the device says that it is; None if it does not say, or says what is no place on earth."""
    try:
        latitude, longitude = forms.place((request.form["latitude"], request.form["longitude"]))
    except (KeyError, BadInput):
        return None
    return round(latitude, 6), round(longitude, 6)
