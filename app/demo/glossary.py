"""Names in both languages, as anybody can learn them: from the pages, read once in each, and the sample's own lists."""

import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.demo.people import Browser, Page

SAMPLE = Path(__file__).resolve().parents[1] / "sample" / "data"
LANGUAGES = ("zh-CN", "en")
BILINGUAL = ("/console/residents/new",)
"""Pages that list names: communities."""


class Glossary:
    """Words of the district in both languages: people, services, communities, times, forms of address."""

    def __init__(self) -> None:
        self.english: dict[str, str] = dict(_sample_names())

    def learn(self, screen: Browser) -> None:
        """Read the pages that list names, once in each language; the last reading is in English."""
        pages = {language: [_in(screen, path, language) for path in BILINGUAL] for language in LANGUAGES}
        for chinese, english in zip(*pages.values(), strict=True):
            named = dict(_listed(english))
            self.english |= {name: named[key] for key, name in _listed(chinese) if named.get(key, name) != name}

    def said(self, word: str, language: str) -> str:
        """``word`` (a name, a moment, a length of time) in ``language``; unknown words stay as they are."""
        word = word.strip()
        if language == "en":
            return self.english.get(word) or _address(word) or _moment_in_english(word) or _digits(word)
        return self._chinese().get(word) or _moment_in_chinese(word)

    def names_in(self, sentence: str) -> str:
        """An English sentence with the Chinese names in it rendered in English."""
        for name in sorted(self.english, key=len, reverse=True):
            sentence = sentence.replace(name, self.english[name])
        return sentence

    def _chinese(self) -> dict[str, str]:
        return {english: chinese for chinese, english in self.english.items()}


def _in(screen: Browser, path: str, language: str) -> Page:
    screen.speak(language)
    return screen.open(path)


def _listed(page: Page) -> Iterator[tuple[str, str]]:
    """(key, name) of each choice: the key is the same in both languages."""
    for option in page.found("option[value]"):
        yield f"{option.getparent().get('name')}={option.get('value')}", option.text_content().strip()


@cache
def _sample_names() -> tuple[tuple[str, str], ...]:
    found = [*_pairs(_read("cast")), *_pairs(_read("catalogue"))]
    return tuple(sorted(set(found)))


def _pairs(node: Any) -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if node.get("name_en") and node["name"] != node["name_en"]:
            yield node["name"], node["name_en"]
        for value in node.values():
            yield from _pairs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _pairs(value)


def _read(name: str) -> Any:
    return yaml.safe_load((SAMPLE / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def _surnames() -> dict[str, str]:
    with (SAMPLE / "surnames.csv").open(encoding="utf-8") as file:
        return {row["surname"]: row["pinyin"] for row in csv.DictReader(file)}


def _address(word: str) -> str:
    """罗女士 as Ms Luo."""
    title = {"女士": "Ms", "先生": "Mr"}.get(word[-2:])
    family = _surnames().get(word[:-2])
    return f"{title} {family}" if title and family else ""


DAYS = {"今天": "today", "明天": "tomorrow"}
HALVES = {"上午": "AM", "下午": "PM"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _moment_in_english(word: str) -> str:
    """今天上午10:15 as today at 10:15 AM, 11月25日下午2:00 as 25 Nov at 2:00 PM, 4分钟 as 4 minutes."""
    if found := re.fullmatch(r"(\d+)分钟", word):
        return "1 minute" if found[1] == "1" else f"{found[1]} minutes"
    found = re.fullmatch(r"(?:(今天|明天)|(\d+)月(\d+)日)(上午|下午)(\d+:\d\d)", word)
    if not found:
        return ""
    day = DAYS[found[1]] if found[1] else f"{found[3]} {MONTHS[int(found[2]) - 1]}"
    return f"{day} at {found[5]} {HALVES[found[4]]}"


def _moment_in_chinese(word: str) -> str:
    if found := re.fullmatch(r"(\d+) minutes?", word):
        return f"{found[1]}分钟"
    found = re.fullmatch(r"(today|tomorrow|(\d+) (\w{3})) at (\d+:\d\d)\s(AM|PM)", word)
    if not found:
        return word
    days, halves = ({english: chinese for chinese, english in table.items()} for table in (DAYS, HALVES))
    day = days.get(found[1]) or f"{MONTHS.index(found[3]) + 1}月{found[2]}日"
    return f"{day}{halves[found[5]]}{found[4]}"


def _digits(word: str) -> str:
    """A number that is spoken digit by digit, with the commas of its language."""
    return word.replace("，", ", ")
