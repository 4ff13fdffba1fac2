"""Read lengths of time from cells: a visit's minutes, a clock's seconds."""

import re
from typing import Any
from unicodedata import normalize

from app.imports import cells
from app.imports.problems import CellError

_UNITS = {
    "秒|秒钟|s|sec|secs|second|seconds": 1,
    "分|分钟|m|min|mins|minute|minutes": 60,
    "时|小时|钟头|个小时|h|hr|hrs|hour|hours": 3600,
    "天|日|d|day|days|个工作日|工作日|working days|working day": 86400,
    "周|星期|w|week|weeks": 604800,
}
_SECONDS = {word: seconds for words, seconds in _UNITS.items() for word in words.split("|")}
_PART = re.compile(r"(\d+(?:\.\d+)?|半)\s*([^\d\s半]+(?: days?)?)(半)?\s*")


def seconds(value: Any, unit: int) -> int:
    """A length of time in seconds: 30分钟, 1.5小时, 2h, 1小时30分, 半小时, 7天; a bare number counts ``unit`` seconds.

    Raises CellError("cell.duration"), for nothing at all and for more than a year too.
    """
    written = cells.text(value)
    narrow = normalize("NFKC", written).casefold().strip()
    try:
        total = float(narrow) * unit
    except ValueError:
        total = _parts(narrow, written)
    if not 0 < total <= 366 * 86400:
        raise CellError("cell.duration", given=written)
    return round(total)


def minutes(value: Any) -> int:
    """A visit's planned length in minutes, from 1 to 480. Raises CellError."""
    found = seconds(value, 60)
    if found % 60 or not 60 <= found <= 480 * 60:
        raise CellError("cell.number", given=cells.text(value), least=1, most=480)
    return found // 60


def clock(value: Any) -> int:
    """A clock's seconds; a bare number counts hours, as offices write it. Raises CellError("cell.duration")."""
    return seconds(value, 3600)


def _parts(narrow: str, written: str) -> float:
    total, at = 0.0, 0
    while at < len(narrow) and (match := _PART.match(narrow, at)):
        size = _SECONDS.get(match[2].strip())
        if size is None:
            break
        total += (0.5 if match[1] == "半" else float(match[1])) * size + (size / 2 if match[3] else 0)
        at = match.end()
    if not narrow or at < len(narrow):
        raise CellError("cell.duration", given=written)
    return total
