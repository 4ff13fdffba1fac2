"""What the command line says, in the language of the terminal: Chinese where the environment asks for it."""

import os
from functools import cache
from importlib.resources import files

import yaml

LANGUAGE_NAMES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX looks at them."""


@cache
def _sentences() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load(files("app.cli").joinpath("words.yaml").read_text("utf-8"))
    return read


def language() -> str:
    """zh-CN or en, as the environment's locale says."""
    locale = next((value for name in LANGUAGE_NAMES if (value := os.environ.get(name))), "")
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def known(code: str) -> bool:
    """Whether there is a sentence for ``code``."""
    return code in _sentences()


def say(code: str, **facts: object) -> str:
    """The sentence ``code`` with ``facts`` filled in. Raises KeyError for an unknown code or a missing fact."""
    return _sentences()[code][language()].format(**facts)
