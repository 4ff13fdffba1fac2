"""A small sample district in a database of its own, laid down once and put back before each story."""

from typing import Any

from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.core import clock, settings, site
from app.sample.draw import Options, draw
from app.sample.load import load, midnight
from app.tables import metadata
from tests.databases import Database

SMALL = Options(subdistricts=1, communities=4, residents=3, workers=3, organisations=1)
"""The cast and nobody else."""


def settle_in(database: Database) -> None:
    """Load the cast's district and go live."""
    zone = settings.current().zone
    engine = create_engine(database.url)
    with Session(engine) as session:
        load(session, draw(SMALL, clock.now().astimezone(zone).date(), zone), midnight(zone))
        site.put(session, "live", True)
        session.commit()
    engine.dispose()


class Snapshot:
    """What all tables hold at one moment, to be put back as often as one likes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: dict[str, bytes] = {}
        with database.owner().cursor() as cursor:
            for table in metadata.sorted_tables:
                with cursor.copy(_statement("COPY (SELECT * FROM {}) TO STDOUT (FORMAT binary)", table.name)) as copy:
                    rows = b"".join(bytes(part) for part in copy)
                if cursor.rowcount > 0:
                    self._rows[table.name] = rows

    def put_back(self) -> None:
        """Make the tables hold what they held."""
        self._database.empty()
        with self._database.owner().cursor() as cursor:
            for name, rows in self._rows.items():
                with cursor.copy(_statement("COPY {} FROM STDIN (FORMAT binary)", name)) as copy:
                    copy.write(rows)
                self._count_on(cursor, name)

    def _count_on(self, cursor: Any, name: str) -> None:
        """Let new rows be numbered after those put back."""
        if "id" in metadata.tables[name].c:
            number = "SELECT setval(pg_get_serial_sequence({0}, 'id'), max(id)) FROM {1}"
            cursor.execute(sql.SQL(number).format(sql.Literal(name), sql.Identifier(name)))


def _statement(text: str, name: str) -> sql.Composed:
    return sql.SQL(text).format(sql.Identifier(name))
