"""What a line can take: text or voice, who refused texts, which numbers the carrier called unreachable by text."""

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock, crypto, phones
from app.messages.models import BadNumber, OptOut

REFUSED_TEXTS = "21610"
"""The carrier's error for a recipient who answered STOP to it."""


def kind_for(session: Session, number: str) -> str:
    """text for a mobile (E.164); voice for a landline, a number marked bad, or somebody who refused texts."""
    if not phones.parse(number).takes_texts:
        return "voice"
    hashed = crypto.keyed_hash(number)
    marked = select(BadNumber.number_hash).where(BadNumber.number_hash == hashed)
    stopped = select(OptOut.number_hash).where(OptOut.number_hash == hashed)
    return "voice" if session.scalar(marked.union_all(stopped)) else "text"


def mark_bad(session: Session, number_hash: str, error: str, message_id: int | None = None) -> None:
    """The carrier says that no text can reach this number."""
    row = insert(BadNumber).values(number_hash=number_hash, at=clock.now(), error=error, message_id=message_id)
    session.execute(row.on_conflict_do_nothing())


def stop(session: Session, number_hash: str) -> bool:
    """No more texts to this number; False if it had said so before."""
    row = insert(OptOut).values(number_hash=number_hash, at=clock.now()).on_conflict_do_nothing()
    return session.scalar(row.returning(OptOut.number_hash)) is not None


def start(session: Session, number_hash: str) -> bool:
    """Texts again; False if they were never stopped. A number marked bad gets another chance."""
    session.execute(delete(BadNumber).where(BadNumber.number_hash == number_hash))
    gone = delete(OptOut).where(OptOut.number_hash == number_hash).returning(OptOut.number_hash)
    return session.scalar(gone) is not None


def has_stopped(session: Session, number: str) -> bool:
    """Whether the owner of ``number`` (E.164) refused texts."""
    return session.get(OptOut, crypto.keyed_hash(number)) is not None
