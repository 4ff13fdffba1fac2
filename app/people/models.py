"""Tables of people: residents with phones, relatives and consents; staff; and who looked at whose file.

Encrypted (docs/decisions): phone numbers, addresses, positions, health and status flags, notes, household passwords.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, PrimaryKeyConstraint, String, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.core.db import Base, Encrypted, EncryptedJson, UtcDateTime
from app.people import names


class Resident(Base):
    """A person the district serves."""

    __tablename__ = "resident"
    __table_args__ = (
        CheckConstraint("pace IN ('normal', 'slow')", name="pace"),
        Index(None, "name_keys", postgresql_using="gin"),
        Index(None, "name_text", postgresql_using="gin", postgresql_ops={"name_text": "gin_trgm_ops"}),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    external_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_keys: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default=list)
    """Tone-less pinyin, initials and sound-alikes, made by people.names whenever the name is set."""
    name_text: Mapped[str] = mapped_column(Text, default="")
    """The keys in one line, for names half typed or misspelt."""
    gender: Mapped[str | None] = mapped_column(String(1))
    birth_year: Mapped[int | None]
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    address: Mapped[str] = mapped_column(Encrypted)
    place: Mapped[list[float]] = mapped_column(EncryptedJson)
    """[latitude, longitude], WGS-84 degrees."""
    approximate: Mapped[bool] = mapped_column(default=False)
    """The place is only the community's centre, until a visit has confirmed it."""
    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    dialect: Mapped[str | None] = mapped_column(String(20))
    pace: Mapped[str] = mapped_column(String(8), default="normal")
    flags: Mapped[list[str]] = mapped_column(EncryptedJson, default=list)
    """Of mobility_limited, hard_of_hearing, people_only, hardship, living_alone, watch, care_level_1..3."""
    wishes: Mapped[dict[str, Any]] = mapped_column(EncryptedJson, default=dict)
    """{"gender": "f", "forbidden_workers": [ids], "straight_to_person": true}."""
    household_password: Mapped[str | None] = mapped_column(Encrypted)
    note: Mapped[str | None] = mapped_column(Encrypted)
    usual_item_id: Mapped[int | None] = mapped_column(BigInteger)
    usual_worker_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    phones: Mapped[list["ResidentPhone"]] = relationship(
        back_populates="resident", order_by="ResidentPhone.rank", cascade="all, delete-orphan"
    )
    relatives: Mapped[list["Relative"]] = relationship(
        back_populates="resident", order_by="Relative.id", cascade="all, delete-orphan"
    )

    @validates("name")
    def _index_name(self, _: str, name: str) -> str:
        self.name_keys = names.keys(name)
        self.name_text = names.line(name, self.name_keys)
        return name


class ResidentPhone(Base):
    """A phone by which a resident is reached; several people may share one."""

    __tablename__ = "resident_phone"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"), index=True)
    number: Mapped[str] = mapped_column(Encrypted)
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    last4_hash: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    rank: Mapped[int] = mapped_column(default=0)
    """0 is tried first."""

    resident: Mapped[Resident] = relationship(back_populates="phones")


class Relative(Base):
    """Somebody of the family or the neighbourhood; hears something only with the resident's recorded consent."""

    __tablename__ = "relative"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    relation: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(Encrypted)
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    last4_hash: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    consent_call_id: Mapped[int | None] = mapped_column(BigInteger)

    resident: Mapped[Resident] = relationship(back_populates="relatives")


class Staff(Base):
    """An account of the console."""

    __tablename__ = "staff"
    __table_args__ = (CheckConstraint("role IN ('agent', 'dispatcher', 'supervisor', 'admin')", name="role"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(8), default="zh-CN")
    number: Mapped[str | None] = mapped_column(Encrypted)
    """The agent's own phone, E.164; without one the browser line is rung."""
    area_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    active: Mapped[bool] = mapped_column(default=True)
    session_mark: Mapped[str] = mapped_column(String(32))
    """Changes with the password, which ends all sessions."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeptForm(Base):
    """What a member of staff has typed into a form and not sent yet, so that nothing typed is ever lost."""

    __tablename__ = "kept_form"
    __table_args__ = (PrimaryKeyConstraint("staff_id", "form"),)

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    form: Mapped[str] = mapped_column(String(60))
    """Which form, and about what: "order:call:7"."""
    typed: Mapped[dict[str, Any]] = mapped_column(EncryptedJson, default=dict)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class AccessLog(Base):
    """Every look at a person's file or full number. Rows are only ever inserted; partitioned by month."""

    __tablename__ = "access_log"
    __table_args__ = (
        PrimaryKeyConstraint("id", "at"),
        Index(None, "resident_id", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(60))
    what: Mapped[str] = mapped_column(String(40))
    resident_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None] = mapped_column(String(200))
