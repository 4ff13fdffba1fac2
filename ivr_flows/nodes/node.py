"""What every kind of node has in common."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from ivr_flows.call import LINE, Call
from ivr_flows.inputs import Input, Recorded

STAY = ""
"""Answer of ``take``: the caller stays here and hears it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place in a flow. ``takes``: the inputs it understands; any other makes it say itself again.

    waits: the caller waits here for a person. keeps_tries: failures here still count when he comes back.
    """

    kind: ClassVar[str]
    takes: ClassVar[tuple[type, ...]] = ()
    waits: ClassVar[bool] = False
    keeps_tries: ClassVar[bool] = False

    name: str

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> Self:
        """The node that a document (already checked against the schema) describes."""
        raise NotImplementedError

    def enter(self, call: Call, came_from: str) -> str | None:
        """The caller comes here. The next node's name, or None if something is waited for."""
        raise NotImplementedError

    def present(self, call: Call) -> None:
        """Say the place, again if need be, changing nothing."""

    def take(self, call: Call, given: Input) -> str:
        """The next node's name, or STAY."""
        raise NotImplementedError

    def rings(self, key: str) -> bool:
        """Whether what ``key`` (0 or 9) wants is under way here already."""
        return False

    def keep(self, call: Call, given: Recorded) -> None:
        """Keep a recording."""

    def edges(self) -> list[tuple[str, str]]:
        """(label, target) of every way out, for the checker and the picture."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Option:
    """One key of a question. words: the word group that stands for it; again: say the place again, nothing is lost."""

    go: str
    words: str | None = None
    again: bool = False
    sets: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, spec: Mapping[str, Any]) -> "Option":
        """From the document."""
        return cls(spec.get("go", ""), spec.get("words"), spec.get("again", False), tuple(spec.get("set", {}).items()))


def options(spec: Mapping[str, Any]) -> dict[str, Option]:
    """The options of a node by key."""
    return {key: Option.parse(option) for key, option in spec.get("options", {}).items()}


def lines(spec: Mapping[str, Any]) -> tuple[LINE, ...]:
    """What a node says."""
    return tuple(spec.get("say", ()))


def choose(call: Call, known: Mapping[str, Option], key: str, at: str) -> str:
    """Where option ``key`` leads; sets its facts."""
    option = known[key]
    call.event("chose", key=key, at=at)
    if option.sets:
        call.learn(dict(option.sets))
    return STAY if option.again else option.go


def spoken(call: Call, known: Mapping[str, Option], text: str) -> str | None:
    """The key that ``text`` stands for, if exactly one."""
    keys = [key for key, option in known.items() if option.words and call.hears(option.words, text)]
    return keys[0] if len(keys) == 1 else None


def option_edges(known: Mapping[str, Option], name: str) -> list[tuple[str, str]]:
    """Ways out by key."""
    return [(key, name if option.again else option.go) for key, option in known.items()]
