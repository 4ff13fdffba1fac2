"""Words in cells and what they mean, whatever their case, width and spacing."""

import re
from functools import cache
from unicodedata import normalize

from app.imports.data import document


def plain(text: str) -> str:
    """``text`` for comparing: full-width as half-width, lower case, single spaces, none beside Chinese characters."""
    narrow = normalize("NFKC", text).casefold().strip()
    narrow = re.sub(r"\s+", " ", narrow)
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", narrow)


@cache
def meanings(kind: str) -> dict[str, str]:
    """What each word of one list of words.yaml means, by its plain form."""
    entries = document("words.yaml")[kind]
    if isinstance(entries, list):
        return {plain(str(word)): plain(str(word)) for word in entries}
    return {plain(str(word)): meaning for meaning, words in entries.items() for word in [meaning, *words]}


def examples(kind: str) -> list[str]:
    """The first word for each meaning, for a sentence that says what was expected."""
    return [str(words[0]) for meaning, words in document("words.yaml")[kind].items() if meaning != "nothing"]
