"""A flow ready to walk: its document with nodes, facts and words parsed once."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

from ivr_flows import facts, speaking, words
from ivr_flows.nodes import KINDS, Node
from ivr_flows.steps import Say


class Flow:
    """What the engine walks. Made by ``loader.load``; never changed afterwards."""

    __slots__ = (
        "_fields", "always", "answered", "digest", "direction", "document", "ends", "facts", "hung_up",
        "hung_up_waiting", "limit_go", "limit_turns", "name", "nodes", "start", "words",
    )  # fmt: skip

    def __init__(self, document: Mapping[str, Any], digest: str) -> None:
        self.document = document
        self.digest = digest
        self.name: str = document["name"]
        self.direction: str = document["direction"]
        self.start: str = document["start"]
        self.ends: frozenset[str] = frozenset(document["ends"])
        self.always: Mapping[str, str] = document["always"]
        self.answered: str | None = document.get("answered")
        self.hung_up: str = document["hung_up"]
        self.hung_up_waiting: str = document.get("hung_up_waiting", self.hung_up)
        self.limit_turns: int = document["limit"]["turns"]
        self.limit_go: str = document["limit"]["go"]
        self.facts = {name: facts.parse(spec) for name, spec in document["facts"].items()}
        self.nodes: dict[str, Node] = {
            name: KINDS[spec["kind"]].parse(name, spec) for name, spec in document["nodes"].items()
        }
        self.words = words.hearers(document["words"])
        self._fields = {
            (language, key): _fields(text)
            for language, texts in document["prompts"].items()
            for key, text in texts.items()
        }

    def text(self, say: Say) -> str:
        """What ``say`` sounds like, as text in its language."""
        template: str = self.document["prompts"][say.language][say.prompt]
        return template.format(**say.params)

    def fields(self, language: str, prompt: str) -> tuple[str, ...]:
        """The facts that a prompt speaks."""
        return self._fields.get((language, prompt), ())

    def seconds(self, say: Say) -> float:
        """How long ``say`` takes to speak, as the budgets reckon."""
        return speaking.seconds(self.text(say), say.language, say.pace)


def _fields(template: str) -> tuple[str, ...]:
    return tuple(field for _, field, _, _ in Formatter().parse(template) if field)
