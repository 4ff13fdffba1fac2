"""Plans of the day, what waits for one, and which decisions came from one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("why", postgresql.ARRAY(sa.String(20)), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("wanted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("planner", sa.String(40)),
        sa.Column("problem", sa.Text()),
        sa.Column("laps", postgresql.JSONB()),
        sa.Column("price_before", sa.BigInteger()),
        sa.Column("price", sa.BigInteger()),
        sa.Column("requests", sa.Integer()),
        sa.Column("unserved", sa.Integer()),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_plan")),
    )
    for state in ("wanted", "searching"):
        where = sa.text(f"state = '{state}'")
        op.create_index(f"uq_day_plan_{state}", "day_plan", ["state"], unique=True, postgresql_where=where)
    op.create_index(op.f("ix_day_plan_wanted_at"), "day_plan", ["wanted_at"])
    op.add_column("visit", sa.Column("no_room_at", sa.DateTime(timezone=True)))
    op.add_column("decision", sa.Column("plan_id", sa.BigInteger()))
    op.create_foreign_key(op.f("fk_decision_plan_id"), "decision", "day_plan", ["plan_id"], ["id"])


def downgrade() -> None:
    op.drop_column("decision", "plan_id")
    op.drop_column("visit", "no_room_at")
    op.drop_table("day_plan")
