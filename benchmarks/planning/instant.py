"""How long three proposals take while the caller waits, beside the least that any exact insertion has to do.

The least: the way to the new door and on from it, for every gap of everybody. Times are the processor's.
"""

import gc
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median

from app.places.distance import Place
from app.visits.matching.insertion import CheapestInsertion
from app.visits.matching.problem import Candidate, Problem, Request, Span, Stop

HOUR, MINUTE = 3600, 60
MIDNIGHT = 1_795_449_600
"""Tuesday 24 November 2026 in Shanghai, seconds since the epoch."""

SOUTH_WEST, SIDE = (30.58, 103.98), 0.15
"""A square of some 16 kilometres, in degrees."""

SKILLS = ("care", "haircut", "tap")
TIMES = 15
"""Requests that are measured, each once; the first is asked twice, and its first time not counted."""


@dataclass(frozen=True)
class Instant:
    """Milliseconds: the middle and the longest of all requests; bare: the middle of the least."""

    workers: int
    visits: int
    middle: float
    longest: float
    bare: float


def measure(workers: int, visits: int, seed: int) -> Instant:
    """``visits`` spread evenly over ``workers``, who can do about half of what is asked for."""
    rng = random.Random(seed)
    people = tuple(_worker(rng, number, visits // workers + (number < visits % workers)) for number in range(workers))
    asked = [_problem(rng, people) for _ in range(TIMES)]
    planner = CheapestInsertion()
    planner.propose(asked[0])
    gc.freeze()  # as the web process does
    ours = [_timed(partial(planner.propose, one)) for one in asked]
    bare = [_timed(partial(ways, one)) for one in asked]
    gc.unfreeze()
    return Instant(workers, visits, median(ours), max(ours), median(bare))


def ways(problem: Problem) -> int:
    """Seconds of the shortest detour, whatever the rules and the time: the bare minimum."""
    leg, door = problem.travel.leg, problem.request.place
    least = 10**9
    for one in problem.candidates:
        at = one.home
        for stop in one.stops:
            there, on = leg(at, door, one.mode), leg(door, stop.place, one.mode)
            least, at = min(least, there.seconds + on.seconds), stop.place
        least = min(least, leg(at, door, one.mode).seconds)
    return least


def report(measured: Iterator[Instant]) -> Iterator[str]:
    """A line for each size."""
    yield f"{'workers':>8}{'visits':>8}{'three proposals, ms':>21}{'longest':>9}{'the ways alone, ms':>20}{'ratio':>7}"
    for one in measured:
        times = f"{one.middle:>21.1f}{one.longest:>9.1f}{one.bare:>20.1f}{one.middle / one.bare:>7.1f}"
        yield f"{one.workers:>8}{one.visits:>8}{times}"


def _timed(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return 1000 * (time.process_time() - began)


def _place(rng: random.Random) -> Place:
    return SOUTH_WEST[0] + rng.random() * SIDE, SOUTH_WEST[1] + rng.random() * SIDE


def _worker(rng: random.Random, number: int, stops: int) -> Candidate:
    """At work from 8:30 to 17:30; a visit of half an hour every so often."""
    begins = MIDNIGHT + 8 * HOUR + 30 * MINUTE
    every = 9 * HOUR // max(stops, 1)
    starts = [begins + k * every for k in range(stops)]
    return Candidate(
        worker_id=number + 1,
        home=_place(rng),
        skills=tuple(skill for skill in SKILLS if rng.random() < 0.5),
        speaks=("zh-CN",),
        work=(Span(begins, begins + 9 * HOUR),),
        breaks=(Span(MIDNIGHT + 12 * HOUR, MIDNIGHT + 12 * HOUR + 30 * MINUTE),),
        stops=tuple(Stop(start, start + 30 * MINUTE, _place(rng), 100 * number + k) for k, start in enumerate(starts)),
    )


def _problem(rng: random.Random, people: tuple[Candidate, ...]) -> Problem:
    window = Span(MIDNIGHT + 8 * HOUR + 30 * MINUTE, MIDNIGHT + 17 * HOUR)
    request = Request(_place(rng), rng.choice((20, 30, 45)) * MINUTE, window, skill=rng.choice(SKILLS))
    return Problem(MIDNIGHT + 8 * HOUR, (request,), people)
