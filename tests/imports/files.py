"""Files as offices have them, made on the spot."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook


def xlsx(rows: list[list[Any]], merged: tuple[str, ...] = (), title: str = "Sheet1", others: Any = None) -> bytes:
    """A workbook with one sheet of ``rows``, merged ranges such as "A2:A4", and other sheets by title."""
    book = Workbook()
    sheets = {title: rows} | (others or {})
    for number, (name, lines) in enumerate(sheets.items()):
        sheet = book.active if number == 0 else book.create_sheet(name)
        sheet.title = name
        for line in lines:
            sheet.append(line)
    for span in merged:
        book[title].merge_cells(span)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv(rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A CSV file of ``rows``, cells quoted where they must be."""
    lines = [delimiter.join(f'"{c}"' if delimiter in c or "\n" in c else c for c in row) for row in rows]
    return "\r\n".join(lines).encode(encoding)
