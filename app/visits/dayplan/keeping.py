"""What was promised stays: the same problem with every promise that can be kept as something settled."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from app.visits.dayplan.layout import Layout
from app.visits.matching import costs
from app.visits.matching.problem import Problem, Request, Stop

TOLERATED = 900
"""Seconds: who will be late by less, whatever is done, is not told another time."""


def with_promises_kept(problem: Problem, layout: Layout) -> Problem:
    """``problem`` without the requests that were promised and go well as things stand; they are their workers' stops.

    What nobody holds, what its holder can't do any more and what he comes too late to is left to be decided.
    """
    kept = {v for v in layout.begins if v < len(problem.requests) and _goes_well(problem.requests[v], layout.begins[v])}
    stops: Mapping[int, list[Stop]] = defaultdict(list)
    for v in kept:
        request = problem.requests[v]
        assert request.held is not None
        start = request.held.start
        stops[request.held.worker_id].append(Stop(start, start + request.seconds, request.place, request.visit_id))
    people = tuple(
        replace(one, stops=tuple(sorted((*one.stops, *stops[one.worker_id]), key=lambda stop: stop.start)))
        if one.worker_id in stops else one
        for one in problem.candidates
    )  # fmt: skip
    settled = {problem.requests[v].visit_id: problem.requests[v] for v in kept}
    left = tuple(_beside(request, settled) for v, request in enumerate(problem.requests) if v not in kept)
    return replace(problem, requests=left, candidates=people)


def _beside(request: Request, settled: Mapping[int | None, Request]) -> Request:
    """Of a visit of two whose other half stays: somebody for just that time."""
    mate = settled.get(request.mate) if request.mate is not None else None
    if mate is None or mate.held is None:
        return request
    return replace(
        request, mate=None, fixed_start=mate.held.start, partners=(*request.partners, mate.held.worker_id)
    )  # fmt: skip


def _goes_well(request: Request, begins: int) -> bool:
    return request.held is not None and request.held.promised and begins - request.held.start < TOLERATED


def unserved(problem: Problem, placed: Mapping[int, tuple[int, int]]) -> int:
    """What those cost to whom nobody comes, by the weights: seconds."""
    left_out = (request for request in problem.requests if request.visit_id not in placed)
    return sum(costs.unserved(request, problem.weights) for request in left_out)
