"""The state of a search: who goes where after what, and when; and the two operations on it, link and unlink."""

from typing import NamedTuple

import numpy as np

from app.visits.planner.compiled import compiled, inlined
from app.visits.planner.instance import (
    BEGINS,
    CLOSES,
    HAD,
    LOAD_RATE,
    MODE,
    MUST_END,
    NOT_POSSIBLE,
    PLACE,
    PRIZE,
    SECONDS,
    Floats,
    Instance,
    Ints,
)

HOUR = 3600.0

SUCC, PRED, WORKER, START, FREE, RESTED, UNDONE_AT, LAST = range(8)
"""Columns of Day.node: the next and the former node of the route; whose it is, -1 for a task that nobody does; when the
task starts; when its worker leaves; how many breaks he has had by then; where in Day.undone it is, -1 for nowhere; when
it may start at the latest for all that comes after to be in time (breaks and second persons left out of account)."""

STALE = -1
"""LAST of the node where a worker sets out, when that column is not reckoned for his route as it is."""

STATIC, LATENESS, OVERTIME, BREACH, BOOKED = range(5)
"""Places in Day.sums: the cost of travel, wishes, load beyond HAD and undone tasks; of lateness and waiting; of
overtime; time beyond what is allowed (not yet priced); from BOOKED on each worker's time with people."""


class Day(NamedTuple):
    """node, sums: see their columns. undone: tasks that nobody does; its last element says how many."""

    node: Ints
    sums: Floats
    undone: Ints


def empty(it: Instance) -> Day:
    """A day on which nobody does anything yet; times are not reckoned."""
    workers, tasks = len(it.crew), len(it.price)
    day = Day(
        node=np.zeros((tasks + 2 * workers, 8), np.int64),
        sums=np.zeros(BOOKED + workers),
        undone=np.arange(tasks + 1, dtype=np.int64),
    )
    day.node[:, [SUCC, PRED, WORKER]] = -1
    day.node[:tasks, UNDONE_AT] = np.arange(tasks)
    for w in range(workers):
        first, last = tasks + w, tasks + workers + w
        day.node[first, SUCC], day.node[last, PRED] = last, first
        day.node[[first, last], WORKER] = w
        day.node[[first, last], FREE] = it.crew[w, BEGINS]
        day.node[first, LAST] = STALE
        day.sums[STATIC] += way(it, w, first, last)
        day.sums[BOOKED + w] = it.crew[w, HAD]
    day.sums[STATIC] += it.price[:, PRIZE].sum()
    return day


@compiled
def copy_into(source: Day, target: Day) -> None:
    """Make ``target`` equal to ``source``."""
    for i in range(source.node.shape[0]):
        for column in range(source.node.shape[1]):
            target.node[i, column] = source.node[i, column]
    for i in range(len(source.sums)):
        target.sums[i] = source.sums[i]
    for i in range(len(source.undone)):
        target.undone[i] = source.undone[i]


@inlined
def undone_count(day: Day) -> int:
    """How many tasks nobody does."""
    return day.undone[len(day.undone) - 1]


@inlined
def way(it: Instance, w: int, u: int, v: int) -> int:
    """Travel of worker ``w`` from node ``u`` to node ``v``."""
    a, b = it.node[u, PLACE], it.node[v, PLACE]
    if a < 0 or b < 0:
        return 0
    return it.travel[it.crew[w, MODE], a, b]


@inlined
def load_change(it: Instance, day: Day, w: int, seconds: int) -> float:
    """What booking ``w`` for ``seconds`` more (or fewer) costs: half the square of hours, so that fairness pays."""
    before = day.sums[BOOKED + w] / HOUR
    after = before + seconds / HOUR
    return 0.5 * it.rates[LOAD_RATE] * (after * after - before * before)


@inlined
def is_able(it: Instance, w: int, v: int) -> bool:
    """Whether no hard rule stands against ``w`` doing ``v``."""
    return it.wish[w, v] < NOT_POSSIBLE


@inlined
def link(it: Instance, day: Day, v: int, u: int) -> None:
    """Put the undone task ``v`` right after node ``u``; the sums follow, the times do not."""
    node = day.node
    w, x = node[u, WORKER], node[u, SUCC]
    seconds = it.node[v, SECONDS]
    price = way(it, w, u, v) + way(it, w, v, x) - way(it, w, u, x) + it.wish[w, v] - it.price[v, PRIZE]
    day.sums[STATIC] += price + load_change(it, day, w, seconds)
    day.sums[BOOKED + w] += seconds
    node[u, SUCC] = node[x, PRED] = v
    node[v, PRED], node[v, SUCC], node[v, WORKER] = u, x, w
    node[len(it.price) + w, LAST] = STALE
    last = len(day.undone) - 1
    count = day.undone[last] - 1
    moved, hole = day.undone[count], node[v, UNDONE_AT]
    day.undone[hole] = moved
    node[moved, UNDONE_AT] = hole
    node[v, UNDONE_AT] = -1
    day.undone[last] = count


@inlined
def unlink(it: Instance, day: Day, v: int) -> None:
    """Take the task ``v`` out of its route; the sums follow, the times do not."""
    node = day.node
    w, u, x = node[v, WORKER], node[v, PRED], node[v, SUCC]
    seconds = it.node[v, SECONDS]
    price = way(it, w, u, x) - way(it, w, u, v) - way(it, w, v, x) - it.wish[w, v] + it.price[v, PRIZE]
    day.sums[STATIC] += price + load_change(it, day, w, -seconds)
    day.sums[BOOKED + w] -= seconds
    node[u, SUCC], node[x, PRED] = x, u
    node[v, SUCC] = node[v, PRED] = node[v, WORKER] = -1
    node[len(it.price) + w, LAST] = STALE
    last = len(day.undone) - 1
    count = day.undone[last]
    day.undone[count] = v
    node[v, UNDONE_AT] = count
    day.undone[last] = count + 1


@inlined
def reckon_last(it: Instance, day: Day, w: int) -> None:
    """Set the column LAST for the route of ``w``, if that is not done already."""
    node, tasks = day.node, len(it.price)
    first = tasks + w
    if node[first, LAST] != STALE:
        return
    x = first + len(it.crew)
    last = node[x, LAST] = it.crew[w, MUST_END]
    while x != first:
        u = node[x, PRED]
        last -= way(it, w, u, x)
        if u < tasks:
            last = min(it.node[u, CLOSES], last - it.node[u, SECONDS])
        node[u, LAST] = last
        x = u
