"""Read the cells of a row by what their columns hold: values where they are understood, problems where not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.imports import amounts, cells, date_cells, phone_cells
from app.imports.headers import fields
from app.imports.problems import CellError, Problem
from app.imports.reading import Table
from app.imports.words import meanings, plain
from app.places import datum


@dataclass(frozen=True)
class Context:
    """What a reader needs beside the cell.

    today: the district's date. area_code: such as "021", "" for none. datum: of the coordinates, a key of DATUMS.
    """

    today: date
    area_code: str = ""
    datum: str = "wgs84"


@dataclass
class Row:
    """One row understood. values: by field, only what is filled; headers: which column each value came from."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def problem(self, code: str, name: str = "", **facts: Any) -> Problem:
        """A problem of this row, with the header under which ``name`` stood."""
        return Problem(code, self.headers.get(name, ""), facts)


DATUMS: dict[str, Callable[[datum.Place], datum.Place]] = {
    "wgs84": lambda place: place,
    "gcj02": datum.gcj_to_wgs,
    "bd09": datum.bd_to_wgs,
}
"""Whose map the coordinates were taken from: devices and OpenStreetMap, Amap and Tencent, Baidu."""

Reader = Callable[[Any, Context], Any]

READERS: dict[str, Reader] = {
    "text": lambda value, _: cells.text(value),
    "person": lambda value, _: cells.person(value),
    "code": lambda value, _: cells.code(value),
    "gender": lambda value, _: cells.choice(value, "gender"),
    "language": lambda value, _: cells.choice(value, "language"),
    "dialect": lambda value, _: cells.choice(value, "dialect"),
    "pace": lambda value, _: cells.choice(value, "pace"),
    "mode": lambda value, _: cells.choice(value, "mode"),
    "level": lambda value, _: cells.choice(value, "level"),
    "care_level": lambda value, _: cells.choice(value, "care_level"),
    "flags": lambda value, _: cells.choices(value, "flags"),
    "skills": lambda value, _: cells.words(value),
    "skill": lambda value, _: _skill(value),
    "languages": lambda value, _: _languages(value),
    "yes_no": lambda value, _: cells.yes_no(value),
    "workers_needed": lambda value, _: cells.whole(value, 1, 2),
    "latitude": lambda value, _: cells.degrees(value, -90, 90, 31.2071),
    "longitude": lambda value, _: cells.degrees(value, -180, 180, 121.4129),
    "birth_year": lambda value, context: date_cells.birth_year(value, context.today),
    "age": lambda value, context: date_cells.year_by_age(value, context.today),
    "minutes": lambda value, _: amounts.minutes(value),
    "clock": lambda value, _: amounts.clock(value),
    "phones": lambda value, context: phone_cells.read(value, context.area_code),
    "mobile": lambda value, context: phone_cells.mobile(value, context.area_code),
    "office_phone": lambda value, context: phone_cells.one(value, context.area_code),
}
"""How the cells of a field are read, by the name that columns.yaml gives as ``parse``."""

SAYS_NOTHING_IS_AN_ANSWER = {"yes_no", "flags", "care_level"}
"""Readers for which 无 or "-" means no, and not that the cell is empty."""


def read_rows(table: Table, context: Context) -> list[Row]:
    """All rows of a table, in their order; a row with problems is not to be taken over."""
    return [_read_row(table, number, given, context) for number, given in table.rows]


def _read_row(table: Table, number: int, given: list[Any], context: Context) -> Row:
    row, known = Row(number), fields(table.kind)
    for column in table.columns:
        if column.secret or column.index >= len(given):
            continue
        if column.field:
            row.headers.setdefault(column.field, column.header)
            _read_cell(row, column.field, column.header, given[column.index], known[column.field]["parse"], context)
    for name, facts in known.items():
        failed = any(problem.column == row.headers.get(name) for problem in row.problems)
        if facts.get("required") and not row.values.get(name) and not failed:
            header = row.headers.get(name) or _header_of(table, name)
            row.problems.append(Problem("cell.missing", header))
    if {"latitude", "longitude"} <= row.values.keys():
        shown = (row.values["latitude"], row.values["longitude"])
        row.values["latitude"], row.values["longitude"] = DATUMS[context.datum](shown)
    return row


def _read_cell(row: Row, name: str, header: str, value: Any, parse: str, context: Context) -> None:
    """Put what the cell says into the row; several columns of one field are joined."""
    if cells.is_empty(value) or (parse not in SAYS_NOTHING_IS_AN_ANSWER and cells.is_blank(value)):
        return
    try:
        found = READERS[parse](value, context)
    except CellError as error:
        row.problems.append(Problem(error.code, header, error.facts))
        return
    if isinstance(found, list):
        found = [*row.values.get(name, []), *(one for one in found if one not in row.values.get(name, []))]
    row.values[name] = found


def _header_of(table: Table, name: str) -> str:
    return next((column.header for column in table.columns if column.field == name), name)


def _skill(value: Any) -> str:
    """A skill by any of its words; an unknown word is a skill of the district's own."""
    written = cells.text(value, 30)
    return meanings("skills").get(plain(written), plain(written))


def _languages(value: Any) -> list[str]:
    """Languages and dialects mixed, as a list of workers names them."""
    found = []
    for word in cells.SEPARATORS.split(cells.printable(value)):
        if not cells.is_blank(word):
            found.append(_language(word))
    return list(dict.fromkeys(found))


def _language(word: str) -> str:
    try:
        return cells.choice(word, "language")
    except CellError:
        return cells.choice(word, "dialect")
