"""language: change to the other language and say the place again where the caller was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import Call
from ivr_flows.facts import LANGUAGES
from ivr_flows.nodes.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageNode(Node):
    """No settings."""

    kind: ClassVar[str] = "language"

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "LanguageNode":
        return cls(name=name)

    def enter(self, call: Call, came_from: str) -> str | None:
        state = call.state
        state.language = next(language for language in LANGUAGES if language != state.language)
        call.event("language_changed", language=state.language)
        return came_from

    def edges(self) -> list[tuple[str, str]]:
        return []
