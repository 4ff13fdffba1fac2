"""Tables of places: the tree of areas and the landmark names that people use for addresses."""

from datetime import date
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, EncryptedJson


class Area(Base):
    """District, subdistrict or community; centre in WGS-84 degrees."""

    __tablename__ = "area"
    __table_args__ = (CheckConstraint("level IN ('district', 'subdistrict', 'community')", name="level"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    level: Mapped[str] = mapped_column(String(12))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    latitude: Mapped[float]
    longitude: Mapped[float]
    phone: Mapped[str | None] = mapped_column(String(20))
    phone_verified_on: Mapped[date | None]
    address: Mapped[str | None] = mapped_column(String(200))
    polygon: Mapped[Any | None] = mapped_column(JSONB)


class Landmark(Base):
    """A name people use for a place ("the red door behind the market"), learnt per community."""

    __tablename__ = "landmark"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    name: Mapped[str] = mapped_column(String(120))
    place: Mapped[list[float] | None] = mapped_column(EncryptedJson)
    confirmed: Mapped[bool] = mapped_column(default=False)
