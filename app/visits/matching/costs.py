"""What an insertion costs, part by part, in seconds; the same parts explain the choice afterwards."""

from app.visits.matching.problem import Candidate, Problem, Request
from app.visits.matching.schedule import Fit
from app.visits.rules import COST_PARTS

HOUR = 3600


def parts(problem: Problem, candidate: Candidate, found: Fit) -> dict[str, int]:
    """The price of ``found`` by part; parts that cost nothing are left out."""
    every = (
        {"travel": found.detour}
        | _time_parts(problem, found)
        | {"load": _load(problem, candidate, found)}
        | _wish_parts(problem, candidate)
        | _promise_parts(problem, candidate, found)
        | {"asking": _asking(problem, candidate)}
    )
    return {name: every[name] for name in COST_PARTS if every[name] or name == "travel"}


def _time_parts(problem: Problem, found: Fit) -> dict[str, int]:
    request, weights = problem.request, problem.weights
    end = found.start + request.seconds
    waiting = weights.waiting_urgent if request.urgent else weights.waiting
    return {
        "lateness": round(weights.lateness * max(0, found.start - request.window.end)),
        "overtime": round(weights.overtime * max(0, end - found.gap.shift_end)),
        "priority": round(waiting * max(0, found.start - max(request.window.start, problem.now))),
    }


def _load(problem: Problem, candidate: Candidate, found: Fit) -> int:
    """How full his work span is already."""
    span = next(span for span in candidate.work if span.start <= found.gap.shift_end <= span.end)
    booked = sum(stop.end - stop.start for stop in candidate.stops if span.overlaps(stop.start, stop.end))
    return booked * problem.weights.load // HOUR


def _wish_parts(problem: Problem, candidate: Candidate) -> dict[str, int]:
    request, weights = problem.request, problem.weights
    return {
        "continuity": weights.continuity if request.usual_worker not in (None, candidate.worker_id) else 0,
        "language": weights.language if _speechless(request, candidate) else 0,
        "dialect": weights.dialect if request.dialect and request.dialect not in candidate.speaks else 0,
        "gender": weights.gender if request.gender and request.gender != candidate.gender else 0,
    }


def _speechless(request: Request, candidate: Candidate) -> bool:
    understood = {request.language, request.dialect} - {None}
    return bool(request.language) and not understood & set(candidate.speaks)


def _asking(problem: Problem, candidate: Candidate) -> int:
    """How long until he may be asked at all: nobody is disturbed on his way or with somebody, unless it is urgent."""
    if problem.request.urgent or candidate.asked_from is None:
        return 0
    return round(problem.weights.asking * max(0, candidate.asked_from - problem.now))


def _promise_parts(problem: Problem, candidate: Candidate, found: Fit) -> dict[str, int]:
    request, weights = problem.request, problem.weights
    moved = abs(found.start - request.promised_start) if request.promised_start is not None else 0
    other = request.promised_worker not in (None, candidate.worker_id)
    return {
        "promised_worker": weights.promised_worker if other else 0,
        "promised_time": round(weights.promised_time * moved),
    }
