"""Visits that need two people: the two who together are cheapest at one common start."""

from collections.abc import Sequence

from app.places.distance import Router
from app.visits.matching.answer import Insertion, Proposal
from app.visits.matching.options import insertions
from app.visits.matching.problem import Candidate, Problem


def together(
    problem: Problem, able: Sequence[tuple[Candidate, Sequence[Insertion]]], router: Router
) -> list[Proposal]:
    """Common starts with the cheapest two of those ``able`` to come at all, best first.

    Waiting never makes anybody cheaper, so the starts worth trying are those at which somebody could come first.
    """
    starts = sorted({option.start for _, options in able for option in options})
    found = []
    for start in starts:
        there = [_at(problem, candidate, router, start) for candidate, _ in able]
        best = sorted((one for one in there if one), key=lambda one: one.rank)[: problem.request.workers_needed]
        if len(best) == problem.request.workers_needed:
            found.append(Proposal(start, tuple(best)))
    return sorted(found, key=lambda one: one.rank)


def _at(problem: Problem, candidate: Candidate, router: Router, start: int) -> Insertion | None:
    return next(iter(insertions(problem, candidate, router, start)), None)
