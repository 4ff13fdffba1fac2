"""Databases for tests: one migrated template, a clone for each test process, emptied after each test that used it."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import NullPool, create_engine, make_url
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

from app.stores import Stores
from app.tables import metadata

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "doorline"
PARTITIONED = {
    name for name, table in metadata.tables.items() if table.dialect_options["postgresql"].get("partition_by")
}
BEGIN_AGAIN = (
    "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences"
    " WHERE schemaname = 'public' AND last_value IS NOT NULL"
)
"""For all sequences, since one whose rows were rolled back has moved on although its table is empty."""

LOCK_SECONDS = 5
"""How long emptying waits for a connection that a test left open, before it is cut off."""

TRIES = Retrying(
    retry=retry_if_exception_type((LockNotAvailable, DeadlockDetected)), stop=stop_after_attempt(6), reraise=True
)
"""For emptying: a town's processes go on looking at their tables meanwhile, and come back when they were cut off."""


def named(url: str, database: str) -> str:
    """``url`` with another database's name."""
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def alembic_config() -> Config:
    """Alembic's configuration, whatever folder the tests run in."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(owner_url: str) -> None:
    """Bring the database of ``owner_url`` to the newest migration."""
    config = alembic_config()
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def clone(servers: Stores, name: str) -> "Database":
    """A new database like the migrated template."""
    with psycopg.connect(named(servers.owner_database_url, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE))
        )
    return Database(named(servers.database_url, name), named(servers.owner_database_url, name))


class Database:
    """A test process' database. url: as the application's role; owner_url: as the owner."""

    def __init__(self, url: str, owner_url: str) -> None:
        self.url = url
        self.owner_url = owner_url
        self._connection: psycopg.Connection[tuple[str]] | None = None

    def owner(self) -> "psycopg.Connection[tuple[str]]":
        """The owner's connection, autocommitting."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.owner_url, autocommit=True)
            self._connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        return self._connection

    def empty(self) -> None:
        """Remove every row that tests made and begin ids at 1 again; what migrations put in does not stay either."""
        self.owner().execute(BEGIN_AGAIN, prepare=True)
        if names := self._filled():
            for attempt in TRIES:
                with attempt:
                    self._remove_rows(names, alone=attempt.retry_state.attempt_number > 1)

    def _remove_rows(self, names: list[str], *, alone: bool) -> None:
        """Cut into months, a table has so many files that deleting a few rows is far quicker than truncating it.

        alone: first cut off whoever else is connected, as far as the owner may.
        """
        if alone:
            self._cut_off_others()
        for name in set(names) & PARTITIONED:
            self.owner().execute(f'DELETE FROM "{name}"')
        if whole := [f'"{name}"' for name in names if name not in PARTITIONED]:
            self.owner().execute(f"TRUNCATE {', '.join(whole)} CASCADE")

    def _filled(self) -> list[str]:
        names = (table.name for table in metadata.sorted_tables)
        looks = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)
        return [row[0] for row in self.owner().execute(" UNION ALL ".join(looks), prepare=True)]

    def _cut_off_others(self) -> None:
        self.owner().execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND usename <> current_user AND pg_has_role(usesysid, 'USAGE')"
        )

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
