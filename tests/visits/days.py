"""Small days for the tests of the plan: requests with somebody who has them, and what a plan does with them."""

from dataclasses import replace

from app.visits.dayplan.changes import Plan
from app.visits.dayplan.plan import plan
from app.visits.matching.problem import Held, Problem, Request, Stop
from app.visits.matching.schedule import joined
from app.visits.planner.search import Limits
from tests.visits.problems import at, place, request

QUICK = Limits(laps=[1] * 100)


def wanted(visit_id: int, start: str = "09:00", end: str = "12:00", **facts) -> Request:
    """A visit that nobody has."""
    return request(start, end, visit_id=visit_id, **facts)


def promised(visit_id: int, worker_id: int, start: str, window=("09:00", "17:00"), **facts) -> Request:
    """A visit that ``worker_id`` has said yes to, and the resident was told."""
    held = Held(worker_id, at(start), True)
    said = {"held": held, "promised_worker": worker_id, "promised_start": at(start)}
    return request(*window, visit_id=visit_id, **(said | facts))


def unsaid(visit_id: int, worker_id: int, start: str, window=("09:00", "17:00"), **facts) -> Request:
    """A visit that is to be offered in the morning."""
    return request(*window, visit_id=visit_id, held=Held(worker_id, at(start)), **facts)


def day(requests, *people, now: str = "07:00", **facts) -> Problem:
    return Problem(at(now), tuple(requests), people, **facts)


def planned(problem: Problem, seed: int = 1, limits: Limits = QUICK):
    return plan(problem, seed, limits)


def standing(found: Plan) -> dict[int | None, tuple[int, int]]:
    """visit -> (worker, start) of everything that is placed or settled in a plan's problem."""
    settled = {
        stop.visit_id: (one.worker_id, stop.start) for one in found.problem.candidates for stop in one.stops
    }  # fmt: skip
    return settled | found.placed


def changes(problem: Problem, **how):
    """visit -> (worker, start, why)."""
    return {one.visit_id: (one.worker_id, one.start, one.why) for one in planned(problem, **how).changes}


def around(problem: Problem, placed: dict[int, tuple[int, int]], of: Request) -> Problem:
    """One request of a plan, with all the others as stops: what the judge of single proposals understands."""
    people = []
    for person in problem.candidates:
        mine = [
            Stop(placed[one.visit_id][1], placed[one.visit_id][1] + one.seconds, one.place, one.visit_id)
            for one in problem.requests
            if one.visit_id in placed and one.visit_id != of.visit_id and placed[one.visit_id][0] == person.worker_id
        ]
        people.append(replace(joined(person), stops=tuple(sorted((*person.stops, *mine), key=lambda stop: stop.start))))
    return replace(problem.about(of), candidates=tuple(people))


def spot(number: int) -> tuple[float, float]:
    """Doors along a street, 700 m from one to the next."""
    return place(number * 700, 0)
