"""The big step of the search: tear strings of tasks out of neighbouring routes and put everything back greedily.

After Christiaens and Vanden Berghe, Slack Induction by String Removals, Transportation Science 54 (2020); visits of two
are torn out and put back as a whole.
"""

from typing import Any

from app.visits.planner.changes import Changes, drop, lift
from app.visits.planner.compiled import compiled
from app.visits.planner.day import PRED, SUCC, WORKER, Day, is_able, undone_count
from app.visits.planner.insertion import best_place
from app.visits.planner.instance import CLOSES, DUE, MATE, NOT_POSSIBLE, OPENS, PRIZE, SECONDS, Floats, Instance, Ints
from app.visits.planner.moves import below, neighbour
from app.visits.planner.timing import retime

LONGEST_STRING = 10
BLINK = 0.01
WAITING = 12
"""Undone tasks of before that are tried along, at most."""


@compiled
def ruin_and_recreate(
    it: Instance, day: Day, log: Changes, rng: Any, size: float, torn: Ints, marks: Ints, keys: Floats
) -> bool:
    """One ruin with its recreation. size: tasks torn out on average. torn, marks, keys: scratch.

    False: it came to something impossible.
    """
    count = _ruin(it, day, log, rng, size, torn, marks)
    if not retime(it, day, log, NOT_POSSIBLE):
        return False
    count = _add_waiting(day, rng, torn, count)
    _arrange(it, rng, torn, count, keys)
    for i in range(count):
        if day.node[torn[i], WORKER] < 0 and not put_back(it, day, log, torn[i], BLINK, rng):
            return False
    return True


@compiled
def _ruin(it: Instance, day: Day, log: Changes, rng: Any, size: float, torn: Ints, marks: Ints) -> int:
    """Tear out; returns how many tasks torn holds."""
    tasks, workers = len(it.price), len(it.crew)
    longest = min(LONGEST_STRING, max(1, (tasks - undone_count(day)) // workers))
    strings = int(1 + rng.random() * max(1.0, 4.0 * size / (1.0 + longest) - 1.0))
    for w in range(workers):
        marks[w] = 0
    seed, count, undone = below(rng, tasks), 0, undone_count(day)
    if undone > 0 and rng.random() < 0.5:
        seed = day.undone[below(rng, undone)]
    for i in range(-1, it.near.shape[1]):
        c = seed if i < 0 else it.near[seed, i]
        w = day.node[c, WORKER]
        if w < 0 or marks[w] == 1:
            continue
        marks[w] = 1
        count = _tear(it, day, log, rng, c, longest, torn, count)
        strings -= 1
        if strings <= 0:
            break
    return count


@compiled
def _tear(it: Instance, day: Day, log: Changes, rng: Any, c: int, longest: int, torn: Ints, count: int) -> int:
    """Tear out a string of tasks around ``c``, perhaps sparing one stretch inside it."""
    node, tasks = day.node, len(it.price)
    length = 1 + below(rng, longest)
    spared, spare_from = 0, 0
    if length > 1 and rng.random() < 0.5:
        spared, spare_from = 1, 1 + below(rng, length - 1)
        while rng.random() < 0.5:
            spared += 1
    v = c
    for _ in range(below(rng, length)):
        if node[v, PRED] < tasks:
            v = node[v, PRED]
    passed, taken = 0, 0
    while v < tasks and taken < length:
        following = node[v, SUCC]
        if following == it.node[v, MATE] and following >= 0:
            following = node[following, SUCC]
        if spare_from <= passed < spare_from + spared and v != c:
            passed += 1
        else:
            count = _take(it, day, log, v, torn, count)
            passed, taken = passed + 1, taken + 1
        v = following
    return count


@compiled
def _take(it: Instance, day: Day, log: Changes, v: int, torn: Ints, count: int) -> int:
    lift(it, day, log, v)
    torn[count] = v
    m = it.node[v, MATE]
    if m < 0 or day.node[m, WORKER] < 0:
        return count + 1
    lift(it, day, log, m)
    torn[count + 1] = m
    return count + 2


@compiled
def _add_waiting(day: Day, rng: Any, torn: Ints, count: int) -> int:
    """Some of those that were undone before are tried along."""
    for _ in range(min(WAITING, undone_count(day) - count)):
        torn[count] = day.undone[below(rng, undone_count(day))]
        count += 1
    return count


@compiled
def _arrange(it: Instance, rng: Any, torn: Ints, count: int, keys: Floats) -> None:
    """In which order they are put back: at random, the longest, the tightest, the earliest or the dearest first."""
    draw = rng.random()
    for i in range(count):
        v = torn[i]
        if draw < 0.35:
            keys[i] = rng.random()
        elif draw < 0.55:
            keys[i] = -it.node[v, SECONDS]
        elif draw < 0.75:
            keys[i] = min(it.node[v, DUE], it.node[v, CLOSES]) - it.node[v, OPENS]
        elif draw < 0.9:
            keys[i] = it.node[v, OPENS]
        else:
            keys[i] = -it.price[v, PRIZE]
    for i in range(1, count):
        for j in range(i, 0, -1):
            if keys[j] >= keys[j - 1]:
                break
            keys[j], keys[j - 1] = keys[j - 1], keys[j]
            torn[j], torn[j - 1] = torn[j - 1], torn[j]


@compiled
def put_back(it: Instance, day: Day, log: Changes, v: int, blink: float, rng: Any) -> bool:
    """Put ``v`` where it costs least, its mate with it; it stays undone where that is cheaper or nothing else is left.

    False: the day has become impossible.
    """
    u, price = best_place(it, day, v, blink, rng)
    m = it.node[v, MATE]
    if u < 0 or price > it.price[v, PRIZE] + (it.price[m, PRIZE] if m >= 0 else 0.0):
        return True
    drop(it, day, log, v, u)
    if not retime(it, day, log, NOT_POSSIBLE):
        return False
    if m < 0 or day.node[m, WORKER] >= 0:
        return True
    u, price = best_place(it, day, m, blink, rng)
    if u < 0:
        lift(it, day, log, v)
    else:
        drop(it, day, log, m, u)
    return retime(it, day, log, NOT_POSSIBLE)


@compiled
def squeeze_in(it: Instance, day: Day, log: Changes, rng: Any) -> bool:
    """An undone task takes the place of one that goes well beside it; that one goes where it costs least, or nowhere.

    So what is left undone changes, until it is something for which there is room. Visits of two are left to the ruins.
    """
    node, undone = day.node, undone_count(day)
    if undone == 0:
        return False
    v = day.undone[below(rng, undone)]
    x = neighbour(it, rng, v)
    if rng.random() < 0.5:
        x = node[x, SUCC]
    if x < 0 or x >= len(it.price) or node[x, WORKER] < 0 or it.node[v, MATE] >= 0 or it.node[x, MATE] >= 0:
        return False
    if not is_able(it, node[x, WORKER], v):
        return False
    u = lift(it, day, log, x)
    drop(it, day, log, v, u)
    return retime(it, day, log, NOT_POSSIBLE) and put_back(it, day, log, x, BLINK, rng)
