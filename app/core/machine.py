"""State tables as data, pure: {state: {event: next state}}."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Machine:
    """A state table.

    table: {state: {event: next state}}. initial: the state of a new row. live: states in which something is still to
    come; the others are ends or rests.
    """

    table: Mapping[str, Mapping[str, str]]
    initial: str
    live: frozenset[str] = field(default_factory=frozenset)

    @property
    def states(self) -> frozenset[str]:
        """Every state that can occur."""
        return frozenset(self.table)

    def next(self, state: str, event: str) -> str | None:
        """The state after ``event``, or None where the table does not allow it."""
        return self.table[state].get(event)
