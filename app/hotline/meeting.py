"""How a caller and the agent who answered for him come together, and what happens when one of them goes first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.queue import later
from app.hotline import documents, seats
from app.hotline.models import Call, Ring
from ivr_flows.flow import Flow
from ivr_flows.state import State


def is_with_agent(flow: Flow, state: State) -> bool:
    """Whether the caller was sent into the conference and nothing has come back from there."""
    return flow.nodes[state.node].kind == "connect" and state.end is None


@dataclass(frozen=True)
class Move:
    """A caller who is to be led elsewhere. sid: the carrier's. n: the next step. given: what that step is told."""

    sid: str
    call_id: int
    n: int
    given: Mapping[str, str]


def to_join(session: Session, call_id: int) -> Move | None:
    """A caller who is to be moved to his agent; None if he is there already, or gone."""
    call = session.get_one(Call, call_id)
    if call.staff_id is None or call.waiting_since is None or call.finished or call.sid is None:
        return None
    if _is_there(session, call):
        return None
    return Move(call.sid, call.id, call.step + 1, {"join": "1"})


def to_be_joined(session: Session, before: datetime) -> list[int]:
    """Callers whose agent has answered before ``before`` and who are not with him yet (ids)."""
    rows = select(Call.id).where(
        Call.staff_id.is_not(None), Call.waiting_since.is_not(None), Call.finished.is_(False), Call.claimed_at < before
    )
    return list(session.scalars(rows))


def joined(session: Session, call_id: int) -> None:
    """The caller is in the conference with his agent."""
    call = session.get_one(Call, call_id)
    if call.waiting_since is not None:
        waited = int((clock.now() - call.waiting_since).total_seconds())
        moves.record(session, call, "joined", f"staff:{call.staff_id}", waited=waited)
        call.waiting_since = None


def agent_left(session: Session, ring_id: int) -> Move | None:
    """The agent of ``ring_id`` has hung up: the caller does not wait for him for ever.

    Not with him yet, he is rung for anew. Already in the conference, he is to be taken out of it unless that has
    happened.
    """
    ring = session.get(Ring, ring_id)
    if ring is None:
        return None
    call = session.scalar(select(Call).where(Call.id == ring.call_id).with_for_update())
    if call is None or call.finished or call.staff_id != ring.staff_id or ring.state != "answered":
        return None
    if not _is_there(session, call):
        release(session, call)
        return None
    talked = "answered" if call.waiting_since is None else "failed"
    return Move(call.sid, call.id, call.step + 1, {"dialled": talked}) if call.sid else None


def release(session: Session, call: Call) -> None:
    """Nobody has the call any more; whoever is free is rung for the caller if he still waits."""
    answered = select(Ring).where(Ring.call_id == call.id, Ring.state == "answered")
    for ring in session.scalars(answered):
        if moves.move(session, ring, "missed", "system:hotline") and ring.sid:
            later(session, "hotline.hang_up", ring.sid)
    seats.call_ended(session, call)
    moves.record(session, call, "agent_lost", f"staff:{call.staff_id}")
    call.staff_id = call.claimed_at = None
    session.flush()
    later(session, "hotline.ring_agents", call.id)


def _is_there(session: Session, call: Call) -> bool:
    return is_with_agent(documents.flow(session, call.digest), State.from_json(call.flow_state))
