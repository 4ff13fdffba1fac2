"""Finding residents by what an agent types while the caller is on the phone: digits, a name, pinyin, initials.

The database gives candidates by its indexes (hashes of phones, keys of names, trigrams); the ranking is pure.
"""

import re
from unicodedata import normalize

from rapidfuzz import fuzz
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.core import crypto, phones, settings
from app.core.errors import BadInput
from app.people import names
from app.people.models import Relative, Resident, ResidentPhone

CANDIDATES = 300
"""At most so many rows are ranked for one query."""

WORTH_SHOWING = 55
"""Below this score (0 to 100) a name does not fit well enough to be shown."""

MISSED_FROM = 5
"""Letters: among shorter words nearly everything is a near miss of everything."""

_DIALLED = re.compile(r"[\d+()\s./·-]+")
_PREFIXES = ("0086", "86", "0")


def find(session: Session, text: str, limit: int) -> list[int]:
    """Ids of the residents who fit ``text``, best first (see residents.search)."""
    words = " ".join(normalize("NFKC", text).split())
    if not words:
        return []
    digits = re.sub(r"\D", "", words)
    if _DIALLED.fullmatch(words):
        return _by_digits(session, words, digits)[:limit] if len(digits) >= 4 else []
    known = session.scalar(select(Resident.id).where(Resident.external_id == words))
    return [known] if known is not None else _by_name(session, words, limit)


def _by_digits(session: Session, written: str, digits: str) -> list[int]:
    """Residents with a phone that ends in ``digits``, or whose relative has it."""
    whole = _whole_number(written)
    last4 = crypto.keyed_hash(digits[-4:])
    own = session.execute(_phones(ResidentPhone.resident_id, ResidentPhone.number, ResidentPhone.last4_hash, last4))
    related = session.execute(_phones(Relative.resident_id, Relative.number, Relative.last4_hash, last4))
    fitting = [key for key, number in [*own, *related] if number == whole or _ends(number, digits)]
    return list(dict.fromkeys(fitting))


def _phones(
    key: InstrumentedAttribute[int], number: InstrumentedAttribute[str], hashed: InstrumentedAttribute[str], last4: str
) -> Select[int, str]:
    return select(key, number).where(hashed == last4).order_by(key)


def _whole_number(written: str) -> str | None:
    try:
        return phones.parse(written, settings.current().default_region).e164
    except BadInput:
        return None


def _ends(number: str, digits: str) -> bool:
    """Whether ``number`` (E.164) ends in ``digits``, written with or without the prefixes people dial."""
    shorter = [digits.removeprefix(prefix) for prefix in _PREFIXES if len(digits) > 8]
    return any(number.endswith(tail) for tail in (digits, *shorter))


def _by_name(session: Session, words: str, limit: int) -> list[int]:
    """First whoever fits what was typed or its sound; only if there is nobody, whoever nearly does."""
    wanted = names.query_keys(words)
    plain = wanted[0] if wanted else words.lower()
    fits = [Resident.name.contains(words, autoescape=True), Resident.name_text.contains(f" {plain}", autoescape=True)]
    if wanted:
        fits.append(Resident.name_keys.overlap(array(wanted)))
    found = _ranked(session, or_(*fits), words, wanted)
    if not found and len(plain) >= MISSED_FROM:
        found = _ranked(session, Resident.name_text.op("%>")(plain), words, wanted)
    return found[:limit]


def _ranked(session: Session, fits: ColumnElement[bool], words: str, wanted: list[str]) -> list[int]:
    columns = select(Resident.id, Resident.name, Resident.name_keys)
    rows = session.execute(columns.where(fits).order_by(Resident.id).limit(CANDIDATES))
    scores = [(rank(words, wanted, name, known), name, key) for key, name, known in rows]
    worth = [(-score, names.in_order(name), key) for score, name, key in scores if score >= WORTH_SHOWING]
    return [key for _, _, key in sorted(worth)]


def rank(words: str, wanted: list[str], name: str, known: list[str]) -> float:
    """How well a person fits, 0 to 100: the name itself, then exact keys, beginnings, sound-alikes, near misses.

    words: as typed. wanted: names.query_keys(words). name, known: the person's name and names.keys(name).
    """
    if words == name:
        return 100
    exact = [key for key in wanted if not key.startswith("~")]
    if words in name:
        return 97 if name.startswith(words) else 95
    if not exact:
        return 0
    if set(exact) & set(known):
        return 90
    best = max((_near(exact[0], key) for key in known if not key.startswith("~")), default=0.0)
    return max(best, 80.0 if set(wanted) & set(known) else 0.0)


def _near(typed: str, key: str) -> float:
    """85 and less for a beginning (the more of it the better), at most 75 for a near miss of something long enough."""
    if len(typed) > 1 and key.startswith(typed):
        return 75 + 10 * len(typed) / len(key)
    return 0.75 * fuzz.ratio(typed, key) if len(typed) >= MISSED_FROM else 0
