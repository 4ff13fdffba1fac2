"""Alembic's entry: runs migrations as the database's owner."""

import re

from alembic import context

from app.core import db, settings
from app.tables import metadata

PARTITION = re.compile(r"_(\d{4}_\d{2}|rest)$")


def _run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    configured = settings.current()
    engine = db.make_engine(configured.owner_database_url or configured.database_url)
    with engine.connect() as connection:
        _migrate(connection)
    engine.dispose()


def _migrate(connection) -> None:  # type: ignore[no-untyped-def]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        include_name=_is_ours,
        compare_type=True,
        compare_server_default=True,
        render_item=_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


def _plain_types(kind, item, autogen_context):  # type: ignore[no-untyped-def]
    """Migrations name the database's types, so that they never change with our code."""
    if kind == "type" and isinstance(item, db.UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, db.Encrypted | db.EncryptedJson):
        return "sa.Text()"
    return False


def _is_ours(name, kind, parents):  # type: ignore[no-untyped-def]
    """Monthly partitions are made by core.partitions, not by models."""
    return not (kind == "table" and PARTITION.search(name))


_run()
