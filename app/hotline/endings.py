"""How a call ends: its flow sees the hang-up once, whoever brings the news; nothing that comes late is lost."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.queue import later
from app.hotline import documents, effects, kept, seats
from app.hotline.models import Call, CallStep
from app.hotline.rules import is_final, supersedes
from app.hotline.walking import walk
from ivr_flows.effects import Effect
from ivr_flows.inputs import HangUp, Input, Recorded, Speech
from ivr_flows.state import State

UNSETTLED = frozenset({"call_back"})
"""What a call may have led to without anybody having understood what the caller wants."""


def status(session: Session, call_id: int, new: str, sid: str | None = None) -> None:
    """Take a call status from the carrier: late, doubled and reordered ones change nothing.

    The end of a call lets its flow see the hang-up once, whoever brings the news first.
    """
    call = session.scalar(select(Call).where(Call.id == call_id).with_for_update())
    if call is None:
        return
    if sid and call.sid is None:
        call.sid = sid
    if supersedes(new, call.status):
        call.status = new
        if new == "in-progress" and call.answered_at is None:
            call.answered_at = clock.now()
    if is_final(call.status) and not call.finished:
        _finish(session, call)


def _finish(session: Session, call: Call) -> None:
    call.finished = True
    call.ended_at = clock.now()
    call.waiting_since = None
    flow = documents.flow(session, call.digest)
    turn = walk(session, call.id, flow, State.from_json(call.flow_state), HangUp())
    call.flow_state = turn.state.to_json()
    moves.record(session, call, "ended", f"call:{call.id}", status=call.status)
    seats.call_ended(session, call)
    if call.ring_id is not None:
        later(session, "hotline.agent_left", call.ring_id)
        return
    later(session, "hotline.silence", call.id)
    if call.message_id is not None:
        later(session, "hotline.call_over", call.id)


def keep_late(session: Session, call: Call, given: Input) -> None:
    """The news of a hang-up has overtaken what the caller said before it: that is kept all the same."""
    entry = _said(given)
    if entry is None:
        return
    state = State.from_json(call.flow_state)
    if any(known["value"] == entry["value"] for known in state.kept):
        return
    state.kept.append({"at": state.node, **entry})
    call.flow_state = state.to_json()
    if call.purpose == "hotline" and (entry["kind"] == "recording" or set(state.reached) <= UNSETTLED):
        effects.carry_out(session, call, Effect("save_dropped", {}), state)
    else:
        kept.recordings(session, call, state)
    session.flush()


def _said(given: Input) -> dict[str, str | int] | None:
    if isinstance(given, Recorded) and given.seconds > 0:
        return {"kind": "recording", "value": given.ref, "seconds": given.seconds}
    if isinstance(given, Speech):
        return {"kind": "speech", "value": given.text}
    return None


def silent_since(session: Session, moment: datetime) -> list[int]:
    """Calls that are not over and had their last step before ``moment`` (ids): the carrier is asked about them."""
    last = select(CallStep.at).where(CallStep.call_id == Call.id).order_by(CallStep.step.desc()).limit(1)
    rows = select(Call.id).where(
        Call.finished.is_(False),
        Call.sid.is_not(None),
        Call.started_at < moment,
        func.coalesce(last.scalar_subquery(), Call.started_at) < moment,
    )
    return list(session.scalars(rows))
