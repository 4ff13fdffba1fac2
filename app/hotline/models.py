"""Tables of the hotline: calls with their flow state and answered steps, seats and rings, call-backs, texts in."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, PrimaryKeyConstraint, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Encrypted, EncryptedJson, UtcDateTime
from app.core.machine import Machine
from app.hotline.rules import CALL_BACK, RING, SEAT


class FlowDocument(Base):
    """A call flow with its prompts, by content hash: a call in progress stays on the one it began with."""

    __tablename__ = "flow_document"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Call(Base):
    """One phone call, in or out, led by a flow."""

    __tablename__ = "call"
    __table_args__ = (Index(None, "status", "started_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sid: Mapped[str | None] = mapped_column(String(40), unique=True)
    direction: Mapped[str] = mapped_column(String(8))
    """inbound or outbound."""
    purpose: Mapped[str] = mapped_column(String(20))
    """hotline, worker, or for outbound calls the flow: announce, notice, satisfaction, offer."""
    status: Mapped[str] = mapped_column(String(12), default="queued")
    number: Mapped[str] = mapped_column(Encrypted)
    """The other side's number, E.164."""
    number_hash: Mapped[str] = mapped_column(String(64), index=True)
    digest: Mapped[str] = mapped_column(ForeignKey("flow_document.digest"))
    flow_state: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    step: Mapped[int] = mapped_column(default=0)
    """Number of the last answered step."""
    language: Mapped[str] = mapped_column(String(8))
    resident_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    worker_id: Mapped[int | None] = mapped_column(BigInteger)
    order_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    message_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """The voice message that this call carries."""
    ring_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    """The ring that this call to an agent's phone is."""
    staff_id: Mapped[int | None] = mapped_column(BigInteger)
    """The agent who has the call."""
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the caller waits for a person; None once they are together."""
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the agent answered."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished: Mapped[bool] = mapped_column(default=False)
    """The hang-up was handled: drafts kept, agents' phones silenced."""
    settled: Mapped[bool] = mapped_column(default=False)
    """What became of the voice message that it carried is settled."""


class CallStep(Base):
    """What was answered to one step of a call, so that a repeated webhook gets the same answer."""

    __tablename__ = "call_step"
    __table_args__ = (PrimaryKeyConstraint("call_id", "step"),)

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    step: Mapped[int]
    answer: Mapped[str] = mapped_column(Encrypted)
    """It may speak an address or a name."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Seat(Base):
    """An agent's readiness to be rung."""

    __tablename__ = "seat"
    machine: ClassVar[Machine] = SEAT

    id: Mapped[int] = mapped_column(BigInteger, ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True)
    """The staff account's id."""
    state: Mapped[str] = mapped_column(String(12), default=SEAT.initial)
    line: Mapped[str] = mapped_column(String(10), default="browser")
    """browser, or phone: the agent's own number."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The console's last sign of life; a silent seat is not rung."""
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))


class Ring(Base):
    """One agent's phone being rung for one caller."""

    __tablename__ = "ring"
    __table_args__ = (Index(None, "call_id", "state"), Index(None, "staff_id", "state"))
    machine: ClassVar[Machine] = RING

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(12), default=RING.initial)
    line: Mapped[str] = mapped_column(String(10))
    """browser or phone: which of the agent's lines is rung."""
    sid: Mapped[str | None] = mapped_column(String(40), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CallBack(Base):
    """Somebody to ring back: a missed call, a message, a dropped order. Has an owner once anybody is at work."""

    __tablename__ = "call_back"
    __table_args__ = (Index(None, "state", "due_at"),)
    machine: ClassVar[Machine] = CALL_BACK

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=CALL_BACK.initial)
    reason: Mapped[str] = mapped_column(String(30))
    """missed_call, dropped_call, voicemail, wanted, emergency, bad_grade, not_reached, door_alarm, people_only,
    message_unknown, drafted_order."""
    key: Mapped[str] = mapped_column(String(80), unique=True)
    """What it is about, such as "call:7": the same thing is listed once."""
    number: Mapped[str | None] = mapped_column(Encrypted)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("call.id", ondelete="SET NULL"))
    resident_id: Mapped[int | None] = mapped_column(BigInteger)
    order_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    said: Mapped[str | None] = mapped_column(Encrypted)
    """What the caller had said or keyed, or the instruction for the agent."""
    urgent: Mapped[bool] = mapped_column(default=False)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str | None] = mapped_column(Encrypted)


class Recording(Base):
    """Something a caller left in his own voice; the sound stays with the carrier until it is fetched."""

    __tablename__ = "recording"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id", ondelete="CASCADE"), index=True)
    ref: Mapped[str] = mapped_column(String(200), unique=True)
    seconds: Mapped[int]
    words: Mapped[str | None] = mapped_column(Encrypted)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class InboundText(Base):
    """A text that came in, kept before it is understood."""

    __tablename__ = "inbound_text"
    __table_args__ = (Index(None, "number_hash", "received_at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sid: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[str] = mapped_column(Encrypted)
    number_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Encrypted)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    meaning: Mapped[str | None] = mapped_column(String(30))
    order_id: Mapped[int | None] = mapped_column(BigInteger)
