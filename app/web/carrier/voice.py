"""The carrier's voice webhooks: a call arrives, a step is answered, a call changes its status.

Each checks the signature (whole blueprint), does one transaction and answers the same however often it is asked.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import cache

import structlog
from flask import Response, request
from sqlalchemy.orm import Session

from app.core import db, site
from app.hotline import arrivals, call_rows, calls, endings, meeting, rings
from app.hotline.call_rows import UnknownCall
from app.hotline.models import Call
from app.hotline.rules import is_final
from app.web.carrier import twiml
from app.web.carrier.blueprint import blueprint
from app.web.carrier.forms import DIALLED, read_input
from app.web.carrier.patience import outlasting_restarts
from ivr_flows.engine import Flow
from ivr_flows.state import State
from ivr_flows.steps import Step

log = structlog.get_logger(__name__)


@cache
def _renderer(flow: Flow) -> twiml.Renderer:
    return twiml.Renderer(flow)


def render(flow: Flow, call_id: int, n: int, steps: tuple[Step, ...], state: State) -> str:
    """The document for one answer of the engine."""
    return _renderer(flow)(call_id, n, steps, state)


def _xml(answer: str) -> Response:
    return Response(answer, mimetype="text/xml")


def _answered(work: Callable[[Session], str]) -> Response:
    """A call that is not ours hears nothing; asked again by the carrier, that would not change."""
    try:
        with db.unit_of_work() as session:
            return _xml(work(session))
    except UnknownCall as error:
        log.warning("unknown_call", **error.facts)
        return _xml(twiml.nothing())


@blueprint.post("/voice")
def voice() -> Response:
    """A call begins: an incoming one, or one of ours that was picked up (?call=our id)."""
    sid = request.form["CallSid"]
    ours = request.args.get("call", type=int)

    def work(session: Session) -> str:
        if ours is not None:
            call_rows.picked_up(session, ours, sid)
            return calls.begin(session, ours, render)
        return calls.begin(session, arrivals.arrive(session, sid, request.form["From"]), render)

    return _answered(work)


@blueprint.post("/voice/step")
def step() -> Response:
    """The next step of a call: what the caller pressed, said, recorded, or that he stayed silent."""
    call_id, n = request.args.get("call", type=int), request.args.get("n", type=int)
    given = read_input(request.form, request.args)
    return _answered(lambda session: calls.advance(session, call_id or 0, n or 0, given, render))


@blueprint.route("/voice/fallback", methods=["GET", "POST"])
def fallback() -> Response:
    """Something is broken: apologise and ring the duty phone, without the database; nobody there, say what to do."""
    if not request.args.get("duty"):
        return _xml(twiml.fallback())
    talked = DIALLED.get(request.form.get("DialCallStatus", "")) == "answered"
    return _xml(twiml.nothing() if talked else twiml.unanswered())


@blueprint.post(twiml.CHECK_PATH)
def check() -> Response:
    """A test call (doorline carrier connect): its sid is noted, which proves that the carrier reached us, signed."""
    with db.unit_of_work() as session:
        site.put(session, site.CHECKED_CALL, request.form["CallSid"])
    return _xml(twiml.check())


@blueprint.post("/call-status")
@outlasting_restarts
def call_status() -> Response:
    """The carrier tells how a call stands; late and doubled news change nothing.

    A caller of whom we never heard, since our answer failed, is still somebody to be rung back.
    """
    sid, status = request.form["CallSid"], request.form.get("CallStatus", "")
    with db.unit_of_work() as session:
        call_id = request.args.get("call", type=int) or call_rows.id_of(session, sid)
        if call_id is None and request.form.get("Direction") == "inbound" and is_final(status):
            call_id = arrivals.arrive(session, sid, request.form.get("From", ""))
        if call_id is None:
            log.info("unknown_call_status", sid=sid, status=status)
        else:
            endings.status(session, call_id, status, sid)
    return Response(status=204)


@blueprint.post("/conference")
@outlasting_restarts
def conference() -> Response:
    """Somebody joined or left a conference: accepted means joined, not ringing."""
    call_id = request.args.get("call", type=int)
    if request.form.get("StatusCallbackEvent") == "participant-join" and call_id:
        with db.unit_of_work() as session:
            call = session.get(Call, call_id)
            if call is not None and request.form.get("CallSid") == call.sid:
                meeting.joined(session, call_id)
    return Response(status=204)


@blueprint.post("/ring")
def ring() -> Response:
    """An agent's phone was picked up: his own short flow begins, which claims the caller."""
    ring_id, sid = request.args.get("ring", type=int) or 0, request.form["CallSid"]
    return _answered(lambda session: calls.begin(session, arrivals.agent_picked_up(session, ring_id, sid), render))


@blueprint.post("/ring-status")
@outlasting_restarts
def ring_status() -> Response:
    """How the ringing of an agent's phone ended."""
    ring_id, status = request.args.get("ring", type=int) or 0, request.form.get("CallStatus", "")
    sid = request.form["CallSid"]
    with db.unit_of_work() as session:
        call_id = call_rows.id_of(session, sid)
        if call_id is None and status == "completed":
            # He picked up and hung up again: the news of the end may overtake the pick-up, which is still on its way.
            with suppress(UnknownCall):
                call_id = arrivals.agent_picked_up(session, ring_id, sid)
        if call_id is not None:
            endings.status(session, call_id, status)
        if is_final(status):
            rings.failed(session, ring_id, "failed" if status == "failed" else "missed")
    return Response(status=204)
