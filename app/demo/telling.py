"""Telling the story in the terminal while it happens: who dialled, what was heard and pressed, what was decided."""

import sys
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console
from rich.text import Text

from app.core import clock
from app.demo import translating

ZONE = ZoneInfo("Asia/Shanghai")

STYLES = {
    "resident": "bold cyan",
    "worker": "bold green",
    "doorline": "bold magenta",
    "relative": "bold yellow",
    "clock": "bold white",
    "set_up": "dim",
}


@cache
def texts() -> dict[str, dict[str, str]]:
    """Every sentence of the demo: {code: {"zh-CN": …, "en": …}}."""
    read: dict[str, dict[str, str]] = yaml.safe_load(files("app.demo").joinpath("texts.yaml").read_text("utf-8"))
    return read


class Teller:
    """Writes the story to ``out`` in ``language``; quiet for tests."""

    def __init__(self, language: str, console: Console | None = None) -> None:
        self.language = language
        self.console = console or Console(file=sys.stderr, highlight=False, soft_wrap=True)

    def say(self, code: str, **facts: Any) -> str:
        """The sentence ``code`` in the story's language."""
        return texts()[code][self.language].format(**facts)

    def tell(self, who: str, code: str, **facts: Any) -> None:
        """A line of the story: the time of the product, who, what."""
        self._line(who, self.say(code, **facts))

    def heard(self, who: str, event: dict[str, Any]) -> None:
        """What somebody heard, in its own language, with the other beside it."""
        language = "en" if event.get("language") == "en" else "zh-CN"
        self._quoted(who, "story.hears", event["text"], language)

    def read(self, who: str, name: str, body: str) -> None:
        """A text that somebody got."""
        language = "zh-CN" if any("一" <= sign <= "鿿" for sign in body) else "en"
        self._quoted(who, "story.reads", body, language, name=name)

    def progress(self, code: str) -> None:
        """What is being prepared now."""
        self.tell("set_up", f"set_up.{code}")

    def heading(self, code: str, **facts: Any) -> None:
        """A new part of the story."""
        self.console.print()
        self.console.print(Text(self.say(code, **facts), style="bold underline"))

    def _quoted(self, who: str, code: str, text: str, language: str, **facts: Any) -> None:
        line = self.say(code, **({"name": self.say(f"who.{who}")} | facts))
        other = translating.other_side(text, language)
        beside = f"   ({other})" if other else ""
        self._line(who, f"{line} “{text}”{beside}")

    def _line(self, who: str, sentence: str) -> None:
        moment = clock.now().astimezone(ZONE)
        line = Text(f"{moment:%H:%M:%S} ", style="dim")
        line.append("● ", style=STYLES.get(who, ""))
        line.append(sentence)
        self.console.print(line)


def moment(iso: str) -> str:
    """An ISO time as the district's clock shows it."""
    return f"{datetime.fromisoformat(iso).astimezone(ZONE):%H:%M}"
