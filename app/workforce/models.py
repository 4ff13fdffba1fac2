"""Tables of the workforce: social workers, their shifts and leave, and where they are while on duty."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Encrypted, EncryptedJson, UtcDateTime


class Worker(Base):
    """A social worker who makes home visits."""

    __tablename__ = "worker"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(Encrypted)
    number_hash: Mapped[str] = mapped_column(String(64), unique=True)
    gender: Mapped[str | None] = mapped_column(String(1))
    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    """The language we write to him in."""
    speaks: Mapped[list[str]] = mapped_column(ARRAY(String(20)), default=list)
    skills: Mapped[list[str]] = mapped_column(ARRAY(String(30)), default=list)
    home: Mapped[list[float]] = mapped_column(EncryptedJson)
    """[latitude, longitude], WGS-84 degrees: where the day starts without a position."""
    mode: Mapped[str] = mapped_column(String(10), default="ebike")
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    """Serves only below this area; None is everywhere."""
    active: Mapped[bool] = mapped_column(default=True)


class Shift(Base):
    """A span of work, or a break or leave inside it."""

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint("kind IN ('work', 'break', 'leave')", name="kind"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index(None, "worker_id", "starts_at"),
        Index(None, "starts_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(8), default="work")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Position(Base):
    """The last coarse position of a worker on duty; none off duty."""

    __tablename__ = "position"

    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[list[float]] = mapped_column(EncryptedJson)
    """[latitude, longitude] rounded to three decimals (about 100 m)."""
