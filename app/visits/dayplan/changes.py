"""What a plan would change, as values: the visit, who and when, and why."""

from dataclasses import dataclass

from app.visits.matching.problem import Held, Problem, Request

NAME = "routes/3"
"""Name and version, stored with each plan; a change that could change a plan raises the version."""


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one visit. worker_id, start: who and when from now on, None if nobody can come.

    why: "free" nobody had it, or he has not heard of it yet; "absent" who had it can't come any more; "late" what came
    before lasts longer; "room" so that another visit finds a place, or the way is much shorter.
    """

    request: Request
    worker_id: int | None
    start: int | None
    why: str

    @property
    def visit_id(self) -> int:
        """The visit."""
        assert self.request.visit_id is not None
        return self.request.visit_id

    @property
    def was(self) -> Held | None:
        """Who had it, and when."""
        return self.request.held


@dataclass(frozen=True, slots=True)
class Plan:
    """What a search has found.

    problem: what it solved: that of the day, or the same with all promises as settled stops. placed: where every
    request of ``problem`` is now, changed or not (worker, start), by visit. seed, laps: what repeats the search. price,
    price_before: of the whole day, seconds; before: as things stood, with all else put in where it was cheapest.
    """

    problem: Problem
    changes: tuple[Change, ...]
    placed: dict[int, tuple[int, int]]
    seed: int
    laps: tuple[int, ...]
    price: float
    price_before: float
