"""Read XLSX: the visible sheets, values instead of formulas, cells that were merged downwards filled.

openpyxl's read-only mode keeps memory small but knows nothing of merged cells: their ranges are read from the file.
"""

from collections.abc import Iterator
from io import BytesIO
from posixpath import join, normpath
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

from app.imports.grids import MOST_COLUMNS, MOST_ROWS, MOST_UNPACKED, Grid
from app.imports.problems import FileError

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"

_BROKEN = (BadZipFile, LookupError, ValueError, TypeError, AttributeError, EOFError, OSError, etree.XMLSyntaxError)
"""What openpyxl, zipfile and lxml raise for files that are damaged or no workbooks at all."""

Range = tuple[int, int, int, int]
"""First column, first row, last column, last row; from 1."""


def read(data: bytes) -> list[Grid]:
    """The visible sheets of a workbook.

    Raises FileError: file.unreadable, file.too_large (unpacked), file.too_many_rows.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise FileError("file.too_large", most=MOST_UNPACKED // 1024**2)
            merged = _merged_by_sheet(archive)
        return list(_grids(data, merged))
    except FileError:
        raise
    except _BROKEN as error:
        raise FileError("file.unreadable") from error


def _grids(data: bytes, merged: dict[str, list[Range]]) -> Iterator[Grid]:
    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()  # what programs other than Excel write there is often wrong
                yield Grid(sheet.title, _filled(_rows(sheet), merged.get(sheet.title, [])))
    finally:
        book.close()


def _rows(sheet: Any) -> list[tuple[int, list[Any]]]:
    rows: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), start=1):
        width = max((place for place, cell in enumerate(cells, start=1) if cell not in (None, "")), default=0)
        if width:
            rows.append((number, list(cells[:width])))
        if len(rows) > MOST_ROWS:
            raise FileError("file.too_many_rows", most=MOST_ROWS)
    return rows


def _filled(rows: list[tuple[int, list[Any]]], merged: list[Range]) -> list[tuple[int, list[Any]]]:
    """What stands in the first cell of a range holds for all its rows (a community written once for ten people)."""
    by_number = dict(rows)
    for left, top, _right, bottom in merged:
        if top == bottom or left > MOST_COLUMNS:
            continue
        first = by_number.get(top, [])
        value = first[left - 1] if len(first) >= left else None
        for number in range(top + 1, min(bottom, top + MOST_ROWS) + 1):
            if value is not None and (cells := by_number.get(number)) is not None:
                cells.extend([None] * (left - len(cells)))
                cells[left - 1] = value
    return rows


def _merged_by_sheet(archive: ZipFile) -> dict[str, list[Range]]:
    """The merged ranges of each sheet by its title."""
    links = _tree(archive, "xl/_rels/workbook.xml.rels").iter(f"{_PACKAGE}Relationship")
    targets = {link.get("Id"): normpath(join("/xl", str(link.get("Target")))).lstrip("/") for link in links}
    sheets = _tree(archive, "xl/workbook.xml").iter(f"{_MAIN}sheet")
    return {str(sheet.get("name")): _merged(archive, targets[sheet.get(f"{_LINK}id")]) for sheet in sheets}


def _merged(archive: ZipFile, part: str) -> list[Range]:
    if part not in archive.namelist():
        return []
    found: list[Range] = []
    with archive.open(part) as file:
        tags = [f"{_MAIN}mergeCell", f"{_MAIN}row"]
        for _, element in etree.iterparse(file, tag=tags, resolve_entities=False, no_network=True):
            if element.tag.endswith("mergeCell"):
                found.append(range_boundaries(str(element.get("ref"))))
            element.clear()
    return found


def _tree(archive: ZipFile, part: str) -> Any:
    return etree.fromstring(archive.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
