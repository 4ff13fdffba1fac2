"""The catalogue: categories and the service items below them, found by code, name, pinyin or what sounds alike."""

from dataclasses import dataclass

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core.errors import NotFound
from app.people import names

WORTH_SHOWING = 60
"""Below this score (0 to 100) an item does not fit what was typed."""


@dataclass(frozen=True)
class Category:
    """A category with its items that can be ordered now."""

    category: ServiceItem
    items: tuple[ServiceItem, ...]


def get(session: Session, item_id: int) -> ServiceItem:
    """One item or category. Raises NotFound("item.unknown")."""
    item = session.get(ServiceItem, item_id)
    if item is None:
        raise NotFound("item.unknown", id=item_id)
    return item


def by_code(session: Session, code: str) -> ServiceItem:
    """The item or category with this code. Raises NotFound("item.unknown")."""
    item = session.scalar(select(ServiceItem).where(ServiceItem.code == code.strip().upper()))
    if item is None:
        raise NotFound("item.unknown", given=code)
    return item


def orderable(session: Session) -> list[ServiceItem]:
    """Everything that can be ordered, by code: active items that stand below a category."""
    rows = select(ServiceItem).where(ServiceItem.parent_id.is_not(None), ServiceItem.active)
    return list(session.scalars(rows.order_by(ServiceItem.code)))


def categories(session: Session) -> list[Category]:
    """The two levels, by code; categories without an active item are left out."""
    below: dict[int | None, list[ServiceItem]] = {}
    for item in orderable(session):
        below.setdefault(item.parent_id, []).append(item)
    tops = session.scalars(select(ServiceItem).where(ServiceItem.id.in_(below)).order_by(ServiceItem.code))
    return [Category(top, tuple(below[top.id])) for top in tops]


def name(item: ServiceItem, language: str) -> str:
    """The item's name in ``language`` ("zh-CN" or "en")."""
    return item.name_en if language == "en" else item.name


def search(session: Session, text: str, limit: int = 10) -> list[ServiceItem]:
    """Orderable items that fit ``text`` (name in either language, tone-less pinyin, initials, code), best first."""
    words = " ".join(text.split())
    if not words:
        return []
    ranked = [(rank(words, item.name, item.name_en, item.code), item) for item in orderable(session)]
    fitting = [(score, item) for score, item in ranked if score >= WORTH_SHOWING]
    return [item for _, item in sorted(fitting, key=lambda pair: (-pair[0], pair[1].code))[:limit]]


def rank(words: str, name: str, name_en: str, code: str) -> float:
    """How well an item fits what was typed, 0 to 100, pure."""
    plain = words.lower()
    if plain in (name.lower(), name_en.lower(), code.lower()):
        return 100
    if plain in name.lower() or plain in name_en.lower():
        return 90
    wanted = names.query_keys(words)
    known = names.keys(name)
    if set(wanted) & set(known):
        return 85
    if wanted and len(wanted[0]) > 1:
        sound = names.fold(wanted[0])
        if any(wanted[0] in key for key in known if not key.startswith("~")):
            return 75
        if len(sound) > 2 and any(sound in key for key in known if key.startswith("~")):
            return 70
    return 0.7 * fuzz.partial_ratio(plain, name_en.lower()) if len(plain) > 3 else 0
