"""The migrated schema is the one that the models describe, down to what Alembic itself does not compare."""

import difflib
import re
import subprocess

import psycopg
from alembic import command
from psycopg import sql
from sqlalchemy import NullPool, create_engine

from app.stores import Stores, postgres, programs
from app.tables import metadata
from tests import databases
from tests.databases import Database

CREATED = "created_from_models"
ONLY_MIGRATED = ("alembic_version", "history_*", "access_log_*")
"""What models do not describe: Alembic's own table and the months of the endless tables."""


def test_alembic_sees_no_difference(database: Database) -> None:
    engine = create_engine(database.owner_url, poolclass=NullPool)
    with engine.begin() as connection:
        config = databases.alembic_config()
        config.attributes["connection"] = connection
        command.check(config)


def test_dumps_of_both_are_the_same(servers: Stores, database: Database) -> None:
    """Alembic does not see EXCLUDE constraints, predicates of indexes and the like; a dump has them."""
    created = _create(servers)
    first, second = _dump(database.owner_url), _dump(created)
    assert list(difflib.unified_diff(first, second, "migrated", "created", n=2, lineterm="")) == []
    assert any("EXCLUDE USING gist" in line for line in first)


def _create(servers: Stores) -> str:
    """A database that the models made themselves."""
    name = sql.Identifier(CREATED)
    url = databases.named(servers.owner_database_url, CREATED)
    with psycopg.connect(databases.named(url, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for extension in postgres.EXTENSIONS:
            connection.exec_driver_sql(f"CREATE EXTENSION {extension}")
        connection.exec_driver_sql("CREATE SEQUENCE order_number")
        metadata.create_all(connection)
    return url


def _dump(url: str) -> list[str]:
    """The schema as SQL lines, without comments and without the session's settings."""
    program = programs.find().postgres.with_name("pg_dump")
    without = [f"--exclude-table={pattern}" for pattern in ONLY_MIGRATED]
    flags = ["--schema-only", "--no-owner", "--no-privileges", "--no-comments", *without]
    done = subprocess.run([program, *flags, url], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if line and not re.match(r"--|SET |\\|SELECT pg_catalog", line)]
