"""Going live: what was withheld before is released if it is still news, and dropped if not."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, moves, site
from app.messages import outbox
from app.messages.models import Message


def release(session: Session) -> tuple[int, int]:
    """Queue withheld messages that are still fresh and withdraw the others; (released, dropped).

    To be called in the transaction that goes live. Old ones never flood the district.
    """
    released = dropped = 0
    for message in session.scalars(select(Message).where(Message.state == "withheld").with_for_update()):
        if message.good_until <= clock.now():
            moves.move(session, message, "withdrawn", outbox.BY, why="stale")
            dropped += 1
        elif site.may_contact(session, message.number):
            moves.move(session, message, "repeated", outbox.BY)
            outbox.ring(session, message)
            released += 1
    return released, dropped
