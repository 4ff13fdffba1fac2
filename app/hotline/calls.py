"""A call and its steps: each webhook is one transaction that moves the flow on and keeps the answer it gave.

A repeated step gets its stored answer; a step that lost the race reads the winner's. The hot path is two prebuilt
statements; only steps that decide something (effects) load more.
"""

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.hotline import documents, endings, meeting
from app.hotline.call_rows import UnknownCall
from app.hotline.models import Call, CallStep
from app.hotline.walking import walk
from ivr_flows import engine
from ivr_flows.flow import Flow
from ivr_flows.inputs import AgentAnswered, Dialled, HangUp, Input, Resume, Silence, Start
from ivr_flows.state import State, Turn
from ivr_flows.steps import HangUp as Gone
from ivr_flows.steps import Step

Render = Callable[[Flow, int, int, tuple[Step, ...], State], str]
"""(flow, call id, next step's number, steps, state) to the document that the carrier executes."""

SAYS_NOTHING = Silence | Resume | Start
"""Inputs that need not be kept: who is with his agent by now goes to him at once."""

_call = cast(Table, Call.__table__)
_step = cast(Table, CallStep.__table__)
_CLAIM = (
    update(_call)
    .where(_call.c.id == bindparam("call"), _call.c.step == bindparam("before"), _call.c.finished.is_(False))
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

    Led to his agent a second time, the caller hears the words no more (see _led_again).
    A step beyond the next one means that the carrier lost an answer: the present place is said again.
    Raises UnknownCall("call.unknown").
    """
    connection = session.connection()
    row = connection.execute(_CLAIM, {"call": call_id, "before": n - 1, "n": n}).one_or_none()
    if row is None:
        return _again(session, call_id, n, given, render)
    flow, state = documents.flow(session, row.digest), State.from_json(row.flow_state)
    turn = _answer(session, call_id, flow, state, given, row)
    answer = render(flow, call_id, n + 1, turn.steps, turn.state)
    connection.execute(_KEEP, {"call": call_id, "kept": turn.state.to_json()})
    connection.execute(_ANSWER, {"call": call_id, "n": n, "answer": answer, "at": clock.now()})
    return answer


def _answer(session: Session, call_id: int, flow: Flow, state: State, given: Input, row: Row[Any]) -> Turn:
    """One input; whose agent has answered meanwhile goes to him, and what he gave at that moment is kept."""
    if row.staff_id is None:
        # An agent who is gone again while his caller was being led to him: nobody is there, so the caller waits on.
        return walk(session, call_id, flow, state, Resume() if isinstance(given, AgentAnswered) else given)
    is_there = meeting.is_with_agent(flow, state)
    if is_there and isinstance(given, Dialled) and given.outcome != "answered":
        meeting.release(session, session.get_one(Call, call_id))
    if is_there or row.waiting_since is None or isinstance(given, HangUp | AgentAnswered):
        return walk(session, call_id, flow, state, given)
    if not isinstance(given, SAYS_NOTHING):
        turn = walk(session, call_id, flow, state, given)
        if turn.state.end is not None:
            return turn
        state = turn.state
    return walk(session, call_id, flow, state, AgentAnswered())


def _again(session: Session, call_id: int, n: int, given: Input, render: Render) -> str:
    stored = session.connection().execute(_ANSWERED, {"call": call_id, "n": n}).scalar_one_or_none()
    if stored is not None:
        anew = _led_again(session, call_id, given, render) if isinstance(given, AgentAnswered) else None
        return anew or str(stored)
    call = _fresh(session, call_id)
    if call is None:
        raise UnknownCall("call.unknown", call=call_id)
    if not call.finished:
        return advance(session, call_id, call.step + 1, Resume(), render)
    endings.keep_late(session, call, given)
    return render(documents.flow(session, call.digest), call_id, n, (Gone(),), State.from_json(call.flow_state))


def _led_again(session: Session, call_id: int, given: AgentAnswered, render: Render) -> str | None:
    """Who was led to his agent already and is led there once more: into the conference, without the words.

    His own next step, or a second job of ours, has overtaken the redirect. The step that comes next stays the same.
    """
    call = _fresh(session, call_id)
    if call is None or call.finished:
        return None
    flow, state = documents.flow(session, call.digest), State.from_json(call.flow_state)
    if not meeting.is_with_agent(flow, state):
        return None
    turn = engine.step(flow, state, given)
    return render(flow, call_id, call.step + 1, turn.steps, turn.state)


def _fresh(session: Session, call_id: int) -> Call | None:
    return session.scalar(select(Call).where(Call.id == call_id).execution_options(populate_existing=True))
