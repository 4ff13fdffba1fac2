"""Every table of the first house."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE SEQUENCE order_number")
    op.create_table(
        "access_log",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_access_log")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(op.f("ix_access_log_resident_id_at"), "access_log", ["resident_id", "at"], unique=False)
    op.create_table(
        "area",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("phone_verified_on", sa.Date(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("polygon", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("level IN ('district', 'subdistrict', 'community')", name=op.f("ck_area_level")),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
    )
    op.create_index(op.f("ix_area_parent_id"), "area", ["parent_id"], unique=False)
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "flow_document",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_flow_document")),
    )
    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("thing", sa.String(length=40), nullable=False),
        sa.Column("thing_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("event", sa.String(length=60), nullable=False),
        sa.Column("before", sa.String(length=30), nullable=True),
        sa.Column("after", sa.String(length=30), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", "at", name=op.f("pk_history")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_index(op.f("ix_history_order_id_id"), "history", ["order_id", "id"], unique=False)
    op.create_index(op.f("ix_history_thing_thing_id_id"), "history", ["thing", "thing_id", "id"], unique=False)
    op.create_table(
        "inbound_text",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("meaning", sa.String(length=30), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_text")),
        sa.UniqueConstraint("sid", name=op.f("uq_inbound_text_sid")),
    )
    op.create_index(
        op.f("ix_inbound_text_number_hash_received_at"), "inbound_text", ["number_hash", "received_at"], unique=False
    )
    op.create_table(
        "message",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("recipient", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("visit_id", sa.BigInteger(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("segments", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=60), nullable=True),
        sa.CheckConstraint("kind IN ('text', 'voice')", name=op.f("ck_message_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
        sa.UniqueConstraint("sid", name=op.f("uq_message_sid")),
    )
    op.create_index(op.f("ix_message_number_hash"), "message", ["number_hash"], unique=False)
    op.create_index(op.f("ix_message_order_id"), "message", ["order_id"], unique=False)
    op.create_index(op.f("ix_message_recipient"), "message", ["recipient"], unique=False)
    op.create_index(op.f("ix_message_state_due_at"), "message", ["state", "due_at"], unique=False)
    op.create_table(
        "opt_out",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_opt_out")),
    )
    op.create_table(
        "service_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("skill", sa.String(length=30), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("workers_needed", sa.Integer(), nullable=False),
        sa.Column("offer_seconds", sa.Integer(), nullable=False),
        sa.Column("resolution_seconds", sa.Integer(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("minutes > 0 AND workers_needed BETWEEN 1 AND 2", name=op.f("ck_service_item_sizes")),
        sa.ForeignKeyConstraint(["parent_id"], ["service_item.id"], name=op.f("fk_service_item_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_item")),
        sa.UniqueConstraint("code", name=op.f("uq_service_item_code")),
    )
    op.create_table(
        "site_setting",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_site_setting")),
    )
    op.create_table(
        "bad_number",
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(length=60), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_bad_number_message_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("number_hash", name=op.f("pk_bad_number")),
    )
    op.create_table(
        "call",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=True),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("flow_state", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("ring_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["flow_document.digest"], name=op.f("fk_call_digest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("ring_id", name=op.f("uq_call_ring_id")),
        sa.UniqueConstraint("sid", name=op.f("uq_call_sid")),
    )
    op.create_index(op.f("ix_call_message_id"), "call", ["message_id"], unique=False)
    op.create_index(op.f("ix_call_number_hash"), "call", ["number_hash"], unique=False)
    op.create_index(op.f("ix_call_order_id"), "call", ["order_id"], unique=False)
    op.create_index(op.f("ix_call_resident_id"), "call", ["resident_id"], unique=False)
    op.create_index(op.f("ix_call_status_started_at"), "call", ["status", "started_at"], unique=False)
    op.create_table(
        "landmark",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name=op.f("fk_landmark_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landmark")),
        sa.UniqueConstraint("community_id", "name", name=op.f("uq_landmark_community_id_name")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("licence_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_organisation_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
    )
    op.create_table(
        "resident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("external_id", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_keys", postgresql.ARRAY(sa.String(length=80)), nullable=False),
        sa.Column("name_text", sa.Text(), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("dialect", sa.String(length=20), nullable=True),
        sa.Column("pace", sa.String(length=8), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("wishes", sa.Text(), nullable=False),
        sa.Column("household_password", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("usual_item_id", sa.BigInteger(), nullable=True),
        sa.Column("usual_worker_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("pace IN ('normal', 'slow')", name=op.f("ck_resident_pace")),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name=op.f("fk_resident_community_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
        sa.UniqueConstraint("external_id", name=op.f("uq_resident_external_id")),
    )
    op.create_index(op.f("ix_resident_community_id"), "resident", ["community_id"], unique=False)
    op.create_index(op.f("ix_resident_name_keys"), "resident", ["name_keys"], unique=False, postgresql_using="gin")
    op.create_index(
        op.f("ix_resident_name_text"),
        "resident",
        ["name_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name_text": "gin_trgm_ops"},
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_mark", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('agent', 'dispatcher', 'supervisor', 'admin')", name=op.f("ck_staff_role")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_staff_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    op.create_table(
        "call_back",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("call_id", sa.BigInteger(), nullable=True),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_back_call_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_call_back_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("key", name=op.f("uq_call_back_key")),
    )
    op.create_index(op.f("ix_call_back_order_id"), "call_back", ["order_id"], unique=False)
    op.create_index(op.f("ix_call_back_state_due_at"), "call_back", ["state", "due_at"], unique=False)
    op.create_table(
        "call_step",
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_step_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("call_id", "step", name=op.f("pk_call_step")),
    )
    op.create_table(
        "kept_form",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("form", sa.String(length=60), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_kept_form_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("staff_id", "form", name=op.f("pk_kept_form")),
    )
    op.create_table(
        "recording",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.String(length=200), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_recording_call_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint("ref", name=op.f("uq_recording_ref")),
    )
    op.create_index(op.f("ix_recording_call_id"), "recording", ["call_id"], unique=False)
    op.create_table(
        "relative",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("last4_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_call_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_relative_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative")),
    )
    op.create_index(op.f("ix_relative_last4_hash"), "relative", ["last4_hash"], unique=False)
    op.create_index(op.f("ix_relative_number_hash"), "relative", ["number_hash"], unique=False)
    op.create_index(op.f("ix_relative_resident_id"), "relative", ["resident_id"], unique=False)
    op.create_table(
        "resident_phone",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("last4_hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("fk_resident_phone_resident_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_phone")),
    )
    op.create_index(op.f("ix_resident_phone_last4_hash"), "resident_phone", ["last4_hash"], unique=False)
    op.create_index(op.f("ix_resident_phone_number_hash"), "resident_phone", ["number_hash"], unique=False)
    op.create_index(op.f("ix_resident_phone_resident_id"), "resident_phone", ["resident_id"], unique=False)
    op.create_table(
        "ring",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("sid", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_ring_call_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ring_staff_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ring")),
        sa.UniqueConstraint("sid", name=op.f("uq_ring_sid")),
    )
    op.create_index(op.f("ix_ring_call_id_state"), "ring", ["call_id", "state"], unique=False)
    op.create_index(op.f("ix_ring_staff_id_state"), "ring", ["staff_id", "state"], unique=False)
    op.create_table(
        "seat",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("line", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_seat_call_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["id"], ["staff.id"], name=op.f("fk_seat_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("external_id", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("gender", sa.String(length=1), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("speaks", postgresql.ARRAY(sa.String(length=20)), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.String(length=30)), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("area_id", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_worker_area_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_worker_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("external_id", name=op.f("uq_worker_external_id")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_worker_number_hash")),
    )
    op.create_table(
        "position",
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_position_worker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("worker_id", name=op.f("pk_position")),
    )
    op.create_table(
        "service_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("caller_id", sa.BigInteger(), nullable=True),
        sa.Column("caller_name", sa.Text(), nullable=True),
        sa.Column("contact_number", sa.Text(), nullable=True),
        sa.Column("contact_hash", sa.String(length=64), nullable=True),
        sa.Column("contact_kind", sa.String(length=10), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=True),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wished_worker_id", sa.BigInteger(), nullable=True),
        sa.Column("wished_start", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("responded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.BigInteger(), nullable=True),
        sa.Column("visits_outdated", sa.Boolean(), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["caller_id"], ["resident.id"], name=op.f("fk_service_order_caller_id")),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name=op.f("fk_service_order_community_id")),
        sa.ForeignKeyConstraint(["item_id"], ["service_item.id"], name=op.f("fk_service_order_item_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["resident.id"], name=op.f("fk_service_order_subject_id")),
        sa.ForeignKeyConstraint(["wished_worker_id"], ["worker.id"], name=op.f("fk_service_order_wished_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_order")),
        sa.UniqueConstraint("number", name=op.f("uq_service_order_number")),
    )
    op.create_index(op.f("ix_service_order_call_id"), "service_order", ["call_id"], unique=False)
    op.create_index(op.f("ix_service_order_contact_hash"), "service_order", ["contact_hash"], unique=False)
    op.create_index(op.f("ix_service_order_state_opened_at"), "service_order", ["state", "opened_at"], unique=False)
    op.create_index(op.f("ix_service_order_subject_id"), "service_order", ["subject_id"], unique=False)
    op.create_index(
        "ix_service_order_visits_outdated",
        "service_order",
        ["id"],
        unique=False,
        postgresql_where=sa.text("visits_outdated"),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('work', 'break', 'leave')", name=op.f("ck_shift_kind")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_shift_order")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_shift_worker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index(op.f("ix_shift_starts_at_ends_at"), "shift", ["starts_at", "ends_at"], unique=False)
    op.create_index(op.f("ix_shift_worker_id_starts_at"), "shift", ["worker_id", "starts_at"], unique=False)
    op.create_table(
        "visit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("skill", sa.String(length=30), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=True),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_end", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("travel_seconds", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("wrong_codes", sa.Integer(), nullable=False),
        sa.Column("attention", sa.String(length=40), nullable=True),
        sa.Column("proof", sa.String(length=20), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("departed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_place", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=30), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("late_told_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("worker_id"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("state IN ('accepted', 'arrived', 'en_route', 'in_progress', 'offered')"),
            deferrable="True",
            initially="IMMEDIATE",
            using="gist",
            name="visit_no_double_booking",
        ),
        sa.CheckConstraint(
            "NOT (state IN ('accepted', 'arrived', 'en_route', 'in_progress', 'offered')) OR (worker_id IS NOT NULL AND during IS NOT NULL)",
            name=op.f("ck_visit_live_has_worker"),
        ),
        sa.CheckConstraint("during IS NULL OR NOT isempty(during)", name=op.f("ck_visit_during_not_empty")),
        sa.CheckConstraint("window_start < window_end", name=op.f("ck_visit_window")),
        sa.ForeignKeyConstraint(["community_id"], ["area.id"], name=op.f("fk_visit_community_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_visit_order_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_visit_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.create_index(op.f("ix_visit_order_id"), "visit", ["order_id"], unique=False)
    op.create_index(op.f("ix_visit_state_window_end"), "visit", ["state", "window_end"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planner", sa.String(length=40), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("chosen_worker_id", sa.BigInteger(), nullable=True),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["chosen_worker_id"], ["worker.id"], name=op.f("fk_decision_chosen_worker_id")),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_decision_order_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_decision_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_order_id"), "decision", ["order_id"], unique=False)
    op.create_index(op.f("ix_decision_visit_id"), "decision", ["visit_id"], unique=False)
    op.create_table(
        "follow_up",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("contacted", sa.Boolean(), nullable=True),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.Column("grade", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_follow_up_order_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_follow_up_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_follow_up_visit_id")),
    )
    op.create_index(op.f("ix_follow_up_order_id"), "follow_up", ["order_id"], unique=False)
    op.create_index(op.f("ix_follow_up_state_due_at"), "follow_up", ["state", "due_at"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["service_order.id"], name=op.f("fk_offer_order_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_offer_visit_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_offer_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("visit_id", "worker_id", name=op.f("uq_offer_visit_id_worker_id")),
    )
    op.create_index(op.f("ix_offer_order_id"), "offer", ["order_id"], unique=False)
    op.create_index(op.f("ix_offer_state_expires_at"), "offer", ["state", "expires_at"], unique=False)
    op.create_index(
        "uq_offer_live_code", "offer", ["worker_id", "code"], unique=True, postgresql_where=sa.text("state = 'sent'")
    )
    op.create_index(
        "uq_offer_live_visit", "offer", ["visit_id"], unique=True, postgresql_where=sa.text("state = 'sent'")
    )


def downgrade() -> None:
    op.drop_index("uq_offer_live_visit", table_name="offer", postgresql_where=sa.text("state = 'sent'"))
    op.drop_index("uq_offer_live_code", table_name="offer", postgresql_where=sa.text("state = 'sent'"))
    op.drop_index(op.f("ix_offer_state_expires_at"), table_name="offer")
    op.drop_index(op.f("ix_offer_order_id"), table_name="offer")
    op.drop_table("offer")
    op.drop_index(op.f("ix_follow_up_state_due_at"), table_name="follow_up")
    op.drop_index(op.f("ix_follow_up_order_id"), table_name="follow_up")
    op.drop_table("follow_up")
    op.drop_index(op.f("ix_decision_visit_id"), table_name="decision")
    op.drop_index(op.f("ix_decision_order_id"), table_name="decision")
    op.drop_table("decision")
    op.drop_index(op.f("ix_visit_state_window_end"), table_name="visit")
    op.drop_index(op.f("ix_visit_order_id"), table_name="visit")
    op.drop_table("visit")
    op.drop_index(op.f("ix_shift_worker_id_starts_at"), table_name="shift")
    op.drop_index(op.f("ix_shift_starts_at_ends_at"), table_name="shift")
    op.drop_table("shift")
    op.drop_index(
        "ix_service_order_visits_outdated", table_name="service_order", postgresql_where=sa.text("visits_outdated")
    )
    op.drop_index(op.f("ix_service_order_subject_id"), table_name="service_order")
    op.drop_index(op.f("ix_service_order_state_opened_at"), table_name="service_order")
    op.drop_index(op.f("ix_service_order_contact_hash"), table_name="service_order")
    op.drop_index(op.f("ix_service_order_call_id"), table_name="service_order")
    op.drop_table("service_order")
    op.drop_table("position")
    op.drop_table("worker")
    op.drop_table("seat")
    op.drop_index(op.f("ix_ring_staff_id_state"), table_name="ring")
    op.drop_index(op.f("ix_ring_call_id_state"), table_name="ring")
    op.drop_table("ring")
    op.drop_index(op.f("ix_resident_phone_resident_id"), table_name="resident_phone")
    op.drop_index(op.f("ix_resident_phone_number_hash"), table_name="resident_phone")
    op.drop_index(op.f("ix_resident_phone_last4_hash"), table_name="resident_phone")
    op.drop_table("resident_phone")
    op.drop_index(op.f("ix_relative_resident_id"), table_name="relative")
    op.drop_index(op.f("ix_relative_number_hash"), table_name="relative")
    op.drop_index(op.f("ix_relative_last4_hash"), table_name="relative")
    op.drop_table("relative")
    op.drop_index(op.f("ix_recording_call_id"), table_name="recording")
    op.drop_table("recording")
    op.drop_table("kept_form")
    op.drop_table("call_step")
    op.drop_index(op.f("ix_call_back_state_due_at"), table_name="call_back")
    op.drop_index(op.f("ix_call_back_order_id"), table_name="call_back")
    op.drop_table("call_back")
    op.drop_table("staff")
    op.drop_index(
        op.f("ix_resident_name_text"),
        table_name="resident",
        postgresql_using="gin",
        postgresql_ops={"name_text": "gin_trgm_ops"},
    )
    op.drop_index(op.f("ix_resident_name_keys"), table_name="resident", postgresql_using="gin")
    op.drop_index(op.f("ix_resident_community_id"), table_name="resident")
    op.drop_table("resident")
    op.drop_table("organisation")
    op.drop_table("landmark")
    op.drop_index(op.f("ix_call_status_started_at"), table_name="call")
    op.drop_index(op.f("ix_call_resident_id"), table_name="call")
    op.drop_index(op.f("ix_call_order_id"), table_name="call")
    op.drop_index(op.f("ix_call_number_hash"), table_name="call")
    op.drop_index(op.f("ix_call_message_id"), table_name="call")
    op.drop_table("call")
    op.drop_table("bad_number")
    op.drop_table("site_setting")
    op.drop_table("service_item")
    op.drop_table("opt_out")
    op.drop_index(op.f("ix_message_state_due_at"), table_name="message")
    op.drop_index(op.f("ix_message_recipient"), table_name="message")
    op.drop_index(op.f("ix_message_order_id"), table_name="message")
    op.drop_index(op.f("ix_message_number_hash"), table_name="message")
    op.drop_table("message")
    op.drop_index(op.f("ix_inbound_text_number_hash_received_at"), table_name="inbound_text")
    op.drop_table("inbound_text")
    op.drop_index(op.f("ix_history_thing_thing_id_id"), table_name="history")
    op.drop_index(op.f("ix_history_order_id_id"), table_name="history")
    op.drop_table("history")
    op.drop_table("flow_document")
    op.drop_table("calendar_day")
    op.drop_index(op.f("ix_area_parent_id"), table_name="area")
    op.drop_table("area")
    op.drop_index(op.f("ix_access_log_resident_id_at"), table_name="access_log")
    op.drop_table("access_log")
    op.execute("DROP SEQUENCE order_number")
