"""The planner for the instant: the cheapest feasible insertion into the real days of everybody there is.

Nothing that was promised is moved. The day planner that may move things comes behind the same Protocol.
"""

from typing import Protocol

from app.visits.matching.answer import Answer, Assessment, Insertion, Proposal
from app.visits.matching.options import Legs, assess
from app.visits.matching.pairs import together
from app.visits.matching.problem import Problem

Assessed = tuple[str | None, list[Insertion]]


class Planner(Protocol):
    """Whatever decides who is sent."""

    @property
    def name(self) -> str:
        """Name and version, stored with each decision; a change that could change a choice raises the version."""

    def propose(self, problem: Problem, n: int = 3) -> Answer:
        """The best ``n`` proposals with their prices, and every candidate's reasons; same input, same answer."""


class CheapestInsertion:
    """The first Planner: looks at every gap of every candidate who breaks no hard rule."""

    name = "insertion/2"

    def propose(self, problem: Problem, n: int = 3) -> Answer:
        """See Planner."""
        router = Legs(problem.travel)
        found: list[Assessed] = [assess(problem, candidate, router) for candidate in problem.candidates]
        if problem.request.workers_needed > 1:
            return self._in_pairs(problem, found, router, n)
        assessments = tuple(
            Assessment(candidate.worker_id, failed, options[0] if options else None)
            for candidate, (failed, options) in zip(problem.candidates, found, strict=True)
        )
        return Answer(self.name, _single(found, n), assessments)

    def _in_pairs(self, problem: Problem, found: list[Assessed], router: Legs, n: int) -> Answer:
        """Who could come but finds nobody to come with fails the rule two_person."""
        people = list(zip(problem.candidates, found, strict=True))
        able = [(candidate, options) for candidate, (_, options) in people if options]
        proposals = together(problem, able, router)
        assessments = tuple(
            Assessment(candidate.worker_id, "two_person")
            if options and not proposals
            else Assessment(candidate.worker_id, failed, options[0] if options else None)
            for candidate, (failed, options) in people
        )
        return Answer(self.name, tuple(proposals[:n]), assessments)


def _single(found: list[Assessed], n: int) -> tuple[Proposal, ...]:
    """Everybody's best first; other times of the same workers fill up to ``n``."""
    firsts = sorted((options[0] for _, options in found if options), key=lambda one: one.rank)
    others = sorted((option for _, options in found for option in options[1:]), key=lambda one: one.rank)
    return tuple(Proposal(one.start, (one,)) for one in (firsts + others)[:n])
