"""English equivalents for Chinese names where a list has none: pinyin, with the usual word for the kind of place."""

from pypinyin import lazy_pinyin

from app.imports.data import document
from app.people import names


def place(name: str) -> str:
    """雨山社区 is Yushan Community; a name without a known ending is only spelt."""
    endings: dict[str, str] = document("words.yaml")["endings_en"]
    for ending in sorted(endings, key=len, reverse=True):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return f"{_spelt(name.removesuffix(ending))} {endings[ending]}"
    return _spelt(name)


def person(name: str) -> str:
    """单德明 is Shan Deming, with the reading that surnames have; a Latin name stays."""
    if name.isascii():
        return name
    return " ".join(part for part in names.pinyin_of(name) if part)


def _spelt(name: str) -> str:
    return name if name.isascii() else "".join(lazy_pinyin(name)).capitalize()
