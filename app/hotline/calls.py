"""A call and its steps: each webhook is one transaction that moves the flow on and keeps the answer it gave.

A repeated step gets its stored answer; a step that lost the race reads the winner's. The hot path is two prebuilt
statements; only steps that decide something (effects) load more.
"""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.queue import later
from app.hotline import documents, effects, kept, seats
from app.hotline.models import Call, CallStep
from app.hotline.rules import is_final, supersedes
from ivr_flows import engine
from ivr_flows.effects import Effect
from ivr_flows.flow import Flow
from ivr_flows.inputs import AgentAnswered, Dialled, HangUp, Input, Outcome, Recorded, Resume, Start
from ivr_flows.state import State, Turn
from ivr_flows.steps import Step

Render = Callable[[Flow, int, int, tuple[Step, ...], State], str]
"""(flow, call id, next step's number, steps, state) to the document that the carrier executes."""

ENDS = Dialled | HangUp
"""Inputs after which nobody waits for an agent any more."""

_call = cast(Table, Call.__table__)
_step = cast(Table, CallStep.__table__)
_CLAIM = (
    update(_call)
    .where(_call.c.id == bindparam("call"), _call.c.step == bindparam("before"))
    .values(step=bindparam("n"))
    .returning(_call.c.digest, _call.c.flow_state, _call.c.staff_id, _call.c.waiting_since)
)
_KEEP = update(_call).where(_call.c.id == bindparam("call")).values(flow_state=bindparam("kept"))
_ANSWER = insert(_step).values(
    call_id=bindparam("call"), step=bindparam("n"), answer=bindparam("answer"), at=bindparam("at")
)
_ANSWERED = select(_step.c.answer).where(_step.c.call_id == bindparam("call"), _step.c.step == bindparam("n"))


def begin(session: Session, call_id: int, render: Render) -> str:
    """Answer the first webhook of a call (step 0); asked again, the same answer."""
    return advance(session, call_id, 0, Start(), render)


def advance(session: Session, call_id: int, n: int, given: Input, render: Render) -> str:
    """Answer step ``n`` with what the caller gave, once: the same step asked again gets the stored answer.

    A step beyond the next one means that the carrier lost an answer: the present place is said again.
    Raises LookupError for a call that does not exist.
    """
    connection = session.connection()
    row = connection.execute(_CLAIM, {"call": call_id, "before": n - 1, "n": n}).one_or_none()
    if row is None:
        return _again(session, call_id, n, given, render)
    flow = documents.flow(session, row.digest)
    turn = _walk(session, call_id, flow, State.from_json(row.flow_state), given)
    if row.staff_id is not None and row.waiting_since is not None and not isinstance(given, ENDS | AgentAnswered):
        # He was claimed while he pressed, spoke or waited: what he gave is kept, and off he goes to his agent.
        turn = _walk(session, call_id, flow, turn.state, AgentAnswered())
    answer = render(flow, call_id, n + 1, turn.steps, turn.state)
    connection.execute(_KEEP, {"call": call_id, "kept": turn.state.to_json()})
    connection.execute(_ANSWER, {"call": call_id, "n": n, "answer": answer, "at": clock.now()})
    return answer


def _again(session: Session, call_id: int, n: int, given: Input, render: Render) -> str:
    stored = session.connection().execute(_ANSWERED, {"call": call_id, "n": n}).scalar_one_or_none()
    if stored is not None:
        return str(stored)
    call = session.get(Call, call_id)
    if call is None:
        raise LookupError(call_id)
    if call.finished and isinstance(given, Recorded) and given.seconds > 0:
        _keep_late(session, call, given)
    return advance(session, call_id, call.step + 1, Resume(), render)


def _keep_late(session: Session, call: Call, given: Recorded) -> None:
    """The news of a hang-up has overtaken the recording that it ended: what was said is kept all the same."""
    state = State.from_json(call.flow_state)
    if any(entry["value"] == given.ref for entry in state.kept):
        return
    state.kept.append({"at": state.node, "kind": "recording", "value": given.ref, "seconds": given.seconds})
    call.flow_state = state.to_json()
    if call.purpose == "hotline":
        effects.carry_out(session, call, Effect("save_dropped", {}), state)
    else:
        kept.recordings(session, call, state)
    session.flush()


def _walk(session: Session, call_id: int, flow: Flow, state: State, given: Input) -> Turn:
    """One input, with all effects carried out and what matters put on record; most steps have neither."""

    def carry_out(effect: Effect, at: State) -> Outcome:
        return effects.carry_out(session, session.get_one(Call, call_id), effect, at)

    turn = engine.run(flow, state, given, carry_out)
    for event in turn.events:
        if event.name in effects.RECORDED:
            moves.record(session, session.get_one(Call, call_id), event.name, f"call:{call_id}", **event.facts)
    session.flush()
    return turn


def to_join(session: Session, call_id: int) -> tuple[str, int] | None:
    """(sid, next step) of a caller who is to be moved to his agent; None if he is there already, or gone."""
    call = session.get_one(Call, call_id)
    if call.staff_id is None or call.waiting_since is None or call.finished or call.sid is None:
        return None
    return call.sid, call.step + 1


def to_be_joined(session: Session, before: datetime) -> list[int]:
    """Callers whose agent has answered before ``before`` and who are not with him yet (ids)."""
    rows = select(Call.id).where(
        Call.staff_id.is_not(None), Call.waiting_since.is_not(None), Call.finished.is_(False), Call.claimed_at < before
    )
    return list(session.scalars(rows))


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
    flow = documents.flow(session, call.digest)
    turn = _walk(session, call.id, flow, State.from_json(call.flow_state), HangUp())
    call.flow_state = turn.state.to_json()
    call.step += 1
    moves.record(session, call, "ended", f"call:{call.id}", status=call.status)
    seats.call_ended(session, call)
    later(session, "hotline.silence", call.id)
    if call.message_id is not None:
        later(session, "hotline.call_over", call.id)


def silent_since(session: Session, moment: datetime) -> list[int]:
    """Calls that are not over and had their last step before ``moment`` (ids): the carrier is asked about them."""
    last = select(CallStep.at).where(CallStep.call_id == Call.id).order_by(CallStep.step.desc()).limit(1)
    rows = select(Call.id).where(
        Call.finished.is_(False), Call.sid.is_not(None), Call.started_at < moment, last.scalar_subquery() < moment
    )
    return list(session.scalars(rows))


def joined(session: Session, call_id: int) -> None:
    """The caller is in the conference with his agent."""
    call = session.get_one(Call, call_id)
    if call.waiting_since is not None:
        waited = int((clock.now() - call.waiting_since).total_seconds())
        moves.record(session, call, "joined", f"staff:{call.staff_id}", waited=waited)
        call.waiting_since = None
