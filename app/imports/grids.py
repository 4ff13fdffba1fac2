"""A sheet as it was read: rows of raw cells with the row numbers that the office sees in its program."""

from dataclasses import dataclass
from typing import Any

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200


@dataclass(frozen=True)
class Grid:
    """One sheet. rows: (number in the file, from 1; cells as str, int, float, bool, date, datetime or None)."""

    name: str
    rows: list[tuple[int, list[Any]]]
