"""Changes of a day that can be taken back: tasks are lifted out of routes and dropped into them, times are set."""

from typing import NamedTuple

import numpy as np

from app.visits.planner.compiled import compiled, inlined
from app.visits.planner.day import (
    BREACH,
    FREE,
    LATENESS,
    PRED,
    RESTED,
    START,
    WORKER,
    Day,
    link,
    unlink,
)
from app.visits.planner.instance import CLOSES, DUE, LATE, MATE, OPENS, WAIT, Floats, Instance, Ints

TIMES, PENDING, DONE = range(3)
"""Places in Changes.counts."""

DROPPED = -1
ROUNDS = 8
"""A node reckoned anew more often than this, on average, waits for itself: two pairs met in the wrong order."""


class Changes(NamedTuple):
    """What was, oldest first.

    times: former times of nodes (node, start, free, rested). pending: nodes after which the route is to be reckoned
    anew. done: tasks with the node after which they were, or DROPPED. counts: how many of each. sums: as they were.
    """

    times: Ints
    pending: Ints
    done: Ints
    counts: Ints
    sums: Floats


def none(it: Instance) -> Changes:
    """No changes yet, and room for as many as one step can need."""
    nodes = len(it.node)
    return Changes(
        times=np.zeros((nodes * ROUNDS + 64, 4), np.int64),
        pending=np.zeros(nodes * ROUNDS + 64, np.int64),
        done=np.zeros((nodes * ROUNDS + 64, 2), np.int64),
        counts=np.zeros(3, np.int64),
        sums=np.zeros(4),
    )


@inlined
def begin(day: Day, log: Changes) -> None:
    """What comes now can be taken back to here; what was before stays."""
    for i in range(len(log.sums)):
        log.sums[i] = day.sums[i]
    log.counts[TIMES] = log.counts[PENDING] = log.counts[DONE] = 0


@inlined
def touch(log: Changes, u: int) -> None:
    """The route after node ``u`` has changed."""
    log.pending[log.counts[PENDING]] = u
    log.counts[PENDING] += 1


@inlined
def lateness(it: Instance, v: int, start: int) -> float:
    """The price of starting ``v`` at ``start``; 0 is the start of what nobody does, and costs nothing."""
    late, waited = start - it.node[v, DUE], start - it.node[v, OPENS]
    price = it.price[v, LATE] * late if late > 0 else 0.0
    return price + it.price[v, WAIT] * waited if waited > 0 else price


@inlined
def breach(it: Instance, v: int, start: int) -> int:
    """The time by which ``start`` is later than ``v`` allows."""
    return max(0, start - it.node[v, CLOSES])


@inlined
def put(it: Instance, day: Day, log: Changes, v: int, start: int, free: int, rested: int) -> None:
    """Set a node's times."""
    node, i = day.node, log.counts[TIMES]
    log.times[i, 0], log.times[i, 1] = v, node[v, START]
    log.times[i, 2], log.times[i, 3] = node[v, FREE], node[v, RESTED]
    log.counts[TIMES] = i + 1
    if v < len(it.price):
        day.sums[LATENESS] += lateness(it, v, start) - lateness(it, v, node[v, START])
        day.sums[BREACH] += breach(it, v, start) - breach(it, v, node[v, START])
    node[v, START], node[v, FREE], node[v, RESTED] = start, free, rested


@compiled
def lift(it: Instance, day: Day, log: Changes, v: int) -> int:
    """Take the task ``v`` out of its route; returns the node that was before it."""
    u, m = day.node[v, PRED], it.node[v, MATE]
    i = log.counts[DONE]
    log.done[i, 0], log.done[i, 1] = v, u
    log.counts[DONE] = i + 1
    unlink(it, day, v)
    put(it, day, log, v, 0, 0, 0)
    touch(log, u)
    if m >= 0 and day.node[m, WORKER] >= 0:
        touch(log, day.node[m, PRED])
    return u


@compiled
def drop(it: Instance, day: Day, log: Changes, v: int, u: int) -> None:
    """Put the undone task ``v`` right after the node ``u``."""
    i = log.counts[DONE]
    log.done[i, 0], log.done[i, 1] = v, DROPPED
    log.counts[DONE] = i + 1
    link(it, day, v, u)
    touch(log, u)


@compiled
def undo(it: Instance, day: Day, log: Changes) -> None:
    """Everything as it was at ``begin``."""
    node = day.node
    for i in range(log.counts[DONE] - 1, -1, -1):
        v, u = log.done[i, 0], log.done[i, 1]
        if u == DROPPED:
            unlink(it, day, v)
        else:
            link(it, day, v, u)
    for i in range(log.counts[TIMES] - 1, -1, -1):
        v = log.times[i, 0]
        node[v, START], node[v, FREE], node[v, RESTED] = log.times[i, 1], log.times[i, 2], log.times[i, 3]
    log.counts[TIMES] = log.counts[PENDING] = log.counts[DONE] = 0
    for i in range(len(log.sums)):
        day.sums[i] = log.sums[i]
