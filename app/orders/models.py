"""Tables of orders."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Sequence, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Encrypted, EncryptedJson, UtcDateTime
from app.core.machine import Machine
from app.orders.rules import ORDER

order_number = Sequence("order_number", metadata=Base.metadata)
"""Counts orders; orders.numbers turns the count into the speakable number."""


class ServiceOrder(Base):
    """What somebody asked for. Caller, subject and contact are three roles that may be three people."""

    __tablename__ = "service_order"
    __table_args__ = (
        Index(None, "state", "opened_at"),
        Index("ix_service_order_visits_outdated", "id", postgresql_where=sql("visits_outdated")),
    )
    machine: ClassVar[Machine] = ORDER

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    state: Mapped[str] = mapped_column(String(20), default=ORDER.initial)
    channel: Mapped[str] = mapped_column(String(12))
    """phone_menu, phone_agent, voicemail, web, visit."""
    item_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"))
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"), index=True)
    """For whom; a draft may not know yet."""
    caller_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id"))
    """Who called, if a resident."""
    caller_name: Mapped[str | None] = mapped_column(Encrypted)
    """Who called, if not a resident we know (a neighbour, a son)."""
    contact_number: Mapped[str | None] = mapped_column(Encrypted)
    """Whom to reach about it, E.164; by default the subject's first phone."""
    contact_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    contact_kind: Mapped[str | None] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    text: Mapped[str | None] = mapped_column(Encrypted)
    address: Mapped[str | None] = mapped_column(Encrypted)
    place: Mapped[list[float] | None] = mapped_column(EncryptedJson)
    approximate: Mapped[bool] = mapped_column(default=False)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    window_start: Mapped[datetime | None] = mapped_column(UtcDateTime)
    window_end: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wished_worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    """The worker promised to the caller during the call."""
    wished_start: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The time promised with him."""
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Intake: both clocks run from here."""
    response_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolution_due: Mapped[datetime | None] = mapped_column(UtcDateTime)
    responded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened: Mapped[int] = mapped_column(default=0)
    call_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The call that brought it (a row of the hotline)."""
    visits_outdated: Mapped[bool] = mapped_column(default=False)
    """Changed or cancelled, and its visits have not followed yet: the sweep rings until they have."""
    taken_by: Mapped[str] = mapped_column(String(60))
