"""The small steps of the search: each changes a day a little at random, or finds that it can't and returns False.

Which task and where to is drawn; whether the change is any good is for the caller to find out. The two steps that are
tried most are told how much they may cost beside times (``most``), and look before they leap.
"""

from typing import Any

from app.visits.planner.changes import DONE, Changes, drop, lift
from app.visits.planner.compiled import compiled, inlined
from app.visits.planner.day import PRED, SUCC, WORKER, Day, is_able, way
from app.visits.planner.instance import MATE, PRIZE, Instance

Random = Any
"""A numpy.random.Generator; compiled functions take it as it is."""

ANYWHERE = 0.05
"""How often a place is drawn from all routes instead of from beside a near task."""

LONGEST = 4
"""Tasks in a piece of a route that moves as a whole, at most."""


@inlined
def below(rng: Random, n: int) -> int:
    """A whole number from 0 to n-1."""
    return int(rng.random() * n)


@inlined
def neighbour(it: Instance, rng: Random, v: int) -> int:
    """A task that goes well before ``v``, the better the likelier."""
    draw = rng.random()
    return it.near[v, int(it.near.shape[1] * draw * draw)]


@compiled
def spot(it: Instance, day: Day, rng: Random, v: int) -> int:
    """A node after which ``v`` might go: a near task or the one before that, or where somebody sets out; or -1."""
    draw = rng.random()
    if draw < ANYWHERE:
        return len(it.price) + below(rng, len(it.crew))
    u = neighbour(it, rng, v)
    if day.node[u, WORKER] < 0:
        return -1
    return u if draw < 0.8 else day.node[u, PRED]


@inlined
def _may(it: Instance, day: Day, w: int, v: int) -> bool:
    """Whether ``w`` is able to do ``v`` and is not the other person there already."""
    m = it.node[v, MATE]
    return is_able(it, w, v) and (m < 0 or day.node[m, WORKER] != w)


@inlined
def _detour(it: Instance, w: int, u: int, v: int, x: int) -> int:
    """How much longer the way of ``w`` from ``u`` to ``x`` is by way of ``v``."""
    return way(it, w, u, v) + way(it, w, v, x) - way(it, w, u, x)


@compiled
def relocate(it: Instance, day: Day, log: Changes, rng: Random, most: float) -> bool:
    """One task goes elsewhere, or from nowhere to somewhere."""
    node, v = day.node, below(rng, len(it.price))
    u = spot(it, day, rng, v)
    if u < 0 or u == v or u == node[v, PRED] or not _may(it, day, node[u, WORKER], v):
        return False
    w, other = node[v, WORKER], node[u, WORKER]
    price = _detour(it, other, u, v, node[u, SUCC]) + it.wish[other, v]
    if w < 0:
        price -= it.price[v, PRIZE]
    else:
        price -= _detour(it, w, node[v, PRED], v, node[v, SUCC]) + it.wish[w, v]
    if price >= most:
        return False
    if w >= 0:
        lift(it, day, log, v)
    drop(it, day, log, v, u)
    return True


@compiled
def move_pair(it: Instance, day: Day, log: Changes, rng: Random) -> bool:
    """Both tasks of a visit of two go elsewhere, or from nowhere to somewhere."""
    node, v = day.node, below(rng, len(it.price))
    m = it.node[v, MATE]
    if m < 0:
        return False
    u, x = spot(it, day, rng, v), spot(it, day, rng, m)
    if u < 0 or x < 0 or u in (v, m) or x in (v, m) or node[u, WORKER] == node[x, WORKER]:
        return False
    if not (is_able(it, node[u, WORKER], v) and is_able(it, node[x, WORKER], m)):
        return False
    if node[v, WORKER] >= 0:
        lift(it, day, log, v)
        lift(it, day, log, m)
    drop(it, day, log, v, u)
    drop(it, day, log, m, x)
    return True


@inlined
def _instead(it: Instance, day: Day, w: int, v: int, x: int) -> float:
    """What it costs beside times that ``w`` does ``x`` where he does ``v`` now."""
    u, s = day.node[v, PRED], day.node[v, SUCC]
    return _detour(it, w, u, x, s) - _detour(it, w, u, v, s) + it.wish[w, x] - it.wish[w, v]


@compiled
def swap(it: Instance, day: Day, log: Changes, rng: Random, most: float) -> bool:
    """Two tasks change places."""
    node, tasks = day.node, len(it.price)
    v = below(rng, tasks)
    x = neighbour(it, rng, v)
    if rng.random() < 0.7:
        x = node[x, SUCC]
    if x < 0 or x >= tasks or x == v:
        return False
    w, other = node[v, WORKER], node[x, WORKER]
    if w < 0 or other < 0 or not (is_able(it, other, v) and is_able(it, w, x)):
        return False
    is_next = node[v, SUCC] == x or node[x, SUCC] == v
    if not is_next and _instead(it, day, w, v, x) + _instead(it, day, other, x, v) >= most:
        return False
    u = lift(it, day, log, v)
    y = lift(it, day, log, x)
    if y == u:  # x came right after v
        drop(it, day, log, x, u)
        drop(it, day, log, v, x)
    elif u == x:  # v came right after x
        drop(it, day, log, v, y)
        drop(it, day, log, x, v)
    else:
        drop(it, day, log, x, u)
        drop(it, day, log, v, y)
    return True


@compiled
def move_piece(it: Instance, day: Day, log: Changes, rng: Random) -> bool:
    """A few tasks in a row go elsewhere together, perhaps the other way round."""
    node, tasks = day.node, len(it.price)
    v = below(rng, tasks)
    u = spot(it, day, rng, v)
    if u < 0 or node[v, WORKER] < 0 or node[v, PRED] == u:
        return False
    wanted = 2 + below(rng, LONGEST - 1)
    w, x, length = node[u, WORKER], v, 0
    while length < wanted and x < tasks:
        if x == u or not _may(it, day, w, x):
            return False
        x, length = node[x, SUCC], length + 1
    if length < 2:
        return False
    is_turned = rng.random() < 0.2
    x = v
    for _ in range(length):
        following = node[x, SUCC]
        lift(it, day, log, x)
        drop(it, day, log, x, u)
        if not is_turned:
            u = x
        x = following
    return True


@compiled
def swap_pieces(it: Instance, day: Day, log: Changes, rng: Random) -> bool:
    """Two workers exchange a few tasks in a row each."""
    node, tasks = day.node, len(it.price)
    v = below(rng, tasks)
    u = spot(it, day, rng, v)
    if u < 0 or node[v, WORKER] < 0 or node[u, WORKER] == node[v, WORKER]:
        return False
    x, before = node[u, SUCC], node[v, PRED]
    length = _able_length(it, day, node[u, WORKER], v, 1 + below(rng, LONGEST - 1))
    other = _able_length(it, day, node[v, WORKER], x, 1 + below(rng, LONGEST - 1))
    if length == 0 or other == 0:
        return False
    end = _carry(it, day, log, v, u, length)
    _carry(it, day, log, node[end, SUCC], before, other)
    return True


@compiled
def _able_length(it: Instance, day: Day, w: int, x: int, most: int) -> int:
    """How many tasks from ``x`` on, up to ``most``, ``w`` is able to take over in a row."""
    length = 0
    while length < most and x < len(it.price) and is_able(it, w, x):
        x, length = day.node[x, SUCC], length + 1
    return length


@compiled
def _carry(it: Instance, day: Day, log: Changes, x: int, u: int, length: int) -> int:
    """The ``length`` tasks from ``x`` on go after ``u``; returns the last of them."""
    for _ in range(length):
        following = day.node[x, SUCC]
        lift(it, day, log, x)
        drop(it, day, log, x, u)
        u, x = x, following
    return u


@compiled
def swap_tails(it: Instance, day: Day, log: Changes, rng: Random) -> bool:
    """Two workers exchange the rest of their days, from ``v`` on and from what follows ``u`` on."""
    node, v = day.node, below(rng, len(it.price))
    u = spot(it, day, rng, v)
    if u < 0 or node[v, WORKER] < 0 or node[u, WORKER] == node[v, WORKER]:
        return False
    x, before = node[u, SUCC], node[v, PRED]
    if not (_may_go_on(it, day, node[u, WORKER], v) and _may_go_on(it, day, node[v, WORKER], x)):
        return False
    length, other = _length(it, day, v), _length(it, day, x)
    end = _carry(it, day, log, v, u, length)
    _carry(it, day, log, node[end, SUCC], before, other)
    return True


@compiled
def _may_go_on(it: Instance, day: Day, w: int, x: int) -> bool:
    """Whether ``w`` is able to take over the route from ``x`` on."""
    while x < len(it.price):
        if not is_able(it, w, x):
            return False
        x = day.node[x, SUCC]
    return True


@inlined
def _length(it: Instance, day: Day, x: int) -> int:
    """How many tasks the route still has from ``x`` on."""
    length = 0
    while x < len(it.price):
        x, length = day.node[x, SUCC], length + 1
    return length


@inlined
def has_two(it: Instance, day: Day, log: Changes) -> bool:
    """Whether each visit of two that was changed has two different workers, or none."""
    for i in range(log.counts[DONE]):
        v = log.done[i, 0]
        m = it.node[v, MATE]
        if m >= 0:
            w, other = day.node[v, WORKER], day.node[m, WORKER]
            if (w < 0) != (other < 0) or (w >= 0 and w == other):
                return False
    return True
