"""The one door for every change of state: value and history row are written together, and the first one wins.

A state table is data: {state: {event: next state}}. The change is a conditional UPDATE; row count 1 means it was ours.
"""

from datetime import datetime
from typing import Any, ClassVar, Protocol

from sqlalchemy import BigInteger, Identity, Index, PrimaryKeyConstraint, String, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.orm.attributes import set_committed_value

from app.core import clock
from app.core.db import Base, Encrypted, UtcDateTime
from app.core.errors import DoorlineError
from app.core.machine import Machine


class NotAllowed(DoorlineError):
    """The state table has no such event in the thing's present state."""


class Thing(Protocol):
    """Anything with an id, a state and a machine; ``order_id`` puts its history on that order's timeline."""

    id: Mapped[int]
    state: Mapped[str]
    machine: ClassVar[Machine]


class History(Base):
    """What happened to whom, when, by whom: the timeline. Rows are only ever inserted; partitioned by month."""

    __tablename__ = "history"
    __table_args__ = (
        PrimaryKeyConstraint("id", "at"),
        Index(None, "order_id", "id"),
        Index(None, "thing", "thing_id", "id"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    thing: Mapped[str] = mapped_column(String(40))
    thing_id: Mapped[int] = mapped_column(BigInteger)
    order_id: Mapped[int | None] = mapped_column(BigInteger)
    event: Mapped[str] = mapped_column(String(60))
    before: Mapped[str | None] = mapped_column(String(30))
    after: Mapped[str | None] = mapped_column(String(30))
    by: Mapped[str] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(Encrypted)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


def move(session: Session, thing: Any, event: str, by: str, note: str = "", **facts: Any) -> History | None:
    """Let ``event`` happen to ``thing``: change its state and write the history row, both in this transaction.

    thing: a row with ``id``, ``state`` and ``machine``; its state in Python is what the caller believed. by: who did
    it, such as "staff:7", "worker:3", "caller:CA12…", "system:dispatch". note: free text, encrypted. facts: JSON-able,
    no personal data.

    Returns the history row, or None if somebody else changed the state first (the thing is refreshed then).
    Raises NotAllowed("move.not_allowed") if the table does not know the event in that state.
    """
    before = thing.state
    after = thing.machine.next(before, event)
    if after is None:
        raise NotAllowed("move.not_allowed", thing=thing.__tablename__, id=thing.id, state=before, event=event)
    session.flush()
    model = type(thing)
    change = update(model).where(model.id == thing.id, model.state == before).values(state=after)
    if session.execute(change.execution_options(synchronize_session=False)).rowcount != 1:  # type: ignore[attr-defined]
        session.refresh(thing)
        return None
    set_committed_value(thing, "state", after)
    return record(session, thing, event, by, note, before=before, after=after, **facts)


def record(
    session: Session,
    thing: Any,
    event: str,
    by: str,
    note: str = "",
    *,
    before: str | None = None,
    after: str | None = None,
    **facts: Any,
) -> History:
    """Write a history row for ``thing`` without changing its state (see move for the arguments)."""
    session.flush()
    name = thing.__tablename__
    row = History(
        at=clock.now(),
        thing=name,
        thing_id=thing.id,
        order_id=thing.id if name == "service_order" else getattr(thing, "order_id", None),
        event=event,
        before=before,
        after=after,
        by=by,
        note=note or None,
        facts=facts,
    )
    session.add(row)
    session.flush()
    return row


def timeline(session: Session, order_id: int) -> list[History]:
    """Everything that happened around one order, oldest first."""
    return list(session.scalars(select(History).where(History.order_id == order_id).order_by(History.id)))
