"""What tests of messages share: a live site, a carrier that keeps what it gets, and a way to write."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, db, queue, site
from app.core.moves import History
from app.gateways import carrier, wire
from app.messages import outbox
from app.messages.models import Message
from tests.databases import Database
from tests.fake_carrier import FakeCarrier

ROSA = "+8613800138000"
ROSA_AT_HOME = "+862155512301"

Write = Callable[..., Message | None]


@pytest.fixture
def live(database: Database) -> None:
    """The hotline may contact everybody."""
    with db.unit_of_work() as session:
        site.put(session, "live", True)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCarrier]:
    """The carrier of this process, without waiting for requests that may still be under way."""
    fake = FakeCarrier()
    carrier.use(fake)  # type: ignore[arg-type]
    monkeypatch.setattr(wire, "time_out", lambda: 0)
    yield fake
    carrier.use(None)


def write(session: Session, **changes: Any) -> Message | None:
    """A message to Rosa: her order is confirmed."""
    values: dict[str, Any] = {
        "key": "order:1:confirmed",
        "template": "order_confirmed",
        "recipient": "resident:1",
        "number": ROSA,
        "language": "zh-CN",
        "params": {"number": "12345675"},
        "order_id": 1,
    }
    return outbox.write(session, **values | changes)


def written(**changes: Any) -> int:
    """The id of a committed message."""
    with db.unit_of_work() as session:
        message = write(session, **changes)
    assert message is not None
    return message.id


def state(message_id: int) -> str:
    """The committed state of a message."""
    with db.unit_of_work() as session:
        return session.get_one(Message, message_id).state


def events(message_id: int) -> list[str]:
    """What happened to a message, oldest first."""
    query = select(History.event).where(History.thing == "message", History.thing_id == message_id)
    with db.unit_of_work() as session:
        return list(session.scalars(query.order_by(History.id)))


def evening(hours: float) -> None:
    """Wind from 09:00 to so many hours later."""
    clock.wind(timedelta(hours=hours))


def claimed(message_id: int) -> outbox.Outgoing | None:
    with db.unit_of_work() as session:
        return outbox.claim(session, message_id)


def row(message_id: int) -> Message:
    with db.unit_of_work() as session:
        return session.get_one(Message, message_id)


def recorded(act: Callable[[Session, int], object], message_id: int) -> list[tuple[str, tuple[object, ...]]]:
    """Do ``act`` in a transaction and return the doorbells it asked for."""
    with db.unit_of_work() as session:
        act(session, message_id)
        return [(name, args) for name, args in queue.waiting(session)]
