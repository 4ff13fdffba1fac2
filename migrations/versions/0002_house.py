"""Months of the endless tables, and what the application's role may do: only insert into history and access log."""

from alembic import op
from sqlalchemy import text

from app.core import clock, partitions
from app.core.partitions import APPLICATION

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if not partitions.has_application_role(connection):
        partitions.make(connection, clock.now().date())
        return  # a one-role installation: doorline doctor says so
    for statement in (
        f"GRANT USAGE ON SCHEMA public TO {APPLICATION}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APPLICATION}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APPLICATION}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION}",
        *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION}" for table in partitions.TABLES),
        f"REVOKE ALL ON alembic_version FROM {APPLICATION}",
        f"GRANT SELECT ON alembic_version TO {APPLICATION}",
    ):
        connection.execute(text(statement))
    partitions.make(connection, clock.now().date())


def downgrade() -> None:
    for table in partitions.TABLES:
        for name in op.get_bind().scalars(
            text(f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{table}'::regclass")
        ):
            op.execute(f"DROP TABLE {name}")
