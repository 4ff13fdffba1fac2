"""Open a file that an office sent and find the list in it: which sheet, which header row, what each column is."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.imports import csv_files, xlsx_files
from app.imports.grids import MOST_BYTES, Grid
from app.imports.headers import Column, find
from app.imports.problems import FileError

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Table:
    """A list that was found. rows: (number in the file, raw cells), without title rows, header and empty rows."""

    kind: str
    columns: list[Column]
    rows: list[tuple[int, list[Any]]]
    name: str = ""
    header_row: int = field(default=1)


def read_file(path: Path, kind: str, sheet: str | None = None) -> Table:
    """The list of ``kind`` (residents, workers, areas, services) in an XLSX or CSV file; see read."""
    if path.stat().st_size > MOST_BYTES:
        raise FileError("file.too_large", most=MOST_BYTES // 1024**2)
    return read(path.read_bytes(), path.name, kind, sheet)


def read(data: bytes, name: str, kind: str, sheet: str | None = None) -> Table:
    """The list of ``kind`` in a file's content.

    name: the file's name, for the report. sheet: the sheet's title; without one the best fitting visible sheet.
    Raises FileError with the reason, as it is told to the office.
    """
    if len(data) > MOST_BYTES:
        raise FileError("file.too_large", most=MOST_BYTES // 1024**2)
    grids = _grids(data, name)
    if sheet is not None:
        grids = [grid for grid in grids if grid.name == sheet] or _missing(sheet, grids)
    if not any(_filled(cells) for grid in grids for _, cells in grid.rows):
        raise FileError("file.empty")
    grid, found = find(grids, kind)
    rows = [(number, cells) for number, cells in grid.rows if number > found.last_row and _filled(cells)]
    if not rows:
        raise FileError("file.no_rows")
    return Table(kind, found.columns, rows, name, found.last_row)


def _grids(data: bytes, name: str) -> list[Grid]:
    if data.startswith(_ZIP):
        return xlsx_files.read(data)
    if data.startswith(_OLE):
        raise FileError("file.old_excel")
    if not data.strip():
        raise FileError("file.empty")
    return [csv_files.read(data, name)]


def _missing(sheet: str, grids: list[Grid]) -> list[Grid]:
    raise FileError("file.no_sheet", given=sheet, sheets=[grid.name for grid in grids])


def _filled(cells: list[Any]) -> bool:
    return any(cell is not None and str(cell).strip() for cell in cells)
