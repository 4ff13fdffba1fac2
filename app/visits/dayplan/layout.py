"""A problem as the arrays of the search: requests and settled stops become tasks, stretches of work become routes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from app.places.distance import Estimate, Place
from app.visits.dayplan.crews import Block, Crew, crews
from app.visits.matching import costs, hard_rules, schedule
from app.visits.matching.problem import Problem, Request
from app.visits.planner import instance as at
from app.visits.planner.day import FREE, START, Day
from app.visits.planner.instance import Instance, Ints
from app.visits.planner.timetable import timetable

KEPT = 1e9
"""The price of leaving undone what is promised and can be kept: it is not given up for anything else."""

NEAR = 15
"""Tasks that are looked at as neighbours."""


@dataclass(frozen=True)
class Layout:
    """The arrays, and what their numbers stand for: the first tasks are the requests, then come the settled blocks.

    given: the routes as things stand. begins[task]: when each task of ``given`` would start if all went on like this.
    """

    instance: Instance
    requests: Sequence[Request]
    crews: Sequence[Crew]
    given: list[list[int]]
    begins: dict[int, int]


def lay_out(problem: Problem) -> Layout | None:
    """The arrays of ``problem``; what stands can be kept, however late it has become. None without work or workers."""
    people = crews(problem)
    settled = [(w, block) for w, crew in enumerate(people) for block in crew.fixed]
    if not people or not problem.requests:
        return None
    it = _instance(problem, people, settled)
    given = _given(problem, people, settled, it)
    for w in range(len(people)):
        _forget_breaks_in_the_way(it, given, w)
    day = timetable(it, given)
    begins = {task: int(day.node[task, START]) for route in given for task in route}
    _make_possible(it, given, day)
    for v, request in enumerate(problem.requests):
        if v in begins and request.held and request.held.promised:
            it.price[v, at.PRIZE] = KEPT
    return Layout(it, problem.requests, people, given, begins)


def _instance(problem: Problem, people: Sequence[Crew], settled: Sequence[tuple[int, Block]]) -> Instance:
    modes = sorted({crew.candidate.mode for crew in people})
    spots = _Spots()
    tasks = len(problem.requests) + len(settled)
    node = np.zeros((tasks + 2 * len(people), 8), np.int64)
    node[:, at.MATE] = -1
    for v, request in enumerate(problem.requests):
        node[v, : at.MATE] = _request_row(problem.about(request), spots.number(request.place))
    for v, (_, block) in enumerate(settled, len(problem.requests)):
        spot = spots.number(block.first, block.last)
        node[v, : at.MATE] = spot, block.end - block.start, block.start, block.start, block.start
    for w, crew in enumerate(people):
        node[tasks + w, at.PLACE] = spots.number(crew.place)
        node[tasks + len(people) + w, at.PLACE] = -1
    _join_mates(problem.requests, node)
    travel = np.stack([spots.ways(problem.travel, mode) for mode in modes])
    return Instance(
        travel=travel,
        node=node,
        crew=_crew_rows(people, modes),
        wish=_wishes(problem, people, settled),
        price=_prices(problem, len(settled)),
        rates=_rates(problem),
        near=at.neighbours(travel[0], node[:tasks], NEAR),
    )


class _Spots:
    """Numbers for places, each once; a block is entered at one and left at another."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Place, Place], int] = {}

    def number(self, first: Place, last: Place | None = None) -> int:
        return self._numbers.setdefault((first, last or first), len(self._numbers))

    def ways(self, travel: Estimate, mode: str) -> NDArray[np.int32]:
        """Seconds from each number (row) to each."""
        places = {place: number for number, place in enumerate(dict.fromkeys(chain(*self._numbers)))}
        table = travel.table(list(places), mode)
        return table[np.ix_([places[last] for _, last in self._numbers], [places[first] for first, _ in self._numbers])]


def _request_row(problem: Problem, spot: int) -> tuple[int, int, int, int, int]:
    """PLACE, SECONDS, OPENS, DUE, CLOSES. What was promised is not moved forward: he may not be at home before."""
    request = problem.request
    latest = request.window.end + schedule.late_limit(problem)
    if request.fixed_start is not None:
        return spot, request.seconds, request.fixed_start, request.fixed_start, request.fixed_start
    opens = max(request.window.start, problem.now + schedule.notice(problem), request.promised_start or 0)
    return spot, request.seconds, opens, max(request.window.end, opens), max(latest, opens)


def _join_mates(requests: Sequence[Request], node: Ints) -> None:
    numbers = {request.visit_id: v for v, request in enumerate(requests)}
    for v, request in enumerate(requests):
        if request.mate is not None:
            node[v, at.MATE] = numbers[request.mate]


def _crew_rows(people: Sequence[Crew], modes: Sequence[str]) -> Ints:
    most = max((len(crew.breaks) for crew in people), default=0)
    rows = np.zeros((len(people), at.BREAKS + 3 * most), np.int64)
    for w, crew in enumerate(people):
        rows[w, at.MODE] = modes.index(crew.candidate.mode)
        rows[w, at.BEGINS], rows[w, at.ENDS], rows[w, at.MUST_END] = crew.begins, crew.span.end, crew.must_end
        rows[w, at.HAD], rows[w, at.RESTS] = crew.had, len(crew.breaks)
        for number, rest in enumerate(crew.breaks):
            k = at.BREAKS + 3 * number
            rows[w, k : k + 3] = rest.start, rest.start, rest.end - rest.start
    return rows


def _wishes(problem: Problem, people: Sequence[Crew], settled: Sequence[tuple[int, Block]]) -> at.Floats:
    """What each task costs with each crew, whatever the time; NOT_POSSIBLE where a hard rule is against it."""
    wish = np.full((len(people), len(problem.requests) + len(settled)), at.NOT_POSSIBLE)
    for v, request in enumerate(problem.requests):
        price = partial(_wish, problem.about(request))
        for w, crew in enumerate(people):
            wish[w, v] = price(crew)
    for v, (w, _) in enumerate(settled, len(problem.requests)):
        wish[w, v] = 0
    return wish


def _wish(problem: Problem, crew: Crew) -> float:
    if hard_rules.first_failed(problem, crew.candidate):
        return at.NOT_POSSIBLE
    return sum(costs.whatever_the_time(problem, crew.candidate).values())


def _prices(problem: Problem, settled: int) -> at.Floats:
    rows = [_price(problem.about(request)) for request in problem.requests]
    return np.array([*rows, *[(0.0, KEPT, 0.0)] * settled], np.float64).reshape(-1, 3)


def _price(problem: Problem) -> tuple[float, float, float]:
    """LATE, PRIZE, WAIT. Two people who come together have the prize of one visit between them."""
    request, weights = problem.request, problem.weights
    prize = float(costs.unserved(request, weights))
    waiting = costs.waiting_rate(problem)
    if request.promised_start is not None:
        waiting += costs.promise_rate(problem)
    return weights.lateness, prize / 2 if request.mate is not None else prize, waiting


def _rates(problem: Problem) -> at.Floats:
    rates = np.zeros(5)
    rates[at.OVERTIME_RATE], rates[at.LOAD_RATE] = problem.weights.overtime, problem.weights.load
    rates[at.BREACH_RATE], rates[at.GRAIN] = at.NOT_POSSIBLE, problem.limits.grain
    return rates


def _given(
    problem: Problem, people: Sequence[Crew], settled: Sequence[tuple[int, Block]], it: Instance
) -> list[list[int]]:
    """The routes as things stand; what its holder can't do any more is left out."""
    routes: list[list[tuple[int, int]]] = [[] for _ in people]
    for v, (w, block) in enumerate(settled, len(problem.requests)):
        routes[w].append((block.start, v))
    holders = {v: _holder(people, request, it, v) for v, request in enumerate(problem.requests)}
    for v, request in enumerate(problem.requests):
        has, mate = holders[v], int(it.node[v, at.MATE])
        if has is not None and request.held is not None and (mate < 0 or holders[mate] is not None):
            routes[has].append((request.held.start, v))
    return [[v for _, v in sorted(route)] for route in routes]


def _holder(people: Sequence[Crew], request: Request, it: Instance, v: int) -> int | None:
    """The stretch of work in which the request is held, if that is still allowed."""
    held = request.held
    for w, crew in enumerate(people):
        if held is None or crew.candidate.worker_id != held.worker_id or it.wish[w, v] >= at.NOT_POSSIBLE:
            continue
        if crew.span.overlaps(held.start, held.start + 1):
            return w
    return None


def _forget_breaks_in_the_way(it: Instance, given: list[list[int]], w: int) -> None:
    """Somebody who is so late that he missed his break has it another time."""
    alone = [route if number == w else [] for number, route in enumerate(given)]
    try:
        timetable(it, alone)
    except ValueError:
        it.crew[w, at.RESTS] = 0


def _make_possible(it: Instance, given: list[list[int]], day: Day) -> None:
    """Whatever stands may stay, even if it has become too late."""
    tasks = len(it.price)
    for w, route in enumerate(given):
        for v in route:
            it.node[v, at.CLOSES] = max(it.node[v, at.CLOSES], day.node[v, START])
        last = tasks + len(given) + w
        it.crew[w, at.MUST_END] = max(it.crew[w, at.MUST_END], day.node[last, FREE])
