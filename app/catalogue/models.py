"""Tables of the catalogue: service items in two levels, and the district's own working days."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class ServiceItem(Base):
    """A category (no parent) or an item that can be ordered."""

    __tablename__ = "service_item"
    __table_args__ = (CheckConstraint("minutes > 0 AND workers_needed BETWEEN 1 AND 2", name="sizes"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"))
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60))
    skill: Mapped[str | None] = mapped_column(String(30))
    minutes: Mapped[int] = mapped_column(default=30)
    workers_needed: Mapped[int] = mapped_column(default=1)
    offer_seconds: Mapped[int] = mapped_column(default=7200)
    """First-response clock: a visit is offered to a worker within this time from intake."""
    resolution_seconds: Mapped[int] = mapped_column(default=7 * 86400)
    """Resolution clock, from intake."""
    urgent: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)


class CalendarDay(Base):
    """A day on which the district's offices work or rest against the week's rule (holidays, swapped weekends)."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    working: Mapped[bool]
    name: Mapped[str | None] = mapped_column(String(60))
