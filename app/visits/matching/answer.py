"""The output of a decision as values: proposals with prices, and for everybody else the reason why not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Insertion:
    """One worker's visit put into his day, with its price.

    start, end: at the door. travel_seconds, metres: the way there; source: how it was reckoned ("estimate"). leaves:
    where from: position, stop or home. after, before: the neighbouring visits. parts: the price by cost part, seconds.
    """

    worker_id: int
    start: int
    end: int
    travel_seconds: int
    metres: int
    source: str
    leaves: str
    after: int | None
    before: int | None
    parts: Mapping[str, int]

    @property
    def price(self) -> int:
        """The sum of the parts, in seconds."""
        return sum(self.parts.values())

    @property
    def rank(self) -> tuple[int, int, int]:
        """Cheapest first, then soonest, then by worker: never a tie."""
        return self.price, self.start, self.worker_id


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was found for one candidate: the hard rule he failed first, or his cheapest insertion."""

    worker_id: int
    failed: str | None = None
    best: Insertion | None = None

    def to_json(self) -> dict[str, Any]:
        """As stored with the decision."""
        if self.best is None:
            return {"worker_id": self.worker_id, "failed": self.failed}
        return asdict(self.best) | {"price": self.best.price}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who could come and when; two insertions where two people are needed."""

    start: int
    insertions: tuple[Insertion, ...]

    @property
    def price(self) -> int:
        """Seconds, everybody's together."""
        return sum(insertion.price for insertion in self.insertions)

    @property
    def rank(self) -> tuple[int, int, tuple[int, ...]]:
        """Cheapest first, then soonest, then by workers."""
        return self.price, self.start, tuple(insertion.worker_id for insertion in self.insertions)

    @property
    def worker_ids(self) -> tuple[int, ...]:
        """Who would come."""
        return tuple(insertion.worker_id for insertion in self.insertions)


@dataclass(frozen=True, slots=True)
class Answer:
    """Proposals, best first, and every candidate's assessment in the problem's order."""

    planner: str
    proposals: tuple[Proposal, ...]
    assessments: tuple[Assessment, ...]
