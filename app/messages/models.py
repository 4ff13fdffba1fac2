"""Tables of messages."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Encrypted, EncryptedJson, UtcDateTime
from app.core.machine import Machine
from app.messages.rules import MESSAGE


class Message(Base):
    """One text or voice message to one person."""

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("kind IN ('text', 'voice')", name="kind"),
        Index(None, "state", "due_at"),
    )
    machine: ClassVar[Machine] = MESSAGE

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=MESSAGE.initial)
    kind: Mapped[str] = mapped_column(String(6))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """What it is about, such as "offer:12": the same thing is never said twice."""
    template: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(EncryptedJson, default=dict)
    language: Mapped[str] = mapped_column(String(8))
    recipient: Mapped[str] = mapped_column(String(60), index=True)
    """worker:3, resident:12, relative:5 or caller:7."""
    number: Mapped[str] = mapped_column(Encrypted)
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    order_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    visit_id: Mapped[int | None] = mapped_column(BigInteger)
    urgent: Mapped[bool] = mapped_column(default=False)
    """Goes out in quiet hours as well."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rung_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the doorbell was last rung for it."""
    good_until: Mapped[datetime] = mapped_column(UtcDateTime)
    """After this moment it would be stale news and is not sent any more."""
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sid: Mapped[str | None] = mapped_column(String(40), unique=True)
    body: Mapped[str | None] = mapped_column(Encrypted)
    """As handed to the carrier."""
    segments: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(String(60))


class OptOut(Base):
    """A number that answered STOP."""

    __tablename__ = "opt_out"

    number_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class BadNumber(Base):
    """A number the carrier called permanently unreachable by text; voice is tried instead."""

    __tablename__ = "bad_number"

    number_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(60))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
