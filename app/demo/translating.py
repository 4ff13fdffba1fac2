"""What was heard or read, in the other language: a sentence of ours is known by its template."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from app.demo.glossary import Glossary

ROOT = Path(__file__).resolve().parents[2]
OTHER = {"zh-CN": "en", "en": "zh-CN"}
MOMENT = r"(?:(?:今天|明天|\d+月\d+日)(?:上午|下午)\d+:\d\d|(?:today|tomorrow|\d+ \w{3}) at \d+:\d\d\s[AP]M)?"
"""How moments are said in both languages; a sentence may also leave its moment out."""


@cache
def _pairs() -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """For each language: patterns of its sentences, longest first, and the template in the other language."""
    pairs: dict[str, list[tuple[re.Pattern[str], str]]] = {"zh-CN": [], "en": []}
    for forms in _sentences():
        if not _says_something(forms["en"]):
            continue
        for language, other in OTHER.items():
            pairs[language].append((_pattern(forms[language]), forms[other]))
    for rows in pairs.values():
        rows.sort(key=lambda row: -len(row[0].pattern))
    return pairs


def _sentences() -> Iterator[dict[str, str]]:
    prompts = {lang: _read(f"ivr_flows/prompts/{lang}.yaml") for lang in OTHER}
    for key, text in prompts["en"].items():
        yield {"en": text, "zh-CN": prompts["zh-CN"][key]}
    for template in _read("app/messages/templates.yaml").values():
        for form in ("text", "said"):
            if form in template:
                yield template[form]


def _says_something(template: str) -> bool:
    """Whether there are words of its own around the parameters."""
    return any(literal.strip(" .,:") for literal, *_ in Formatter().parse(template))


def _read(path: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    return read


def _pattern(template: str) -> re.Pattern[str]:
    parts: list[str] = []
    named: set[str] = set()
    for literal, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if name:
            parts.append(f"(?P={name})" if name in named else f"(?P<{name}>{MOMENT if name == 'when' else '.+?'})")
            named.add(name)
    return re.compile("".join(parts) + r"\Z", re.DOTALL)


def other_side(text: str, language: str, glossary: Glossary) -> str:
    """``text`` in the other language, with the names and times in it; empty if it is no sentence of ours."""
    for pattern, template in _pairs().get(language, []):
        found = pattern.match(text.strip())
        if found:
            words = {name: glossary.said(word, OTHER[language]) for name, word in found.groupdict().items()}
            return template.format(**words).replace(", ?", "?")
    return ""
