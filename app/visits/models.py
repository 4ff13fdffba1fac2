"""Tables of visits: the visit itself, the offers made for it, every decision with its reasons, and the day plans."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, Encrypted, EncryptedJson, UtcDateTime
from app.core.machine import Machine
from app.visits.rules import ABSENCES, OFFER, PLAN, VISIT

TAKEN = "state IN (" + ", ".join(f"'{state}'" for state in sorted(VISIT.live)) + ")"


class Visit(Base):
    """One worker's coming to one door. A missed visit stays as it is; a new row takes its place."""

    __tablename__ = "visit"
    __table_args__ = (
        ExcludeConstraint(
            ("worker_id", "="),
            ("during", "&&"),
            where=text(TAKEN),
            using="gist",
            name="visit_no_double_booking",
            deferrable=True,
            initially="IMMEDIATE",
        ),
        CheckConstraint(f"NOT ({TAKEN}) OR (worker_id IS NOT NULL AND during IS NOT NULL)", name="live_has_worker"),
        CheckConstraint("during IS NULL OR NOT isempty(during)", name="during_not_empty"),
        CheckConstraint("window_start < window_end", name="window"),
        Index(None, "state", "window_end"),
        Index("ix_visit_attention", "attention", postgresql_where=text("attention IS NOT NULL")),
    )
    machine: ClassVar[Machine] = VISIT

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default=VISIT.initial)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    during: Mapped[Range[datetime] | None] = mapped_column(TSTZRANGE)
    """When the worker is to be at the door, [start, end)."""
    minutes: Mapped[int]
    skill: Mapped[str | None] = mapped_column(String(30))
    place: Mapped[list[float]] = mapped_column(EncryptedJson)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    window_start: Mapped[datetime] = mapped_column(UtcDateTime)
    window_end: Mapped[datetime] = mapped_column(UtcDateTime)
    urgent: Mapped[bool] = mapped_column(default=False)
    pinned: Mapped[bool] = mapped_column(default=False)
    travel_seconds: Mapped[int | None]
    """Estimated travel to the door, as reckoned at the decision."""
    code: Mapped[str] = mapped_column(Encrypted)
    """Four digits: the worker has the first two, the resident all."""
    wrong_codes: Mapped[int] = mapped_column(default=0)
    attention: Mapped[str | None] = mapped_column(String(40))
    """Why a dispatcher must look, by code."""
    proof: Mapped[str | None] = mapped_column(String(20))
    """How presence was proved: code, password, resident_phone."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    departed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_place: Mapped[list[float] | None] = mapped_column(EncryptedJson)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None] = mapped_column(String(30))
    """Why it was not done, by code."""
    note: Mapped[str | None] = mapped_column(Encrypted)
    late_told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    no_room_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it waits for a plan of the day, because nobody has room for it as things stand."""


class Offer(Base):
    """A visit offered to one worker, once."""

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("visit_id", "worker_id"),
        Index("uq_offer_live_code", "worker_id", "code", unique=True, postgresql_where=text("state = 'sent'")),
        Index("uq_offer_live_visit", "visit_id", unique=True, postgresql_where=text("state = 'sent'")),
        Index(None, "state", "expires_at"),
    )
    machine: ClassVar[Machine] = OFFER

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("worker.id"))
    state: Mapped[str] = mapped_column(String(12), default=OFFER.initial)
    code: Mapped[str] = mapped_column(String(2))
    """Two digits, unique among the worker's live offers, so that "1 27" is unambiguous."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[str | None] = mapped_column(String(12))
    """sms, link, phone."""
    reason: Mapped[str | None] = mapped_column(String(40))


class Decision(Base):
    """Why this worker: what was known, what was found for every candidate; replaying it gives the same choice."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("service_order.id"), index=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    planner: Mapped[str] = mapped_column(String(40))
    """Name and version of the rule set."""
    problem: Mapped[dict[str, Any]] = mapped_column(EncryptedJson)
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJson)
    chosen_worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    by: Mapped[str] = mapped_column(String(60))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("day_plan.id"))
    """The plan that decided; it keeps the problem."""


class DayPlan(Base):
    """A plan of the coming day or days: wanted, searched for, and applied as a whole or not at all.

    Its id is the version: a plan is applied only if what it was made for still is so.
    """

    __tablename__ = "day_plan"
    __table_args__ = (
        Index("uq_day_plan_wanted", "state", unique=True, postgresql_where=text("state = 'wanted'")),
        Index("uq_day_plan_searching", "state", unique=True, postgresql_where=text("state = 'searching'")),
        Index(None, "wanted_at"),
    )
    machine: ClassVar[Machine] = PLAN

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=PLAN.initial)
    why: Mapped[list[str]] = mapped_column(ARRAY(String(20)))
    """Codes of PLAN_REASONS."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    """How far it looks."""
    tries: Mapped[int] = mapped_column(default=1)
    """How often in a row it had to be begun again."""
    wanted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    planner: Mapped[str | None] = mapped_column(String(40))
    problem: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    """What was known; with ``laps``, and the plan's id (or that of its proposal) as the seed, it is found again."""
    laps: Mapped[list[int] | None] = mapped_column(JSONB)
    price_before: Mapped[int | None] = mapped_column(BigInteger)
    price: Mapped[int | None] = mapped_column(BigInteger)
    """Of the whole day, seconds."""
    requests: Mapped[int | None]
    """How many visits it could decide about."""
    unserved: Mapped[int | None]
    """For how many of them nobody can come."""
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """visit_id, worker_id, start, was_worker_id, was_start (seconds since the epoch), promised, why."""
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("absence_proposal.id"))
    """What a dispatcher has seen and confirmed: the plan to be carried out, if it still can be."""


class AbsenceProposal(Base):
    """Absences that are not noted yet, and what would follow: seen before anybody is told. At most one is open."""

    __tablename__ = "absence_proposal"
    __table_args__ = (
        Index(
            "uq_absence_proposal_open",
            text("(true)"),
            unique=True,
            postgresql_where=text("state IN ('drafted', 'weighing', 'shown', 'failed')"),
        ),
    )
    machine: ClassVar[Machine] = ABSENCES

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=ABSENCES.initial)
    absences: Mapped[list[dict[str, Any]]] = mapped_column(EncryptedJson, default=list)
    """worker_id, starts_at, ends_at (ISO 8601, with zone), by, reason."""
    version: Mapped[int] = mapped_column(default=1)
    """Rises with each change: what was worked out for another one is thrown away."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    weighed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[dict[str, Any] | None] = mapped_column(EncryptedJson)
    laps: Mapped[list[int] | None] = mapped_column(JSONB)
    """With the proposal's id as the seed these find the same plan again."""
    unserved: Mapped[list[int] | None] = mapped_column(JSONB)
    """Ids of visits that would have nobody any more, the most pressing first."""
    messages: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    """How many messages would be written, by whom they are for."""
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    """As in DayPlan."""
