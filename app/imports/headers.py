"""Find the header row of a list below titles and remarks, and say which column holds what."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest
from typing import Any

from app.imports.data import document
from app.imports.grids import Grid
from app.imports.problems import FileError
from app.imports.words import plain

LOOKED_AT = 20
"""Rows in which a header may stand; above it are titles, remarks, dates."""


@dataclass(frozen=True)
class Column:
    """One column. index: from 0. field: what it holds (columns.yaml), "" if it is not read.

    why: column.id_number or column.money (never read, stored or shown), column.unknown, column.twice, or "".
    """

    index: int
    header: str
    field: str
    why: str = ""

    @property
    def secret(self) -> bool:
        """Whether its cells may not be repeated anywhere."""
        return self.why in {"column.id_number", "column.money"}


@dataclass(frozen=True)
class Header:
    """The header found. last_row: the number of its last row in the file."""

    columns: list[Column]
    last_row: int
    score: int


def fields(kind: str) -> dict[str, dict[str, Any]]:
    """The fields of one kind of list, as columns.yaml describes them."""
    found: dict[str, dict[str, Any]] = document("columns.yaml")[kind]
    return found


def find(grids: list[Grid], kind: str) -> tuple[Grid, Header]:
    """The sheet and the header row that know most columns and all the required ones.

    Raises FileError("file.no_header") naming the columns that were expected.
    """
    required = {name for name, facts in fields(kind).items() if facts.get("required")}
    best: tuple[Grid, Header] | None = None
    for grid in grids:
        for place in range(min(LOOKED_AT, len(grid.rows))):
            header = _header(grid, place, kind)
            has = {column.field for column in header.columns}
            if required <= has and (best is None or header.score > best[1].score):
                best = (grid, header)
    if best is None:
        expected = [fields(kind)[name]["titles"][0] for name in fields(kind) if name in required]
        raise FileError("file.no_header", looked=LOOKED_AT, expected=expected)
    return best


def meaning(header: str, kind: str) -> str:
    """The field that a header names, "" for none; "column.…" for what is refused, "ignored" for what nobody needs."""
    for form in _forms(header):
        if form in _titles(kind):
            return _titles(kind)[form]
    return ""


def _header(grid: Grid, place: int, kind: str) -> Header:
    """The row at ``place`` read as a header, with the row below where a group stands over it (联系方式: 手机, 座机)."""
    number, cells = grid.rows[place]
    names = [_text(cell) for cell in cells]
    below = [_text(cell) for cell in grid.rows[place + 1][1]] if place + 1 < len(grid.rows) else []
    if _is_second_row(names, below, kind):
        number = grid.rows[place + 1][0]
        names = [lower or upper for upper, lower in zip_longest(names, below, fillvalue="")]
    columns = _columns(names, kind)
    return Header(columns, number, sum(bool(column.field) or column.secret for column in columns))


def _is_second_row(names: list[str], below: list[str], kind: str) -> bool:
    """Whether the row below goes on with the header: it has names only, at least one of them new."""
    pairs = [(upper, lower) for upper, lower in zip_longest(names, below, fillvalue="") if lower]
    known = all(lower == upper or meaning(lower, kind) for upper, lower in pairs)
    return known and any(lower != upper for upper, lower in pairs)


def _columns(names: list[str], kind: str) -> list[Column]:
    columns: list[Column] = []
    taken: set[str] = set()
    for index, name in enumerate(names):
        found = meaning(name, kind)
        if not name or found == "ignored":
            columns.append(Column(index, name, ""))
        elif found.startswith("column."):
            columns.append(Column(index, name, "", found))
        elif not found:
            columns.append(Column(index, name, "", "column.unknown"))
        elif found in taken and not fields(kind)[found].get("several"):
            columns.append(Column(index, name, "", "column.twice"))
        else:
            columns.append(Column(index, name, found))
            taken.add(found)
    return columns


@cache
def _titles(kind: str) -> dict[str, str]:
    """What each title means, by its form for comparing. A field's own name is a title too."""
    known = {_form(str(title)): "ignored" for title in document("columns.yaml")["ignored"]}
    for field, facts in fields(kind).items():
        known |= {_form(str(title)): field for title in [field, *facts["titles"]]}
    for reason, titles in document("columns.yaml")["refused"].items():
        known |= {_form(str(title)): f"column.{reason}" for title in titles}
    return known


def _forms(header: str) -> list[str]:
    """A header for comparing: as it is, and without what stands in brackets or counts (电话2, 姓名（必填）)."""
    bare = re.sub(r"[(\[【].*?[)\]】]", "", plain(header))
    return [form for form in (_form(header), _form(bare), _form(bare).rstrip("0123456789一二三")) if form]


def _form(title: str) -> str:
    return re.sub(r"[\s*:_\-./、'’]+", "", plain(title))


def _text(cell: Any) -> str:
    return "" if cell is None else re.sub(r"\s+", " ", str(cell)).strip()
