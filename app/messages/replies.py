"""What somebody means by a text: a forgiving grammar, pure.

"1 27", "127", "１　２７", "接单27", "27 yes" all accept offer 27. Words count only as a whole, so that a sentence with
a known word in it goes to a person instead of being misread.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal
from unicodedata import normalize

import yaml

Kind = Literal[
    "accept", "decline", "departed", "arrived", "done", "failed", "give_back",
    "stop", "start", "help", "code", "unknown",
]  # fmt: skip

_NOT_DONE = {"nobody_home": "nobody_home", "not_done": "other"}
_NUMBERS: dict[str, Kind] = {"1": "accept", "2": "decline"}
_DIGITS = re.compile(r"[0-9]+")
_SIGNS = re.compile(r"[\W\d_]+")


@dataclass(frozen=True)
class Reply:
    """A text understood.

    code: two or four digits that came with it, an offer's or a visit's. reason: why it failed, by code.
    """

    kind: Kind
    code: str | None = None
    reason: str | None = None


UNKNOWN = Reply("unknown")


@cache
def _words() -> tuple[dict[str, str], tuple[str, ...]]:
    table = yaml.safe_load(files("app.messages").joinpath("replies.yaml").read_text("utf-8"))
    particles = tuple(table.pop("particles"))
    return {word: meaning for meaning, words in table.items() for word in words}, particles


def read(body: str) -> Reply:
    """What ``body`` means, as people write: full-width digits, blanks, signs and either language are all right."""
    plain = normalize("NFKC", body).casefold()
    numbers = _DIGITS.findall(plain)
    meaning = _meaning(_SIGNS.sub("", plain))
    if meaning in ("stop", "start", "help"):
        return Reply(meaning)  # type: ignore[arg-type]
    if meaning is None:
        return UNKNOWN
    return _with_word(meaning, numbers) if meaning else _numbers_only(numbers)


def _meaning(word: str) -> str | None:
    """The meaning of a whole word, "" for no word at all, None for words that we do not know."""
    known, particles = _words()
    while word and word not in known:
        shorter = next((word.removesuffix(end) for end in particles if word.endswith(end)), word)
        if shorter == word:
            return None
        word = shorter
    return known[word] if word else ""


def _numbers_only(numbers: list[str]) -> Reply:
    match numbers:
        case [("1" | "2") as answer]:
            return Reply(_NUMBERS[answer])
        case [("1" | "2") as answer, code] | [code, ("1" | "2") as answer] if len(code) == 2:
            return Reply(_NUMBERS[answer], code)
        case [both] if len(both) == 3 and both[0] in _NUMBERS:
            return Reply(_NUMBERS[both[0]], both[1:])
        case [code] if len(code) in (2, 4):
            return Reply("code", code)
    return UNKNOWN


def _with_word(meaning: str, numbers: list[str]) -> Reply:
    """A word with an offer's or visit's code; a 1 or 2 beside it must say the same."""
    if meaning in ("accept", "decline"):
        return _answer(meaning, numbers)
    if len(numbers) > 1 or any(len(number) not in (2, 4) for number in numbers):
        return UNKNOWN
    code = numbers[0] if numbers else None
    if meaning in _NOT_DONE:
        return Reply("failed", code, _NOT_DONE[meaning])
    return Reply(meaning, code)  # type: ignore[arg-type]


def _answer(meaning: str, numbers: list[str]) -> Reply:
    if not numbers or (len(numbers) == 1 and len(numbers[0]) == 2):
        return Reply(meaning, numbers[0] if numbers else None)  # type: ignore[arg-type]
    spelt = _numbers_only(numbers)
    return spelt if spelt.kind == meaning else UNKNOWN
