"""What an insertion costs, part by part, in seconds; the same parts explain the choice afterwards."""

from app.visits.matching.problem import Candidate, Problem, Request, Weights
from app.visits.matching.schedule import Fit
from app.visits.rules import COST_PARTS

HOUR = 3600


def parts(problem: Problem, candidate: Candidate, found: Fit) -> dict[str, int]:
    """The price of ``found`` by part; parts that cost nothing are left out."""
    every = (
        {"travel": found.detour, "load": _load(problem, candidate, found)}
        | _time_parts(problem, found)
        | whatever_the_time(problem, candidate)
    )
    return {name: every[name] for name in COST_PARTS if every[name] or name == "travel"}


def whatever_the_time(problem: Problem, candidate: Candidate) -> dict[str, int]:
    """The parts that depend on who comes only, not on when or from where."""
    request, weights = problem.request, problem.weights
    return {
        "continuity": weights.continuity if request.usual_worker not in (None, candidate.worker_id) else 0,
        "language": weights.language if _speechless(request, candidate) else 0,
        "dialect": weights.dialect if request.dialect and request.dialect not in candidate.speaks else 0,
        "gender": weights.gender if request.gender and request.gender != candidate.gender else 0,
        "promised_worker": weights.promised_worker if request.promised_worker not in (None, candidate.worker_id) else 0,
        "asking": _asking(problem, candidate),
    }


def waiting_rate(problem: Problem) -> float:
    """What a second of the resident's waiting costs."""
    return problem.weights.waiting_urgent if problem.request.urgent else problem.weights.waiting


def promise_rate(problem: Problem) -> float:
    """What a second away from the promised start costs: more, once he was told who comes."""
    held = problem.request.held
    return problem.weights.announced_time if held and held.promised else problem.weights.promised_time


def unserved(request: Request, weights: Weights) -> int:
    """What it costs that nobody comes; a broken promise counts at least as much as never having had one."""
    nobody = weights.unserved_urgent if request.urgent else weights.unserved
    is_promised = request.held is not None and request.held.promised
    return max(nobody, weights.unserved_promised) if is_promised else nobody


def load(weights: Weights, booked: int, more: int) -> float:
    """What it costs that somebody with ``booked`` seconds of visits in his shift gets ``more``."""
    before, after = booked / HOUR, (booked + more) / HOUR
    return weights.load * (after * after - before * before) / 2


def _time_parts(problem: Problem, found: Fit) -> dict[str, int]:
    request, weights = problem.request, problem.weights
    end = found.start + request.seconds
    moved = abs(found.start - request.promised_start) if request.promised_start is not None else 0
    return {
        "lateness": round(weights.lateness * max(0, found.start - request.window.end)),
        "overtime": round(weights.overtime * max(0, end - found.gap.shift_end)),
        "priority": round(waiting_rate(problem) * max(0, found.start - max(request.window.start, problem.now))),
        "promised_time": round(promise_rate(problem) * moved),
    }


def _load(problem: Problem, candidate: Candidate, found: Fit) -> int:
    span = next(span for span in candidate.work if span.start <= found.gap.shift_end <= span.end)
    booked = sum(stop.end - stop.start for stop in candidate.stops if span.overlaps(stop.start, stop.end))
    return round(load(problem.weights, booked, problem.request.seconds))


def _speechless(request: Request, candidate: Candidate) -> bool:
    understood = {request.language, request.dialect} - {None}
    return bool(request.language) and not understood & set(candidate.speaks)


def _asking(problem: Problem, candidate: Candidate) -> int:
    """How long until he may be asked at all: nobody is disturbed on his way or with somebody, unless it is urgent."""
    held = problem.request.held
    if problem.request.urgent or candidate.asked_from is None or (held and held.worker_id == candidate.worker_id):
        return 0
    return round(problem.weights.asking * max(0, candidate.asked_from - problem.now))
