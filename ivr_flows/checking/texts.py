"""Rules about what is said: both languages, spoken within its time, the choice before the key."""

import re
from collections.abc import Iterator

from ivr_flows import speaking
from ivr_flows.checking.problem import Problem
from ivr_flows.facts import LANGUAGES
from ivr_flows.flow import Flow
from ivr_flows.steps import Say

GREETING_CHARACTERS = 24
GREETING_SECONDS = 8
TOGETHER = re.compile(r"\d{2,}")

FACT = re.compile(r"\{\w+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NAMED = {
    "zh-CN": re.compile(r"按(?:键)?\s*(\d(?!\d)|星号键|井号键)"),
    "en": re.compile(r"\bpress\s+(\d(?!\d)|star|pound|hash)\b", re.IGNORECASE),
}
SIGNS = {"星号键": "*", "star": "*", "井号键": "#", "pound": "#", "hash": "#"}
WORDS_OF_KEYS = {"zh-CN": re.compile(r"按|\d"), "en": re.compile(r"\bpress|\bkey|\d", re.IGNORECASE)}
FILLERS = {"zh-CN": re.compile(r"[请，。？！、；：\s]"), "en": re.compile(r"[.,?!;:\s]|\bplease\b", re.IGNORECASE)}
AFTER_KEY = re.compile(r"\s*([，。？！；,.?!;]|$)")


def problems(flow: Flow) -> Iterator[Problem]:
    """All of them."""
    yield from _languages(flow)
    for language in LANGUAGES:
        for key, text in flow.document["prompts"][language].items():
            yield from _text_first(key, language, text)
            yield from _script(key, language, text)
            yield from _digits(key, language, text)
            yield from _budget(flow, key, language)
    yield from _greeting(flow)


def named_keys(text: str, language: str) -> list[str]:
    """The keys that ``text`` tells the caller to press, in their order."""
    return [SIGNS.get(sign.lower(), sign) for sign in NAMED[language].findall(text)]


def longest(flow: Flow, key: str, language: str) -> Say:
    """The prompt with each of its facts at its longest."""
    params = {name: flow.facts[name].longest(language) for name in flow.fields(language, key)}
    return Say(key, params, language)


def budget(flow: Flow, key: str) -> float:
    """Seconds that a prompt may take."""
    budgets = flow.document["budgets"]
    return float(budgets.get(key, budgets["default"]))


def _languages(flow: Flow) -> Iterator[Problem]:
    prompts = flow.document["prompts"]
    chinese, english = prompts["zh-CN"], prompts["en"]
    for key in sorted(set(chinese) | set(english)):
        for language in LANGUAGES:
            if not prompts[language].get(key, "").strip():
                yield Problem("languages", key, f"no text in {language}")
        if set(flow.fields("zh-CN", key)) != set(flow.fields("en", key)):
            yield Problem("languages", key, "the two languages do not tell the same facts")
    for group in sorted(set(flow.document["words"]["zh-CN"]) ^ set(flow.document["words"]["en"])):
        yield Problem("languages", group, "words in one language only")


def _script(key: str, language: str, text: str) -> Iterator[Problem]:
    own = FACT.sub("", text)
    if any(sign.isalpha() for sign in own) and bool(CHINESE.search(own)) != (language == "zh-CN"):
        yield Problem("languages", key, f"is not written in {language}")


def _digits(key: str, language: str, text: str) -> Iterator[Problem]:
    """A voice reads 120 as a hundred and twenty: digits stand apart."""
    if TOGETHER.search(text):
        yield Problem("digits", key, f"has digits together, which are read as a quantity ({language})")


def _text_first(key: str, language: str, text: str) -> Iterator[Problem]:
    begin = 0
    for named in NAMED[language].finditer(text):
        before = FILLERS[language].sub("", text[begin : named.start()])
        if len(before) < 2:
            yield Problem("text_first", key, f"names key {named.group(1)} before the choice ({language})")
        elif not AFTER_KEY.match(text, named.end()):
            yield Problem("text_first", key, f"goes on after key {named.group(1)}: the choice comes first ({language})")
        begin = named.end()


def _budget(flow: Flow, key: str, language: str) -> Iterator[Problem]:
    unknown = set(flow.fields(language, key)) - set(flow.facts)
    if unknown:
        yield Problem("facts", key, f"speaks of {', '.join(sorted(unknown))}, which the flow does not declare")
        return
    seconds = flow.seconds(longest(flow, key, language))
    if seconds > budget(flow, key):
        yield Problem("budget", key, f"takes {seconds:.1f} s of {budget(flow, key):.0f} ({language})")


def _greeting(flow: Flow) -> Iterator[Problem]:
    key = flow.document.get("greeting")
    if key is None:
        return
    for language in LANGUAGES:
        text = flow.document["prompts"][language].get(key, "")
        if WORDS_OF_KEYS[language].search(text):
            yield Problem("greeting", key, f"names a key ({language})")
        if speaking.seconds(text, language) > GREETING_SECONDS:
            yield Problem("greeting", key, f"takes longer than {GREETING_SECONDS} s ({language})")
        if language == "zh-CN" and speaking.characters(text, language) > GREETING_CHARACTERS:
            yield Problem("greeting", key, f"has more than {GREETING_CHARACTERS} characters")
