"""Tables of quality: one follow-up a finished visit."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Encrypted, UtcDateTime
from app.core.machine import Machine
from app.quality.rules import FOLLOW_UP


class FollowUp(Base):
    """The question after the visit: contacted? solved? satisfied?"""

    __tablename__ = "follow_up"
    __table_args__ = (Index(None, "state", "due_at"),)
    machine: ClassVar[Machine] = FOLLOW_UP

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=FOLLOW_UP.initial)
    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    contacted: Mapped[bool | None]
    solved: Mapped[bool | None]
    grade: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(Encrypted)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
