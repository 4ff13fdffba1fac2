"""Read one cell: text, choices, numbers, codes. Values come as openpyxl or csv give them; nothing is guessed."""

import re
from datetime import date, datetime
from typing import Any
from unicodedata import category, normalize

from app.imports.problems import CellError
from app.imports.words import examples, meanings, plain

EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
SEPARATORS = re.compile(r"[、,，;；/／|\n\r\t]+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def text(value: Any, most: int = 400) -> str:
    """A cell as clean text: no control or zero-width characters, one space for any white space, dates in ISO.

    Raises CellError for a formula's error value, for an identity number, and beyond ``most`` characters.
    """
    found = _clean(printable(value))
    if found in EXCEL_ERRORS:
        raise CellError("cell.error", given=found)
    if holds_identity_number(found):
        raise CellError("cell.id_number")
    if len(found) > most:
        raise CellError("cell.too_long", most=most)
    return found


def is_empty(value: Any) -> bool:
    """Whether nothing that can be seen stands in the cell."""
    return value is None or _clean(printable(value)) == ""


def is_blank(value: Any) -> bool:
    """Whether the cell is empty or holds only a word for nothing, such as 无 or "-"."""
    return is_empty(value) or plain(printable(value)) in meanings("blank")


def holds_identity_number(found: str) -> bool:
    """Whether 18 digits with the right check character stand in the text (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return any(_checks(match) for match in _IDENTITY.findall(normalize("NFKC", found)))


def without_identity_numbers(found: str) -> str:
    """The text with every identity number in it replaced by stars."""
    return "***" if holds_identity_number(found) else found


def person(value: Any) -> str:
    """A name: spaces inside a Chinese name ("张 三") go, those of a Latin one stay. Raises CellError("cell.person")."""
    found = text(value, 80)
    if not re.search(r"[A-Za-z]", found):
        found = found.replace(" ", "")
    if not re.search(r"[^\W\d_]", found):
        raise CellError("cell.person", given=found)
    return found


def code(value: Any) -> str:
    """An identifier: half-width, without spaces; 12.0 is 12. Raises CellError if longer than 40."""
    return re.sub(r"\s", "", normalize("NFKC", text(value, 40)))


def choice(value: Any, kind: str) -> str:
    """What the word in the cell means (a list of words.yaml). Raises CellError("cell.word")."""
    found = text(value)
    meaning = meanings(kind).get(plain(found))
    if meaning is None:
        raise CellError("cell.word", given=found, expected=examples(kind))
    return meaning


def choices(value: Any, kind: str) -> list[str]:
    """What all the words in the cell mean, each once, in their order; "nothing" says none. Raises CellError."""
    found = [choice(word, kind) for word in SEPARATORS.split(printable(value)) if not is_blank(word)]
    return [meaning for meaning in dict.fromkeys(found) if meaning != "nothing"]


def words(value: Any) -> list[str]:
    """The words of a cell, each once, in their order. Raises CellError as text."""
    found = [plain(text(word, 60)) for word in SEPARATORS.split(printable(value)) if not is_blank(word)]
    return list(dict.fromkeys(found))


def yes_no(value: Any) -> bool:
    """Whether the cell says yes. Raises CellError("cell.word")."""
    if isinstance(value, bool):
        return value
    return choice(value, "yes_no") == "yes"


def whole(value: Any, least: int, most: int) -> int:
    """A whole number in the limits; trailing units such as 岁, 人 or 分钟 do not matter. Raises CellError."""
    found = text(value)
    match = re.fullmatch(r"([+-]?\d+)(?:\.0+)?\s*[^\d.]{0,4}", normalize("NFKC", found))
    if match is None or not least <= int(match[1]) <= most:
        raise CellError("cell.number", given=found, least=least, most=most)
    return int(match[1])


def degrees(value: Any, least: float, most: float, example: float) -> float:
    """A coordinate in decimal degrees. Raises CellError("cell.coordinate")."""
    found = normalize("NFKC", text(value)).rstrip("°NEne ")
    try:
        number = float(found)
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise CellError("cell.coordinate", given=found, least=least, most=most, example=example)
    return number


def printable(value: Any) -> str:
    """A value as the office sees it: whole floats without ".0", dates in ISO, nothing as ""."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("_x000D_", "\n")  # how Excel writes a carriage return inside a cell


def _clean(raw: str) -> str:
    """``raw`` without what can't be seen; an apostrophe that only guards against formulas goes too."""
    spaced = re.sub(r"\s+", " ", raw)
    seen = "".join(char for char in spaced if category(char) not in {"Cc", "Cf", "Cs", "Co"}).strip()
    return seen[1:].lstrip() if re.match(r"'[=+\-@]", seen) else seen


def _checks(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[-1].upper()
