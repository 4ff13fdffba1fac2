"""My seat: ready or away, the call that rings with the people of its number, the worklist of call-backs."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core import db, settings
from app.core.errors import DoorlineError
from app.hotline import call_backs, owners, seats
from app.hotline.models import Call, CallBack, Seat
from app.people import kept_forms, residents
from app.people.models import Resident, Staff
from app.web import guards, i18n, sentences
from app.web.console.blueprint import blueprint
from app.web.console.live import unless_seen

Answer = str | Response | tuple[str, int]

UNFINISHED = "order:"


@blueprint.get("/")
@guards.allow(*guards.EVERYBODY)
def home() -> Answer:
    """The start page: seat, ringing call, worklist; an administrator has accounts instead."""
    if current_user.role == "admin":
        return redirect(url_for("console.accounts"))
    with db.unit_of_work() as session:
        parts = _worklist(session)
        if current_user.role in guards.AGENTS:
            parts |= _seat(session) | {"unfinished": _unfinished(session)}
        return render_template("console/home.html", **parts)


@blueprint.get("/seat/live")
@guards.allow(*guards.AGENTS)
def seat_live() -> Answer:
    """My seat and the call on it; asking is the console's sign of life."""
    with db.unit_of_work() as session:
        seats.alive(session, current_user.id)
        owners.deal(session)
        return unless_seen(render_template("console/seat_live.html", **_seat(session)))


@blueprint.get("/seat/bar")
@guards.allow(*guards.AGENTS)
def seat_bar() -> Answer:
    """The same in one line, for all other pages."""
    with db.unit_of_work() as session:
        seats.alive(session, current_user.id)
        owners.deal(session)
    return unless_seen(render_template("console/seat_bar.html"))


@blueprint.app_template_global("my_call")
def my_call() -> tuple[Seat, Call] | None:
    """My seat and the call that rings or is talked on there; None if there is none."""
    with db.unit_of_work() as session:
        seat = session.get(Seat, current_user.id)
        if seat is None or seat.call_id is None or seat.state not in ("ringing", "talking"):
            return None
        call = session.get(Call, seat.call_id)
        return (seat, call) if call is not None else None


@blueprint.post("/seat")
@guards.allow(*guards.AGENTS)
def sit() -> Answer:
    """Take calls on the browser line or on one's own number, or take none."""
    line = request.form.get("line", "")
    try:
        with db.unit_of_work() as session:
            if line in ("browser", "phone"):
                seats.ready(session, current_user.id, line)
            else:
                seats.leave(session, current_user.id)
            owners.deal(session)
    except DoorlineError as error:
        flash(sentences.sentence(error), "error")
    return redirect(url_for("console.home"))


@blueprint.get("/worklist")
@guards.allow(*guards.OPERATORS)
def worklist_live() -> Answer:
    """The worklist by itself, asked for every few seconds."""
    with db.unit_of_work() as session:
        return unless_seen(render_template("console/worklist.html", **_worklist(session)))


@blueprint.post("/call-backs/<int:key>/<any(take, done, give_back):what>")
@guards.allow(*guards.OPERATORS)
def call_back(key: int, what: str) -> Answer:
    """Take a call-back, settle it with a result, or give it back to all."""
    try:
        with db.unit_of_work() as session:
            _act(session, call_backs.get(session, key), what, request.form.get("result", ""))
    except DoorlineError as error:
        flash(sentences.sentence(error), "error")
    else:
        flash(_told(what), "done")
    return redirect(url_for("console.home", _anchor=f"call-back-{key}" if what == "take" else "worklist"))


def _act(session: Session, row: CallBack, what: str, result: str) -> None:
    if what == "take":
        call_backs.take(session, row, current_user.id)
    elif what == "done":
        call_backs.finish(session, row, current_user.id, result)
    else:
        call_backs.give_back(session, row, current_user.id, result)


def _told(what: str) -> str:
    return {
        "take": gettext("It is yours now."),
        "done": gettext("Settled."),
        "give_back": gettext("Given back to the others."),
    }[what]


@blueprint.post("/call-backs/<int:key>/reopen")
@guards.allow(*guards.OPERATORS)
def reopen_call_back(key: int) -> Answer:
    """Undo: back to the worklist."""
    with db.unit_of_work() as session:
        call_backs.reopen(session, call_backs.get(session, key), current_user.id)
    return redirect(url_for("console.home", _anchor=f"call-back-{key}"))


def _seat(session: Session) -> dict[str, Any]:
    seat = seats.of(session, current_user.id)
    call = session.get(Call, seat.call_id) if seat.call_id else None
    return {
        "seat": seat,
        "call": call,
        "people": residents.by_number(session, call.number) if call else [],
        "relatives": residents.relatives_by_number(session, call.number) if call else [],
        "own_number": session.get_one(Staff, current_user.id).number,
    }


def _worklist(session: Session) -> dict[str, Any]:
    rows = call_backs.worklist(session)
    ids = {row.resident_id for row in rows if row.resident_id}
    names = {key: resident.name for key in ids if (resident := session.get(Resident, key)) is not None}
    return {"rows": rows, "names": names, "settled": _just_settled(session)}


def _just_settled(session: Session) -> list[CallBack]:
    """What this person settled last, to be undone if it was a slip."""
    return call_backs.settled_by(session, current_user.id, 3)


def _unfinished(session: Session) -> list[Any]:
    forms = [form for form in kept_forms.unfinished(session, current_user.id) if form.form.startswith(UNFINISHED)]
    return [form for form in forms if _worth_finishing(form.typed)][:5]


def _worth_finishing(typed: dict[str, Any]) -> bool:
    return any(typed.get(name) for name in ("subject_id", "subject_q", "new_name", "item_id", "text", "caller_name"))


@blueprint.app_template_global("line_url")
def line_url() -> str:
    """The page of this agent's browser line, in his language; nothing in an installation without such lines."""
    named = urlencode({"client": f"agent-{current_user.id}", "lang": i18n.code()})
    switch = settings.current().switch_url
    return f"{switch}/agent-line?{named}" if switch else ""


@blueprint.app_template_global("go_on")
def go_on(form: str) -> str:
    """The address of an order form by the name under which its typing is kept: "order:call:7"."""
    kind, _, key = form.removeprefix(UNFINISHED).partition(":")
    about: dict[str, Any] = {kind: key} if key else {}
    return url_for("console.new_order", **about)
