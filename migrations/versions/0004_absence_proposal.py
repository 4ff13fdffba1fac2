"""Absences that a dispatcher thinks of noting, and the plan that came of a proposal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "absence_proposal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("absences", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True)),
        sa.Column("weighed_at", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.Text()),
        sa.Column("laps", postgresql.JSONB()),
        sa.Column("unserved", postgresql.JSONB()),
        sa.Column("messages", postgresql.JSONB()),
        sa.Column("changes", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence_proposal")),
    )
    op.create_index(
        "uq_absence_proposal_open",
        "absence_proposal",
        [sa.text("(true)")],
        unique=True,
        postgresql_where=sa.text("state IN ('drafted', 'weighing', 'shown', 'failed')"),
    )
    op.add_column("day_plan", sa.Column("proposal_id", sa.BigInteger()))
    op.create_foreign_key(
        op.f("fk_day_plan_proposal_id"), "day_plan", "absence_proposal", ["proposal_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_column("day_plan", "proposal_id")
    op.drop_table("absence_proposal")
