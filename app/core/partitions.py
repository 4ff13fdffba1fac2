"""The tables that grow without end are cut by month; the owner makes the coming months at every upgrade.

A partition ``_rest`` catches what no month covers, so that a forgotten upgrade loses nothing.
"""

from datetime import date
from itertools import pairwise

from sqlalchemy import Connection, text

TABLES = ("history", "access_log")
APPLICATION = "doorline_app"
"""The application's role: rows go in through the parent table; a month by itself is the owner's alone."""


def has_application_role(connection: Connection) -> bool:
    """Whether the database has the second role; without it (a one-role installation) history is not guarded."""
    return bool(connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": APPLICATION}))


def months(first: date, count: int) -> list[tuple[date, date]]:
    """``count`` months from the one of ``first`` on, each as its first day and the next one's first day."""
    begun = first.year * 12 + first.month - 1
    return list(pairwise(date(month // 12, month % 12 + 1, 1) for month in range(begun, begun + count + 1)))


def make(connection: Connection, first: date, count: int = 24) -> None:
    """Make the partitions for ``count`` months from ``first`` (owner's connection); those that exist stay."""
    names = []
    for table in TABLES:
        for start, end in months(first, count):
            name = f"{table}_{start:%Y_%m}"
            names.append(name)
            connection.execute(
                text(f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF {table} FOR VALUES FROM ('{start}') TO ('{end}')")
            )
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {table}_rest PARTITION OF {table} DEFAULT"))
        names.append(f"{table}_rest")
    if has_application_role(connection):
        connection.execute(text(f"REVOKE ALL ON {', '.join(names)} FROM {APPLICATION}"))
