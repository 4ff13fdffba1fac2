"""Read CSV as offices save it: UTF-8 with or without mark, UTF-16, GB18030; comma, semicolon or tab."""

import codecs
import csv
from collections import Counter
from io import StringIO

from app.imports.grids import MOST_COLUMNS, MOST_ROWS, Grid
from app.imports.problems import FileError

DELIMITERS = ",;\t，|"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read(data: bytes, name: str) -> Grid:
    """The file as one grid; every cell is text, an empty one None.

    Raises FileError: file.encoding, file.too_many_rows.
    """
    content, delimiter = _declared(decode(data))
    lines = csv.reader(StringIO(content, newline=""), delimiter=delimiter or _delimiter(content), skipinitialspace=True)
    rows: list[tuple[int, list[str | None]]] = []
    try:
        for number, cells in enumerate(lines, start=1):
            if number > MOST_ROWS:
                raise FileError("file.too_many_rows", most=MOST_ROWS)
            rows.append((number, [cell or None for cell in cells[:MOST_COLUMNS]]))
    except csv.Error as error:
        raise FileError("file.unreadable") from error
    return Grid(name, rows)


def decode(data: bytes) -> str:
    """The text of a file by its mark, else UTF-8, else GB18030 (which holds GBK and GB2312).

    Raises FileError("file.encoding") for what is none of them, and for binary data.
    """
    encodings = [encoding for mark, encoding in _MARKS if data.startswith(mark)] or ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            content = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in content:
            return content
    raise FileError("file.encoding")


def _declared(content: str) -> tuple[str, str]:
    """The content, and the delimiter that Excel's first line "sep=;" names, "" without one."""
    first, _, rest = content.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return rest, first.strip()[-1]
    return content, ""


def _delimiter(content: str) -> str:
    """The sign that cuts most of the first lines into the same number of cells, at least two."""
    sample = content[:20_000]

    def steadiness(sign: str) -> tuple[int, int]:
        try:
            lengths = Counter(len(row) for row in csv.reader(StringIO(sample, newline=""), delimiter=sign))
        except csv.Error:
            return (0, 0)
        width, times = max(((w, n) for w, n in lengths.items() if w > 1), key=lambda pair: pair[1], default=(0, 0))
        return (times, width)

    return max(DELIMITERS, key=steadiness)
