"""What one candidate could do: his insertions, cheapest first, or the hard rule that stands against him."""

from dataclasses import replace

from app.places.distance import Leg, Place, Router
from app.visits.matching import costs, hard_rules, schedule
from app.visits.matching.answer import Insertion
from app.visits.matching.problem import Candidate, Problem
from app.visits.matching.schedule import Fit


class Legs:
    """A Router that asks another one for each way only once; lives as long as one decision."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._known: dict[tuple[Place, Place, str], Leg] = {}

    def leg(self, origin: Place, destination: Place, mode: str) -> Leg:
        """The way, remembered."""
        key = (origin, destination, mode)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._router.leg(origin, destination, mode)
        return known


def insertions(problem: Problem, candidate: Candidate, router: Router, exact: int | None = None) -> list[Insertion]:
    """Where the visit fits into the candidate's day, cheapest first; with ``exact`` only at that start."""
    fixed = problem.request.fixed_start if exact is None else exact
    starts = [fixed] if fixed is not None else [None, problem.request.promised_start]
    found = []
    for gap in schedule.gaps(problem, candidate, schedule.spans_at_work(candidate)):
        fits = [schedule.fit(problem, candidate, gap, router, start) for start in dict.fromkeys(starts)]
        options = [_priced(problem, candidate, one) for one in fits if one is not None]
        if options:
            found.append(min(options, key=lambda one: one.rank))
    return sorted(found, key=lambda one: one.rank)


def assess(problem: Problem, candidate: Candidate, router: Router) -> tuple[str | None, list[Insertion]]:
    """The first hard rule that the candidate fails, or None and his insertions."""
    failed = hard_rules.first_failed(problem, candidate)
    if failed:
        return failed, []
    found = insertions(problem, candidate, router)
    return (None, found) if found else (_why_not(problem, candidate, router), [])


def _why_not(problem: Problem, candidate: Candidate, router: Router) -> str:
    """What stands in the way: take one thing after the other away and see whether it fits then."""
    if not schedule.on_shift(problem, candidate):
        return "shift"
    if insertions(problem, replace(candidate, stops=()), router):
        return "overlap"
    if insertions(problem, replace(candidate, stops=(), leave=()), router):
        return "leave"
    return "window"


def _priced(problem: Problem, candidate: Candidate, found: Fit) -> Insertion:
    gap = found.gap
    return Insertion(
        worker_id=candidate.worker_id,
        start=found.start,
        end=found.start + problem.request.seconds,
        travel_seconds=found.way.seconds,
        metres=found.way.metres,
        source=found.way.source,
        leaves=gap.leaves,
        after=gap.after,
        before=gap.next.visit_id if gap.next else None,
        parts=costs.parts(problem, candidate, found),
    )
