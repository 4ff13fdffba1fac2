"""Words that stand for keys: what a caller may say instead of pressing."""

import re
from collections.abc import Mapping

Hearers = Mapping[str, Mapping[str, re.Pattern[str]]]


def hearers(words: Mapping[str, Mapping[str, list[str]]]) -> Hearers:
    """{language: {group: pattern}} of a document's {language: {group: [words]}}."""
    return {
        language: {name: _pattern(language, group) for name, group in groups.items() if group}
        for language, groups in words.items()
    }


def heard(known: Hearers, language: str, group: str, text: str) -> bool:
    """Whether ``text`` has a word of ``group`` in ``language``."""
    pattern = known.get(language, {}).get(group)
    return pattern is not None and pattern.search(text) is not None


def heard_anywhere(known: Hearers, group: str, text: str) -> bool:
    """The same in any language: a cry for help is understood in both."""
    return any(heard(known, language, group, text) for language in known)


def _pattern(language: str, group: list[str]) -> re.Pattern[str]:
    # Chinese has no word breaks; an English "no" must not be heard in "know".
    parts = [re.escape(word) if language == "zh-CN" else rf"\b{re.escape(word)}\b" for word in group]
    return re.compile("|".join(parts), re.IGNORECASE)
