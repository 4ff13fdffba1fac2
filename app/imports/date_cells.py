"""Read a date of birth or an age from a cell, as offices write them; only the year is kept."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from unicodedata import normalize

from app.imports import cells
from app.imports.problems import CellError

EXCEL_DAY_ZERO = date(1899, 12, 30)
"""Excel counts days from here; right for every date after February 1900."""
SERIALS = range(3_000, 80_000)
"""Day counts from 1908 to 2119; below lie years and ages."""
OLDEST = 125
_NUMERALS = {char: digit for digit, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_FORMS = (
    re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?(?:[ T]\d.*)?"),
    re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*月?"),
    re.compile(r"(?P<y>\d{4})\s*年?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?P<y>\d{4})(?P<m>0[1-9]|1[0-2])"),
)


def day(value: Any) -> date:
    """The day in a cell: a date, 1948年3月5日, 1948/3/5, 19480305, an Excel day count, 一九四八年三月五日.

    A missing month or day counts as the first. Raises CellError: cell.date, cell.lunar.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = cells.text(value)
    if re.search("农历|阴历|lunar", written, re.IGNORECASE):
        raise CellError("cell.lunar", given=written)
    narrow = normalize("NFKC", _digits(written)).strip()
    if re.fullmatch(r"\d{4,5}(\.\d+)?", narrow) and not 1900 <= float(narrow) <= 2100 and int(float(narrow)) in SERIALS:
        return EXCEL_DAY_ZERO + timedelta(days=int(float(narrow)))
    for form in _FORMS:
        if match := form.fullmatch(narrow):
            return _made(match.groupdict(), written)
    raise CellError("cell.date", given=written)


def birth_year(value: Any, today: date) -> int:
    """The year of birth; today: the district's date. Raises CellError for a day to come or more than 125 years ago."""
    born = day(value)
    if not today.year - OLDEST <= born.year or born > today:
        raise CellError("cell.date", given=cells.text(value))
    return born.year


def year_by_age(value: Any, today: date) -> int:
    """The year of birth, to within a year, of somebody of the age in the cell. Raises CellError("cell.number")."""
    return today.year - cells.whole(value, 0, OLDEST)


def _made(parts: dict[str, str | None], written: str) -> date:
    try:
        return date(int(parts["y"] or 0), int(parts.get("m") or 1), int(parts.get("d") or 1))
    except ValueError as error:
        raise CellError("cell.date", given=written) from error


def _digits(written: str) -> str:
    """Chinese numerals of a date as digits: 一九四八年三月十五日 is 1948年3月15日."""
    if not re.match(r"[〇零○一二三四五六七八九]{4}年", written):
        return written
    year, rest = written[:4], written[4:]
    return "".join(str(_NUMERALS[char]) for char in year) + re.sub("[〇零一二三四五六七八九十]+", _small, rest)


def _small(match: re.Match[str]) -> str:
    """A numeral up to 31: 十五 is 15, 二十 is 20, 三 is 3."""
    tens, ten, ones = match[0].rpartition("十")
    unit = _NUMERALS.get(ones, 0)
    return str((_NUMERALS.get(tens, 1) * 10 if ten else 0) + unit)
