"""The planner's rules once more, in plain Python and from nothing: slow, short, and written from their description."""

from dataclasses import dataclass
from itertools import pairwise, permutations, product
from math import ceil

import numpy as np

from app.visits.planner.day import FREE, HOUR, PRED, START, Day
from app.visits.planner.instance import (
    BEGINS,
    BREACH_RATE,
    BREAKS,
    CLOSES,
    DUE,
    ENDS,
    FAR,
    GRAIN,
    HAD,
    LATE,
    LEAST,
    LOAD_RATE,
    MATE,
    MUST_END,
    NOT_POSSIBLE,
    OPENS,
    OVERTIME_RATE,
    PLACE,
    PRIZE,
    RESTS,
    SECONDS,
    WAIT,
    WORST_RATE,
    Instance,
    neighbours,
)

Routes = list[list[int]]


@dataclass(frozen=True)
class Outcome:
    """starts: of all tasks that somebody does. cost: the whole price. breach: time after what must be kept."""

    starts: dict[int, int]
    homes: list[int]
    cost: float
    breach: int


def made_up(
    seed: int,
    tasks: int = 8,
    workers: int = 3,
    pairs: int = 2,
    rests: bool = False,
    is_soft: bool = False,
    grain: int = 1,
) -> Instance:
    """A small instance. Some windows and shifts are tight; the first ``2 * pairs`` tasks are visits of two.

    With a grain the last task has to start at one moment, whatever the grain.
    """
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 60, (tasks + workers, 2))
    travel = np.rint(np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))).astype(np.int32)
    node = np.zeros((tasks + 2 * workers, 8), np.int64)
    node[:, PLACE] = [*range(workers, workers + tasks), *range(workers), *range(workers)]
    node[:, MATE] = -1
    node[:tasks, SECONDS] = rng.integers(5, 30, tasks)
    node[:tasks, OPENS] = rng.integers(0, 200, tasks)
    node[:tasks, DUE] = node[:tasks, OPENS] + rng.integers(0, 120, tasks)
    node[:tasks, CLOSES] = np.where(rng.random(tasks) < 0.5, FAR, node[:tasks, DUE] + rng.integers(0, 90, tasks))
    for v in range(0, 2 * pairs, 2):
        least, most = (0, 0) if rng.random() < 0.5 else sorted(int(x) for x in rng.integers(0, 60, 2))
        node[v, [MATE, LEAST, 7]] = v + 1, least, most
        node[v + 1, [MATE, LEAST, 7]] = v, -most, -least
    crew = np.zeros((workers, BREAKS + 3 * rests), np.int64)
    crew[:, ENDS], crew[:, MUST_END] = 250, np.where(rng.random(workers) < 0.5, FAR, 420)
    crew[:, BEGINS] = rng.integers(0, 40, workers)
    if rests:
        crew[:, RESTS] = 1
        crew[:, BREAKS] = rng.integers(60, 120, workers)
        crew[:, BREAKS + 1] = crew[:, BREAKS] + rng.integers(20, 90, workers)
        crew[:, BREAKS + 2] = 30
    wish = np.where(rng.random((workers, tasks)) < 0.2, NOT_POSSIBLE, rng.integers(0, 20, (workers, tasks)))
    rates = np.array([0.5, 40000.0, 2.0, 3.0 if is_soft else NOT_POSSIBLE, float(grain)])
    price = np.column_stack([rng.integers(0, 3, tasks), np.full(tasks, 5000.0), rng.integers(0, 2, tasks)])
    crew[:, HAD] = rng.integers(0, 200, workers)
    if grain > 1:
        node[tasks - 1, CLOSES] = node[tasks - 1, OPENS]
    near = neighbours(travel, node[:tasks], 5)
    return Instance(travel[None], node, crew, wish.astype(float), price.astype(float), rates, near)


def outcome(it: Instance, routes: Routes) -> Outcome | None:
    """What comes of these routes; None if they are not possible."""
    bounds = {v: int(it.node[v, OPENS]) for route in routes for v in route}
    for _ in range(4 * len(bounds) + 8):
        walked = [_walk(it, w, route, bounds) for w, route in enumerate(routes)]
        if any(walk is None for walk in walked):
            return None
        starts = {v: at for walk in walked if walk for v, at in walk[0].items()}
        wanted = {v: max(at, _mate_wants(it, v, starts)) for v, at in starts.items()}
        if wanted == starts:
            return _priced(it, routes, starts, [walk[1] for walk in walked if walk])
        bounds = wanted
    return None


def _mate_wants(it: Instance, v: int, starts: dict[int, int]) -> int:
    """No start before the mate's plus what must lie between: mate's LEAST is minus one's own MOST."""
    m = int(it.node[v, MATE])
    return starts[m] + int(it.node[m, LEAST]) if m in starts else 0


def _walk(it: Instance, w: int, route: list[int], bounds: dict[int, int]) -> tuple[dict[int, int], int] | None:
    """Starts along one route, none before its bound, and when he is home."""
    tasks, crew = len(it.price), it.crew[w]
    at, free, starts = tasks + w, int(crew[BEGINS]), {}
    breaks = [tuple(int(x) for x in crew[k : k + 3]) for k in range(BREAKS, BREAKS + 3 * int(crew[RESTS]), 3)]
    for v in route:
        way = _way(it, at, v)
        placed = _with_breaks(it, v, free, way, bounds[v], breaks)
        if placed is None:
            return None
        starts[v], breaks = placed
        at, free = v, starts[v] + int(it.node[v, SECONDS])
    home = free + _way(it, at, tasks + len(it.crew) + w)
    for _, latest, length in breaks:
        if not free <= latest < home:
            break
        home += length
    return starts, home


def on_grain(it: Instance, v: int, at: int) -> int:
    """The next whole multiple of the grain; but not beyond the last moment of what is not late yet."""
    grain, closes = int(it.rates[GRAIN]), int(it.node[v, CLOSES])
    up = ceil(at / grain) * grain
    return closes if at <= closes < up else up


def _with_breaks(
    it: Instance, v: int, free: int, way: int, opens: int, breaks: list[tuple[int, ...]]
) -> tuple[int, list[tuple[int, ...]]] | None:
    """(start, breaks still to come): at the door while he waits or when it can't wait, else before or on the way."""
    left, arrives, duration = list(breaks), free + way, int(it.node[v, SECONDS])
    start = on_grain(it, v, max(arrives, opens))
    while left:
        earliest, latest, length = left[0]
        ends = max(arrives, earliest) + length
        if ends > start and start + duration <= latest:
            break
        if max(arrives, earliest) > latest:
            earlier = max(free, breaks[0][0])
            if earlier > breaks[0][1]:
                return None
            still = max(0, way - (earlier - free))
            return _with_breaks(it, v, earlier + breaks[0][2], still, opens, breaks[1:])
        arrives, left = ends, left[1:]
        start = on_grain(it, v, max(start, arrives))
    return start, left


def rests_before(it: Instance, w: int, day: Day, v: int) -> bool:
    """Whether the one break of ``w`` has room before ``v``: where he was, on the way or at the door."""
    u = int(day.node[v, PRED])
    earliest, latest, length = (int(x) for x in it.crew[w, BREAKS : BREAKS + 3])
    free, way, start = int(day.node[u, FREE]), _way(it, u, v), int(day.node[v, START])
    there, at_the_door = max(free, earliest), max(free + way, earliest)
    if v >= len(it.price):
        return there <= latest
    return (there <= latest and there + length + max(0, way - (there - free)) <= start) or (
        at_the_door <= latest and at_the_door + length <= start
    )


def _way(it: Instance, u: int, v: int) -> int:
    return int(it.travel[0, it.node[u, PLACE], it.node[v, PLACE]])


def _priced(it: Instance, routes: Routes, starts: dict[int, int], homes: list[int]) -> Outcome | None:
    tasks, workers = len(it.price), len(it.crew)
    late = {v: max(0, at - int(it.node[v, DUE])) for v, at in starts.items()}
    breach = sum(max(0, at - int(it.node[v, CLOSES])) for v, at in starts.items())
    breach += sum(max(0, home - int(it.crew[w, MUST_END])) for w, home in enumerate(homes))
    if breach and it.rates[BREACH_RATE] >= NOT_POSSIBLE:
        return None
    cost = sum(it.price[v, PRIZE] for v in range(tasks) if v not in starts)
    cost += sum(it.price[v, LATE] * seconds for v, seconds in late.items())
    cost += sum(it.price[v, WAIT] * (at - int(it.node[v, OPENS])) for v, at in starts.items())
    cost += it.rates[WORST_RATE] * max(late.values(), default=0)
    cost += it.rates[BREACH_RATE] * breach if breach else 0.0
    for w, route in enumerate(routes):
        nodes = [tasks + w, *route, tasks + workers + w]
        cost += sum(_way(it, u, v) for u, v in pairwise(nodes))
        cost += sum(it.wish[w, v] for v in route)
        cost += it.rates[OVERTIME_RATE] * max(0, homes[w] - int(it.crew[w, ENDS]))
        had, booked = int(it.crew[w, HAD]) / HOUR, sum(int(it.node[v, SECONDS]) for v in route) / HOUR
        cost += 0.5 * it.rates[LOAD_RATE] * ((had + booked) ** 2 - had**2)
    return Outcome(starts, homes, float(cost), breach)


def best(it: Instance) -> float:
    """The least cost there is, by trying everything: visits of two whole or not at all, everyone able."""
    tasks, workers = len(it.price), len(it.crew)
    least = np.inf
    for who in product(range(-1, workers), repeat=tasks):
        if all(_may(it, who, v) for v in range(tasks)):
            hands = [[v for v in range(tasks) if who[v] == w] for w in range(workers)]
            for routes in product(*(permutations(hand) for hand in hands)):
                found = outcome(it, [list(route) for route in routes])
                least = min(least, found.cost) if found else least
    return float(least)


def _may(it: Instance, who: tuple[int, ...], v: int) -> bool:
    m = int(it.node[v, MATE])
    if m >= 0 and ((who[m] < 0) != (who[v] < 0) or (who[v] >= 0 and who[v] == who[m])):
        return False
    return who[v] < 0 or it.wish[who[v], v] < NOT_POSSIBLE
