"""Tables of organisations."""

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Organisation(Base):
    """An organisation that provides services; its workers are sent only while its licence holds."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    phone: Mapped[str | None] = mapped_column(String(20))
    licence_until: Mapped[date | None]
