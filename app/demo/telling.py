"""Telling the story in the terminal while it happens: who dialled, what was heard and pressed, what was decided."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
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
from app.demo.glossary import Glossary

ZONE = ZoneInfo("Asia/Shanghai")
TICK = 3
"""Real seconds between two signs of life where there is no terminal."""

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
        self.glossary = Glossary()
        self.names: dict[str, str] = {}
        """Whose number is whose: {E.164: name}."""
        self.console = console or Console(file=sys.stderr, highlight=False, soft_wrap=True)

    def say(self, code: str, **facts: Any) -> str:
        """The sentence ``code`` in the story's language."""
        return texts()[code][self.language].format(**facts)

    def knows(self, code: str) -> bool:
        """Whether the demo has a sentence ``code`` of its own."""
        return code in texts()

    def tell(self, who: str, code: str, **facts: Any) -> None:
        """A line of the story: the time of the product, who, what."""
        self._line(who, self.say(code, **facts))

    def name(self, number: str) -> str:
        """Whose phone that is; the number itself if nobody knows."""
        return self.names.get(number, number)

    @contextmanager
    def waiting(self, code: str, **facts: Any) -> Iterator[None]:
        """While something is waited for, say so: with a spinner on a terminal, else with a line every few seconds."""
        sentence = self.say(code, **facts)
        if self.console.is_terminal:
            with self.console.status(Text(f"{sentence} …", style="dim")):
                yield
            return
        over = threading.Event()
        thread = threading.Thread(target=self._tick, args=(sentence, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _tick(self, sentence: str, over: threading.Event) -> None:
        seconds = 0
        while not over.wait(TICK):
            seconds += TICK
            said = self.say("wait.so_far", sentence=sentence, seconds=seconds)
            self.console.print(Text(f"         {said}", style="dim"))

    def heard(self, who: str, event: dict[str, Any]) -> None:
        """What somebody heard, in its own language, with the other beside it."""
        language = "en" if event.get("language") == "en" else "zh-CN"
        self._quoted(who, "story.hears", event["text"], language)

    def read(self, who: str, name: str, body: str) -> None:
        """A text that somebody got."""
        language = "zh-CN" if any("一" <= sign <= "鿿" for sign in body) else "en"
        self._quoted(who, "story.reads", body, language, name=name)

    def reason(self, sentence: str) -> None:
        """Part of why something was decided."""
        self.console.print(Text(f"            {sentence}", style="italic"))

    def heading(self, code: str, **facts: Any) -> None:
        """A new part of the story."""
        self.console.print()
        self.console.print(Text(self.say(code, **facts), style="bold underline"))

    def _quoted(self, who: str, code: str, text: str, language: str, **facts: Any) -> None:
        line = self.say(code, **({"name": self.say(f"who.{who}")} | facts))
        other = translating.other_side(text, language, self.glossary)
        beside = self.say("story.beside", other=other) if other else ""
        self._line(who, f"{line} “{text}”{beside}")

    def _line(self, who: str, sentence: str) -> None:
        moment = clock.now().astimezone(ZONE)
        line = Text("         " if who == "set_up" else f"{moment:%H:%M:%S} ", style="dim")
        line.append("● ", style=STYLES.get(who, ""))
        line.append(sentence)
        self.console.print(line)


def moment(iso: str) -> str:
    """An ISO time as the district's clock shows it."""
    return f"{datetime.fromisoformat(iso).astimezone(ZONE):%H:%M}"
