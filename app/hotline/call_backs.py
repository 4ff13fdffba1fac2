"""The worklist of people to ring back: nothing a caller left is without a row here, and no row without an owner."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import NotFound, Refused
from app.hotline import hours, owners
from app.hotline.models import Call, CallBack
from app.hotline.rules import CALL_BACK

MISSED_CALL = timedelta(minutes=30)
"""A missed call is called back within 30 minutes in opening hours."""

URGENT = timedelta(minutes=2)
"""An emergency that no agent took."""

LEAST = "missed_call"
"""The reason that gives way to any other, since it says least."""

URGENT_REASONS = frozenset({"emergency", "door_alarm", "duress"})


def open_for(
    session: Session,
    reason: str,
    key: str,
    *,
    call: Call | None = None,
    number: str | None = None,
    resident_id: int | None = None,
    order_id: int | None = None,
    said: str | None = None,
    by: str = "system:hotline",
) -> CallBack:
    """Put somebody on the worklist; the same ``key`` is listed once, also by two at the same moment.

    What is said later is added to the row; if that was settled meanwhile, it is open again.

    reason: one of the codes of CallBack.reason. number: E.164; by default the call's. said: what the caller said or
    keyed, or what the agent is to do.
    """
    urgent = reason in URGENT_REASONS
    row = insert(CallBack).values(
        state=CALL_BACK.initial,
        reason=reason,
        key=key,
        number=number or (call.number if call else None),
        call_id=call.id if call else None,
        resident_id=resident_id or (call.resident_id if call else None),
        order_id=order_id or (call.order_id if call else None),
        said=said,
        urgent=urgent,
        owner_id=owners.choose(session, first=call.staff_id if call else None),
        created_at=clock.now(),
        due_at=_due(session, urgent),
    )
    made = session.scalar(row.on_conflict_do_nothing(index_elements=["key"]).returning(CallBack.id))
    if made is None:
        return _add(session, key, reason, order_id, said, by)
    listed = session.get_one(CallBack, made)
    moves.record(session, listed, "listed", by, reason=reason)
    return listed


def _add(session: Session, key: str, reason: str, order_id: int | None, said: str | None, by: str) -> CallBack:
    """What comes later belongs to the row that is there; a settled one is open again if something new was said."""
    query = select(CallBack).where(CallBack.key == key).with_for_update()
    known = session.scalars(query.execution_options(populate_existing=True)).one()
    known.order_id = known.order_id or order_id
    if known.reason == LEAST:
        known.reason = reason
    if said and said not in (known.said or ""):
        known.said = f"{known.said}\n{said}" if known.said else said
        if known.state == "done":
            _reopen(session, known, by)
            known.due_at = _due(session, known.urgent)
    return known


def _due(session: Session, urgent: bool) -> datetime:
    """By when somebody is to be rung; the time of what came in at night begins in the morning."""
    return clock.now() + URGENT if urgent else hours.opens_at(session, clock.now()) + MISSED_CALL


def get(session: Session, call_back_id: int) -> CallBack:
    """One row of the worklist. Raises NotFound("call_back.unknown")."""
    row = session.get(CallBack, call_back_id)
    if row is None:
        raise NotFound("call_back.unknown", id=call_back_id)
    return row


def worklist(session: Session) -> list[CallBack]:
    """All that is to be done: urgent first, then by due time."""
    waiting = select(CallBack).where(CallBack.state.in_(CALL_BACK.live))
    return list(session.scalars(waiting.order_by(CallBack.urgent.desc(), CallBack.due_at, CallBack.id)))


def take(session: Session, row: CallBack, staff_id: int) -> None:
    """Make ``staff_id`` the owner. Raises Refused("call_back.taken") if somebody was first."""
    if moves.move(session, row, "taken", f"staff:{staff_id}") is None:
        raise Refused("call_back.taken", id=row.id)
    row.owner_id = staff_id


def give_back(session: Session, row: CallBack, staff_id: int, result: str = "") -> None:
    """Put the row back for the others; ``result`` says what was tried."""
    moves.move(session, row, "returned", f"staff:{staff_id}", note=result)
    row.owner_id = owners.choose(session, besides=staff_id)


def finish(session: Session, row: CallBack, staff_id: int, result: str) -> None:
    """It is settled; ``result`` says how. Raises Refused("call_back.result_missing") without a word about it."""
    if not result.strip():
        raise Refused("call_back.result_missing")
    was_taken = row.state == "taken"
    if moves.move(session, row, "done", f"staff:{staff_id}", note=result) is None:
        return
    row.owner_id = row.owner_id if was_taken else staff_id
    row.done_at = clock.now()
    row.result = result


def reopen(session: Session, row: CallBack, staff_id: int) -> None:
    """Undo finish: back to the worklist, for whoever undoes it."""
    _reopen(session, row, f"staff:{staff_id}")
    row.owner_id = staff_id


def _reopen(session: Session, row: CallBack, by: str) -> None:
    if moves.move(session, row, "reopened", by) is None:
        return
    row.done_at = None
    row.owner_id = owners.choose(session)


def settled_by(session: Session, staff_id: int, limit: int = 3) -> list[CallBack]:
    """What ``staff_id`` settled last, the latest first: to be undone if it was a slip."""
    rows = select(CallBack).where(CallBack.owner_id == staff_id, CallBack.state == "done")
    return list(session.scalars(rows.order_by(CallBack.done_at.desc()).limit(limit)))
