"""What the command line says, in the language of the terminal: Chinese where the environment asks for it."""

from functools import cache
from importlib.resources import files

import yaml

from app.core import terminal


@cache
def _sentences() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load(files("app.cli").joinpath("words.yaml").read_text("utf-8"))
    return read


def known(code: str) -> bool:
    """Whether there is a sentence for ``code``."""
    return code in _sentences()


def say(code: str, **facts: object) -> str:
    """The sentence ``code`` with ``facts`` filled in. Raises KeyError for an unknown code or a missing fact."""
    return _sentences()[code][terminal.language()].format(**facts)
