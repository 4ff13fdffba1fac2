"""Every word that the switch's pages and its terminal phone show, in both languages, from words.yaml."""

from functools import cache
from pathlib import Path

import yaml

LANGUAGES = ("zh-CN", "en")


@cache
def words(language: str) -> dict[str, str]:
    """The words by key in ``language``; Chinese for a language that is not there."""
    wanted = language if language in LANGUAGES else LANGUAGES[0]
    table = yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    return {key: both[wanted] for key, both in table.items()}
