"""Who is to ring back: a row of the worklist has an owner as soon as anybody is at work, so that none is nobody's.

An owner may be relieved by whoever takes the row; what somebody took himself stays his until he gives it back.
"""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.hotline import seats
from app.hotline.models import CallBack
from app.hotline.rules import CALL_BACK


def choose(session: Session, first: int | None = None, besides: int | None = None) -> int | None:
    """The agent at work with the least to ring back; None if nobody is at work.

    first: whom the caller knows already, if he is there. besides: who does not want it.
    """
    here = seats.at_work(session)
    if first in here:
        return first
    return _least(_loads(session, here), [staff_id for staff_id in here if staff_id != besides])


def deal(session: Session) -> None:
    """Give those at work what nobody has, and what lies untouched with somebody who went away."""
    here = seats.at_work(session)
    if not here:
        return
    left = select(CallBack).where(
        CallBack.state == "open", or_(CallBack.owner_id.is_(None), CallBack.owner_id.not_in(here))
    )
    rows = left.order_by(CallBack.urgent.desc(), CallBack.due_at, CallBack.id).with_for_update(skip_locked=True)
    loads: Counter[int] | None = None
    for row in session.scalars(rows):
        loads = _loads(session, here) if loads is None else loads
        row.owner_id = _least(loads, here)
        loads[row.owner_id] += 1  # type: ignore[index]


def _loads(session: Session, here: Collection[int]) -> Counter[int]:
    """How many rows each of ``here`` has to settle."""
    rows = select(CallBack.owner_id, func.count()).where(
        CallBack.owner_id.in_(here), CallBack.state.in_(CALL_BACK.live)
    )
    return Counter({owner: count for owner, count in session.execute(rows.group_by(CallBack.owner_id)) if owner})


def _least(loads: Counter[int], here: Collection[int]) -> int | None:
    return min(here, key=lambda staff_id: (loads[staff_id], staff_id), default=None)
