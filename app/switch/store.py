"""What outlives the switch: records by kind and sid, written through to one SQLite file or kept in memory."""

import json
import sqlite3
from typing import Any

Record = dict[str, Any]

_TABLE = """CREATE TABLE IF NOT EXISTS record (
    place INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, sid TEXT NOT NULL, body TEXT NOT NULL,
    UNIQUE (kind, sid))"""
_PUT = """INSERT INTO record (kind, sid, body) VALUES (?, ?, ?)
    ON CONFLICT (kind, sid) DO UPDATE SET body = excluded.body"""


class Store:
    """Records are JSON objects. A process that is killed loses nothing that ``put`` has returned from."""

    def __init__(self, path: str = "") -> None:
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(_TABLE)

    def put(self, kind: str, sid: str, record: Record) -> None:
        """Keep ``record``, in place of the one before."""
        self._db.execute(_PUT, (kind, sid, json.dumps(record, ensure_ascii=False)))

    def all(self, kind: str) -> list[Record]:
        """All records of a kind, in the order in which they were first kept."""
        rows = self._db.execute("SELECT body FROM record WHERE kind = ? ORDER BY place", (kind,))
        return [json.loads(body) for (body,) in rows]

    def forget(self, kind: str, sid: str | None = None) -> None:
        """Drop one record, or all of a kind."""
        self._db.execute("DELETE FROM record WHERE kind = ? AND (? IS NULL OR sid = ?)", (kind, sid, sid))

    def close(self) -> None:
        """Close the file."""
        self._db.close()
