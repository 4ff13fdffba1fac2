"""Read the phone numbers of one cell as offices write them: several, spaced, labelled, without area code, as floats."""

import re
from dataclasses import dataclass
from math import isfinite
from typing import Any
from unicodedata import normalize

import phonenumbers

from app.core import phones
from app.core.errors import BadInput
from app.imports import cells
from app.imports.problems import CellError
from app.imports.words import meanings, plain

ROUNDED = 1_000_000
"""A number of 11 digits with six noughts at its end was cut to 1.38E+10 before it came here."""
_STRONG = re.compile(r"[、，,;；|\n\r\t]+|\s(?:或|和|or|and)\s|(?<=\d)[或和](?=\d)")
_NUMBER = r"[+\d(][\d\s()\-./~‐-―−]*(?:(?:转|分机|ext\.?|x|#)\s*\d{1,6})?"
_PARTS = re.compile(rf"(?P<number>{_NUMBER})|(?P<word>[^\W\d_]+)", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#)\s*(\d{1,6})\s*$", re.IGNORECASE)
_SCIENCE = re.compile(r"\s*(\d)(?:\.(\d+))?[Ee]\+?(\d{1,2})\s*")


@dataclass(frozen=True)
class Line:
    """A number in E.164 (short numbers as dialled), its kind, whose it is by its label ("" is the person's own)."""

    e164: str
    kind: str
    label: str = ""
    extension: str = ""


def read(value: Any, area_code: str = "") -> list[Line]:
    """All numbers of a cell, each once, in their order.

    value: text or number. area_code: such as "021", put before landlines written without one.
    Raises CellError: phone.unreadable, phone.rounded, phone.no_area_code, phone.dead.
    """
    if cells.is_blank(value):
        return []
    found: list[Line] = []
    waiting = ""
    for piece in _STRONG.split(_written(value)):
        said = _labelled(piece)
        if said and waiting and not said[0][0]:
            said[0] = (waiting, said[0][1])
        waiting = _alone(piece) if not said else ""
        found += [line for label, number in said for line in _lines(number, _whose(label, piece), area_code)]
    if not found or _whose(waiting, waiting):
        raise CellError("phone.unreadable", given=cells.printable(value))
    return list({line.e164: line for line in reversed(found)}.values())[::-1]


def one(value: Any, area_code: str = "") -> Line:
    """The only number of a cell. Raises CellError as read, and phone.one_only."""
    found = read(value, area_code)
    if len(found) != 1:
        raise CellError("phone.one_only")
    return found[0]


def mobile(value: Any, area_code: str = "") -> Line:
    """The only number of a cell, which gets texts. Raises CellError as one, and phone.not_mobile."""
    line = one(value, area_code)
    if line.kind != "mobile":
        raise CellError("phone.not_mobile", given=str(value))
    return line


def _written(value: Any) -> str:
    """The cell as text, numbers in full; refuses what Excel has rounded."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        whole = round(value) if isfinite(value) else 0
        if whole != value or (whole >= 10**10 and whole % ROUNDED == 0):
            raise CellError("phone.rounded", given=f"{value:.2E}")
        return str(whole)
    narrow = normalize("NFKC", cells.printable(value)).strip()
    science = _SCIENCE.fullmatch(narrow)
    if science is None:
        return re.sub(r"^(\d{7,})\.0+$", r"\1", narrow)
    digits, power = science[1] + (science[2] or ""), int(science[3])
    if len(digits) < power + 1:
        raise CellError("phone.rounded", given=narrow)
    return digits


def _labelled(piece: str) -> list[tuple[str, str]]:
    """The numbers of a piece, each with the word that says whose it is ("" if none).

    A word belongs to the number after it where the piece begins with one (女儿138… 儿子139…), else to the number before
    it (138…（女儿） 139…（儿子）).
    """
    parts = [(match["word"], match["number"]) for match in _PARTS.finditer(piece) if re.search(r"\w", match[0])]
    if not any(number for _, number in parts):
        return []
    forward = bool(parts[0][0])
    found, label = [], ""
    for word, number in parts if forward else reversed(parts):
        if number:
            found.append((label, number))
        label = word or ""
    return found if forward else found[::-1]


def _alone(piece: str) -> str:
    """A piece without digits: the label of the number to come, unless it is a word for nothing."""
    return "" if cells.is_blank(piece) else piece.strip(" :()")


def _whose(label: str, piece: str) -> str:
    """The label if it names somebody else, "" for the person's own line. Raises CellError("phone.dead")."""
    word = plain(label)
    if word in meanings("dead_line"):
        raise CellError("phone.dead", given=piece)
    return "" if word in meanings("own_line") else label


def _lines(number: str, label: str, area_code: str) -> list[Line]:
    """What the digits make: one number or, with spaces between, several. Raises CellError."""
    extension = _EXTENSION.search(number)
    digits = number[: extension.start()] if extension else number
    tokens = re.findall(r"\+?\d+", digits)
    numbers = _grouped(tokens, area_code)
    if numbers is None:
        raise CellError(_why(tokens, area_code), given=number.strip(" ()"))
    return [Line(one.e164, one.kind, label, extension[1] if extension else "") for one in numbers]


def _grouped(tokens: list[str], area_code: str) -> list[phones.Phone] | None:
    """The fewest valid numbers that the pieces make when joined in their order; None if they make none."""
    best: list[list[phones.Phone] | None] = [[]]
    for end in range(1, len(tokens) + 1):
        ways = []
        for start in range(max(0, end - 5), end):
            before, number = best[start], _valid("".join(tokens[start:end]), area_code)
            if before is not None and number is not None:
                ways.append([*before, number])
        best.append(min(ways, key=len) if ways else None)
    return best[-1] or None


def _valid(digits: str, area_code: str) -> phones.Phone | None:
    """The number that these digits are, if they are a mobile or a landline (or a short number of our table)."""
    if digits in phones.SHORT_NUMBERS:
        return phones.Phone(digits, "short")
    if "+" in digits[1:]:
        return None
    for form in _forms(digits, area_code):
        try:
            number = phones.parse(form)
        except BadInput:
            continue
        if number.kind in {"mobile", "landline"} and phonenumbers.is_valid_number(phonenumbers.parse(number.e164)):
            return number
    return None


def _forms(digits: str, area_code: str) -> list[str]:
    """How the digits may be meant, the likeliest first."""
    if digits.startswith("+"):
        return [digits]
    if len(digits) in (7, 8) and digits[0] not in "01":
        return [f"{area_code}{digits}"] if area_code else []
    if digits.startswith("86") and len(digits) in (12, 13):
        return [f"+{digits}", digits]
    return [digits]


def _why(tokens: list[str], area_code: str) -> str:
    """The code of the reason why the pieces make no numbers."""
    local = len("".join(tokens)) in (7, 8) and tokens[0][0] not in "01+"
    return "phone.no_area_code" if local and not area_code else "phone.unreadable"
