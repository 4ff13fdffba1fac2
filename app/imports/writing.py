"""Write a table as XLSX or CSV so that no cell can act as a formula in the office's program.

A cell that begins with = + - @ or a control sign is run by spreadsheet programs (OWASP, CSV Injection): CSV gets an
apostrophe before it, which our reader takes off again; XLSX keeps it as quoted text.
"""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
WIDEST = 60


def guarded(text: str) -> str:
    """``text`` with an apostrophe in front if a spreadsheet program might run it."""
    return f"'{text}" if text.lstrip(" ").startswith(DANGEROUS) or text.startswith(("\t", "\r", "\n")) else text


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with a mark, which Excel needs to see Chinese."""
    out = StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Sequence[str]], title: str) -> bytes:
    """A workbook with one sheet; every cell is text, the header stays in view."""
    book = Workbook()
    sheet = book.active
    sheet.title = title[:31]
    for number, row in enumerate(rows, start=1):
        for place, text in enumerate(row, start=1):
            if text:
                _write(sheet.cell(number, place), text)
            width = sheet.column_dimensions[get_column_letter(place)]
            width.width = max(width.width, min(WIDEST, 2 + len(text.encode("gb18030", "replace"))))
    sheet.freeze_panes = "A2"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def write(path: Path, rows: Iterable[Sequence[str]], title: str) -> None:
    """Write ``rows`` to ``path``, as XLSX if its name ends so, else as CSV."""
    path.write_bytes(as_xlsx(rows, title) if path.suffix.lower() == ".xlsx" else as_csv(rows))


def _write(cell: Any, text: str) -> None:
    try:
        cell.value = text
    except IllegalCharacterError:
        cell.value = "".join(char for char in text if char.isprintable())
    cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
