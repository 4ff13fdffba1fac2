"""How moments are said to people, in the district's zone and their language."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from babel import Locale
from babel.dates import format_date, format_time

from app.core import clock, settings

LOCALES = {"zh-CN": Locale("zh", "CN", script="Hans"), "en": Locale("en")}


@cache
def _words() -> dict[str, dict[str, Any]]:
    words: dict[str, dict[str, Any]] = yaml.safe_load(files("app.messages").joinpath("wording.yaml").read_text("utf-8"))
    return words


def when(moment: datetime, language: str) -> str:
    """``moment`` (aware) as a short phrase: 今天上午10:30, today at 10:30 AM, 11月25日下午2:00."""
    zone = settings.current().zone
    local, today = moment.astimezone(zone), clock.now().astimezone(zone).date()
    words = _words()[language]
    key = {0: "today", 1: "tomorrow"}.get((local.date() - today).days, "other")
    phrase: str = words[key].format(
        time=format_time(local, words["time"], locale=LOCALES[language]),
        date=format_date(local, words["date"], locale=LOCALES[language]),
    )
    return phrase


def minutes(count: int, language: str) -> str:
    """A number of minutes in words."""
    return str(_words()[language]["minutes"].format(count=count))
