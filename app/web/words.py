"""Words for codes, as pages ask for them: plain, or as a chip whose colour a symbol repeats."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from markupsafe import Markup
from wtforms.fields.choices import SelectChoice

from app.web.vocabulary import TONES, WORDS

SYMBOLS = {"good": "✓", "warn": "◷", "bad": "!", "calm": "•", "": "·"}


def word(code: str | None, kind: str) -> str:
    """The word for ``code`` among the words of ``kind``; an unknown code stands for itself."""
    if not code:
        return "–"
    return str(WORDS.get(kind, {}).get(code, code))


def tone(code: str | None, kind: str) -> str:
    """good, warn, bad, calm or "": how the chip of this code is coloured."""
    return TONES.get(kind, {}).get(code or "", "")


def chip(code: str | None, kind: str) -> Markup:
    """The word as a coloured chip; a symbol says the same without colour."""
    colour = tone(code, kind)
    return Markup('<span class="chip {}"><span aria-hidden="true">{}</span> {}</span>').format(
        colour, SYMBOLS[colour], word(code, kind)
    )


def choices(kind: str, codes: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """(code, word) for form fields."""
    return [(code, word(code, kind)) for code in codes or WORDS[kind]]


def options(pairs: Iterable[tuple[str, Any]], group: str | None = None) -> list[SelectChoice]:
    """(code, text) as the options of a form field. group: the heading under which a list shows them."""
    return [SelectChoice(code, text, optgroup=group) for code, text in pairs]


def options_of(kind: str, codes: Iterable[str]) -> list[SelectChoice]:
    """The same for codes, in the language of whoever will read them."""
    return options((code, WORDS[kind][code]) for code in codes)


def init_app(app: Flask) -> None:
    """Make words, tones and chips known to templates."""
    app.jinja_env.filters |= {"word": word, "tone": tone, "chip": chip}
    app.jinja_env.globals["choices"] = choices
