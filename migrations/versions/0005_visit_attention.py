"""Visits that somebody must look at are found without a walk through all that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_visit_attention", "visit", ["attention"], postgresql_where=sa.text("attention IS NOT NULL"))


def downgrade() -> None:
    op.drop_index("ix_visit_attention", "visit")
