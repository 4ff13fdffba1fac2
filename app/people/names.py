"""Names as agents type them: tone-less pinyin with the readings surnames have, initials, and what merely sounds alike.

A name is stored with a list of keys; a query is turned into keys by the same rules, so that a database index finds the
one by the other. Keys of what sounds alike begin with "~" and rank below exact ones.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice, product
from unicodedata import combining, normalize

import yaml
from pypinyin import Style, pinyin

READINGS = 4
"""At most so many everyday readings of a surname, and of a given name, are kept; more would be noise."""

LONGEST = 80

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_FOLDS = (
    (re.compile("([zcs])h"), r"\1"),  # 张 Zhang, 臧 Zang
    (re.compile("l"), "n"),  # 刘 Liu, 牛 Niu
    (re.compile("n[ng]*"), "n"),  # 陈 Chen, 程 Cheng
    (re.compile("hui"), "fei"),  # 惠 Hui, 费 Fei
    (re.compile("hu([aeio])"), r"f\1"),  # 黄 Huang, 方 Fang
    (re.compile("h"), "f"),  # 胡 Hu, 符 Fu
    (re.compile("ny?[uv]"), "nu"),  # 吕 Lü, Lyu, Lv, 卢 Lu
)


@cache
def _surnames() -> dict[str, list[str]]:
    """Surnames with readings of their own, compound ones first."""
    document = yaml.safe_load((files("app.people") / "surnames.yaml").read_text(encoding="utf-8"))
    single = {han: [reading] for han, reading in document["single"].items()}
    return document["compound"] | single


def keys(name: str) -> list[str]:
    """Every key by which ``name`` (Chinese, Latin or both) can be found; sorted, without repetition.

    The first reading of each name also gives initials and the surname with the initials of the given name.
    """
    found: set[str] = set()
    for syllables, surname in _readings(name):
        found |= _forms(syllables, surname)
    return sorted({key[:LONGEST] for key in found})


def line(name: str, known: list[str]) -> str:
    """What half typed and misspelt names are looked for in: ``name`` and its keys (``known``) in one line."""
    return " ".join([name.lower(), *known])


def query_keys(text: str) -> list[str]:
    """The keys that ``text`` as typed (name, pinyin, initials) may match, exact ones first.

    Chinese text gives only its whole readings: a single syllable would find half the district.
    """
    if _HAN.search(text):
        whole = [letters for syllables, _ in _readings(text) if (letters := "".join(syllables))]
        return list(dict.fromkeys(key[:LONGEST] for key in [*whole, *("~" + fold(key) for key in whole)]))
    plain = _plain(text).replace(" ", "")
    return [plain[:LONGEST], ("~" + fold(plain))[:LONGEST]] if plain else []


def fold(letters: str) -> str:
    """``letters`` (lower case, no spaces) with everything that dialects of Mandarin confuse made equal.

    Works on whole names as well as on syllables, so that it does not matter where the typist put spaces.
    """
    for pattern, simple in _FOLDS:
        letters = pattern.sub(simple, letters)
    return letters


def pinyin_of(name: str) -> tuple[str, str]:
    """(surname, given name) of a Chinese ``name`` in capitalised pinyin; a Latin name is split at its last space."""
    if not _HAN.search(name):
        given, _, surname = name.strip().rpartition(" ")
        return surname, given
    syllables, length = next(iter(_readings(name)))
    family, given = "".join(syllables[:length]), "".join(syllables[length:])
    return family.replace("v", "ü").capitalize(), given.replace("v", "ü").capitalize()


@lru_cache(maxsize=10_000)
def in_order(name: str) -> str:
    """What lists of people are sorted by: pinyin for Chinese names (surname first), the name itself for Latin ones."""
    return " ".join(pinyin_of(name)).casefold() if _HAN.search(name) else _plain(name)


def surname_of(name: str) -> str:
    """The surname of ``name`` as written: 单 of 单桂兰, 欧阳 of 欧阳明, Miller of Grace Miller."""
    name = name.strip()
    if not _HAN.search(name):
        return name.rpartition(" ")[2]
    return name[: _surname_length(name)]


def _surname_length(name: str) -> int:
    return 2 if len(name) > 2 and len(_surnames().get(name[:2], [])) == 2 else 1


def _readings(name: str) -> list[tuple[list[str], int]]:
    """Readings of ``name``, the likeliest first: (syllables or words, how many of them are the surname)."""
    if not _HAN.search(name):
        words = _plain(name).split()
        return [(words, len(words))] if words else []
    han = "".join(normalize("NFKC", name).split())
    length = _surname_length(han)
    special = _surnames().get(han[:length])
    choices = [
        [_plain(reading) for reading in readings] for readings in pinyin(han, style=Style.NORMAL, heteronym=True)
    ]
    everyday = map(list, islice(product(*choices[:length]), READINGS))
    surnames = [special, *everyday] if special else list(everyday)
    given = list(islice(product(*choices[length:]), READINGS))
    return [(surname + list(rest), length) for surname in surnames for rest in given]


def _forms(syllables: list[str], surname: int) -> set[str]:
    whole = "".join(syllables)
    initials = "".join(syllable[0] for syllable in syllables if syllable)
    given = "".join(syllables[surname:])
    family = "".join(syllables[:surname])
    short = family + "".join(syllable[0] for syllable in syllables[surname:] if syllable)
    forms = {whole, initials, given, family, short, "~" + fold(whole)}
    if surname == len(syllables):  # a Latin name: any order of its words, and each word by itself
        forms |= {*syllables, "".join(reversed(syllables)), *("~" + fold(word) for word in syllables)}
    elif given:
        forms |= {"~" + fold(given), "~" + fold(family)}
    return forms - {"", "~"}


def _plain(text: str) -> str:
    """Lower case Latin letters and single spaces; Lǚ and LÜ become lv, as typists write it."""
    marks = normalize("NFD", normalize("NFKC", text).lower()).replace("u\u0308", "v")
    bare = "".join(mark for mark in marks if not combining(mark) and mark not in "'’")
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())
