"""The kinds of facts that a flow declares: a choice to branch on, a short text to speak, digits to read one by one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("zh-CN", "en")
GROUP_GAP = {"zh-CN": "，", "en": ", "}

Value = str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few values; the first is taken when nothing else is given. Only these can be branched on."""

    values: tuple[str, ...]

    @property
    def default(self) -> Value:
        """The value of a fact that was not given."""
        return self.values[0]

    def clean(self, value: Any) -> Value | None:
        """``value`` as it is stored; None if it is none of these."""
        return str(value) if str(value) in self.values else None

    def spoken(self, value: Value, language: str) -> str:
        """Choices pick prompts; they are not spoken themselves."""
        return _in(value, language)

    def longest(self, language: str) -> str:
        """The longest thing that can be spoken."""
        return max(self.values, key=len)


@dataclass(frozen=True, slots=True)
class Text:
    """A short text in the caller's language, or one in each: {"zh-CN": …, "en": …}. Cut at its declared length."""

    characters: Mapping[str, int]

    @property
    def default(self) -> Value:
        """The value of a fact that was not given."""
        return ""

    def clean(self, value: Any) -> Value | None:
        """``value`` as it is stored: never longer than the budget reckons with."""
        if isinstance(value, Mapping):
            return {language: str(value[language])[: self.characters[language]] for language in LANGUAGES}
        return str(value)[: max(self.characters.values())]

    def spoken(self, value: Value, language: str) -> str:
        """The text in ``language``."""
        return _in(value, language)[: self.characters[language]]

    def longest(self, language: str) -> str:
        """The longest thing that can be spoken."""
        return ("一" if language == "zh-CN" else "x") * self.characters[language]


@dataclass(frozen=True, slots=True)
class Digits:
    """A number read digit by digit, in groups: 12345678 in groups of 4 and 4 is "1 2 3 4，5 6 7 8"."""

    length: int
    groups: tuple[int, ...]

    @property
    def default(self) -> Value:
        """The value of a fact that was not given."""
        return ""

    def clean(self, value: Any) -> Value | None:
        """The digits alone; None if there are not exactly as many as declared."""
        digits = "".join(sign for sign in str(value) if sign in "0123456789")
        return digits if len(digits) == self.length else None

    def spoken(self, value: Value, language: str) -> str:
        """Spaced out, since a speech engine would read a number as a quantity."""
        digits, parts = str(value), []
        for size in self.groups:
            parts.append(" ".join(digits[:size]))
            digits = digits[size:]
        return GROUP_GAP[language].join(part for part in parts if part)

    def longest(self, language: str) -> str:
        """The longest thing that can be spoken."""
        return self.spoken("7" * self.length, language)


Fact = Choice | Text | Digits


def parse(spec: Mapping[str, Any]) -> Fact:
    """The fact that a flow document declares as ``spec``."""
    if "choice" in spec:
        return Choice(tuple(spec["choice"]))
    if "digits" in spec:
        return Digits(spec["digits"], tuple(spec.get("groups", [spec["digits"]])))
    return Text(dict(spec["text"]))


def _in(value: Value, language: str) -> str:
    return value.get(language, "") if isinstance(value, dict) else value
