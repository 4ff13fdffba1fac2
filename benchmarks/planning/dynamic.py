"""A day that fills while it runs: calls come in, and after each the planner (or something simpler) plans anew.

A stop is frozen once its worker has left for it; a worker leaves at once unless he would wait at the door, and stays
where he is while nothing is before him. Units: seconds, seconds since midnight.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from app.visits.planner.instance import FAR, NOT_POSSIBLE, Instance, neighbours
from app.visits.planner.search import Limits, routes
from app.visits.planner.team import search_together
from benchmarks.planning import simple
from benchmarks.planning.days import NEAR, PRIZE
from benchmarks.planning.files import Document
from benchmarks.planning.simple import Tour

Policy = Callable[[Document, list[Tour], list[int], int], None]
"""(day, tours, visits that nobody has, now): changes what the tours have before them."""


@dataclass(frozen=True)
class Prices:
    """What counts beside travel, in seconds of it.

    moving: a visit goes to another worker than he who has it. waiting: each second from the opening of a window to the
    visit. load: half of this for the square of the hours somebody is booked.
    """

    moving: float = 0.0
    waiting: float = 0.0
    load: float = 0.0


@dataclass
class _Line:
    """One worker's day: his tour from where he is, and the stops he has left for."""

    tour: Tour
    stops: list[Document] = field(default_factory=list)
    names: list[int] = field(default_factory=list)


def run(day: Document, in_the_morning: Policy, at_a_call: Policy) -> Document:
    """Drive the day; returns its log, as replay.py describes it."""
    lines = [_Line(tour) for tour in simple.tours(day)]
    waiting = [v for v, visit in enumerate(day["visits"]) if visit["called_at"] == 0]
    now = min(tour.free for tour in (line.tour for line in lines))
    plans = [_plan(day, lines, waiting, now, in_the_morning)]
    calls = sorted((visit["called_at"], v) for v, visit in enumerate(day["visits"]) if visit["called_at"] > 0)
    for now, v in calls:
        for line in lines:
            _go_on(day, line, plans[-1]["at"], now)
        waiting.append(v)
        plans.append(_plan(day, lines, waiting, now, at_a_call))
    for line in lines:
        _go_on(day, line, plans[-1]["at"], FAR)
    crew = day["workers"]
    return {
        "plans": plans,
        "routes": [{"worker": w["id"], "stops": line.stops} for w, line in zip(crew, lines, strict=True)],
    }


def _go_on(day: Document, line: _Line, since: int, until: int) -> None:
    """Everything that is left for by ``until`` under the plan that has held since ``since``."""
    tour, first = line.tour, len(day["workers"])
    while tour.visits:
        visit = day["visits"][tour.visits[0]]
        way = day["travel"][tour.at][first + tour.visits[0]]
        left = max(tour.free, since, visit["window"][0] - way)
        if left > until:
            return
        line.stops.append({"visit": visit["id"], "left": left, "start": left + way})
        line.names.append(visit["id"])
        tour.at, tour.free = first + tour.visits.pop(0), left + way + visit["duration"]


def _plan(day: Document, lines: list[_Line], waiting: list[int], now: int, policy: Policy) -> Document:
    crew = [line.tour for line in lines]
    for tour in crew:
        tour.free = max(tour.free, now)
        if not tour.visits and tour.free + day["travel"][tour.at][tour.home] > tour.ends:
            tour.at, tour.free = tour.home, max(tour.ends, now)  # he had to leave for home
    policy(day, crew, waiting, now)
    taken = {v for tour in crew for v in tour.visits}
    waiting[:] = [v for v in waiting if v not in taken and day["visits"][v]["window"][1] >= now]
    return {
        "at": now,
        "routes": [
            {"worker": worker["id"], "visits": line.names + [day["visits"][v]["id"] for v in line.tour.visits]}
            for worker, line in zip(day["workers"], lines, strict=True)
        ],
    }


def nearest(day: Document, crew: list[Tour], waiting: list[int], now: int) -> None:
    """The naive policy: whoever is nearest with the end of his day, nothing is ever moved."""
    for v in waiting:
        simple.append_nearest(day, crew, v)


def insertion(day: Document, crew: list[Tour], waiting: list[int], now: int) -> None:
    """The cheapest place for each, nothing is ever moved."""
    for v in waiting:
        simple.insert_cheapest(day, crew, v)


@dataclass
class Planning:
    """Plan anew by the planner. seconds: for one plan."""

    seconds: float
    prices: Prices = Prices()
    seed: int = 1
    cores: int = 1

    def __call__(self, day: Document, crew: list[Tour], waiting: list[int], now: int) -> None:
        """See Policy."""
        open_visits = [v for tour in crew for v in tour.visits] + waiting
        if not open_visits:
            return
        it = self._instance(day, crew, open_visits)
        task = {v: i for i, v in enumerate(open_visits)}
        given = [[task[v] for v in tour.visits] for tour in crew]
        found = search_together(it, self.seed, Limits(seconds=self.seconds), self.cores, given)
        for tour, route in zip(crew, routes(found.day, len(crew)), strict=True):
            tour.visits[:] = [open_visits[i] for i in route]

    def _instance(self, day: Document, crew: list[Tour], open_visits: list[int]) -> Instance:
        """What is still open, the workers from where they are."""
        travel, first = np.array(day["travel"], np.int32), len(day["workers"])
        rows = [
            [first + v, day["visits"][v]["duration"], day["visits"][v]["window"][0], FAR, day["visits"][v]["window"][1]]
            for v in open_visits
        ]
        nodes = np.zeros((len(rows) + 2 * len(crew), 8), np.int64)
        nodes[:, 5] = -1
        nodes[: len(rows), :5] = rows
        nodes[len(rows) :, 0] = [tour.at for tour in crew] + [tour.home for tour in crew]
        able = np.array([simple.able_for(day, v) for v in open_visits]).T
        held = np.full(len(rows), -1)
        held[: sum(len(tour.visits) for tour in crew)] = [w for w, tour in enumerate(crew) for _ in tour.visits]
        is_moved = (held >= 0) & (held != np.arange(len(crew))[:, None])
        return Instance(
            travel=travel[None],
            node=nodes,
            crew=np.array([[0, tour.free, tour.ends, max(tour.ends, tour.free), 0, 0] for tour in crew], np.int64),
            wish=np.where(able, self.prices.moving * is_moved, NOT_POSSIBLE),
            price=np.array([[0.0, PRIZE, self.prices.waiting]] * len(rows)),
            rates=np.array([0.0, self.prices.load, 0.0, NOT_POSSIBLE, 1.0]),
            near=neighbours(travel, nodes[: len(rows)], NEAR),
        )
