"""What it would cost to put a task somewhere, and the cheapest place for it among all routes."""

from typing import Any

import numpy as np

from app.visits.planner.changes import breach, lateness
from app.visits.planner.compiled import compiled, inlined
from app.visits.planner.day import FREE, LAST, RESTED, START, SUCC, WORKER, Day, is_able, load_change, reckon_last, way
from app.visits.planner.instance import (
    BREACH_RATE,
    CLOSES,
    ENDS,
    FAR,
    MATE,
    MUST_END,
    NOT_POSSIBLE,
    OPENS,
    OVERTIME_RATE,
    SECONDS,
    Instance,
)
from app.visits.planner.timing import arrive, arrive_after, home_at, is_hard, on_grain, together


@compiled
def delay(it: Instance, day: Day, w: int, u: int, free: int, rested: int, x: int, most: float) -> float:
    """What it costs the route from ``x`` on that ``w`` leaves ``u`` at ``free``; NOT_POSSIBLE if more than ``most``.

    A visit of two is reckoned to start no earlier than it does; what its being late means for the other's further day
    is left to ``retime``.
    """
    price, node = 0.0, day.node
    while x < len(it.price):
        start, had = arrive(it, w, x, free, way(it, w, u, x), 0, rested)
        if start <= node[x, START]:
            if had == node[x, RESTED]:
                return price
            start = node[x, START]
        if start > it.node[x, CLOSES]:
            if is_hard(it) or start >= FAR:
                return NOT_POSSIBLE
            price += it.rates[BREACH_RATE] * (breach(it, x, start) - breach(it, x, node[x, START]))
        price += lateness(it, x, start) - lateness(it, x, node[x, START])
        if price > most:
            return NOT_POSSIBLE
        u, free, rested, x = x, start + it.node[x, SECONDS], had, node[x, SUCC]
    home = home_at(it, w, free, way(it, w, u, x), rested)
    ends, must_end = it.crew[w, ENDS], it.crew[w, MUST_END]
    if home > must_end:
        if is_hard(it):
            return NOT_POSSIBLE
        price += it.rates[BREACH_RATE] * max(0, home - max(must_end, node[x, FREE]))
    return price + it.rates[OVERTIME_RATE] * max(0, max(0, home - ends) - max(0, node[x, FREE] - ends))


@compiled
def price_after(it: Instance, day: Day, v: int, u: int, price: float, most: float) -> float:
    """The price of the undone task ``v`` right after ``u``, its prize not counted; NOT_POSSIBLE if over ``most``.

    price: the part that asks for no times.
    """
    node = day.node
    w = node[u, WORKER]
    start, rested = arrive_after(it, day, u, v, 0)
    m = it.node[v, MATE]
    if m >= 0 and node[m, WORKER] >= 0:
        start, mate_start = together(it, v, start, node[m, START])
        start, rested = arrive_after(it, day, u, v, start)
        mate_start = on_grain(it, m, mate_start)
        if start >= FAR or (is_hard(it) and mate_start > it.node[m, CLOSES]):
            return NOT_POSSIBLE
        if mate_start > node[m, START]:
            if mate_start > it.node[m, CLOSES]:
                price += it.rates[BREACH_RATE] * (breach(it, m, mate_start) - breach(it, m, node[m, START]))
            price += lateness(it, m, mate_start) - lateness(it, m, node[m, START])
            after = mate_start + it.node[m, SECONDS]
            price += delay(it, day, node[m, WORKER], m, after, node[m, RESTED], node[m, SUCC], most - price)
    if start > it.node[v, CLOSES]:
        if is_hard(it) or start >= FAR:
            return NOT_POSSIBLE
        price += it.rates[BREACH_RATE] * breach(it, v, start)
    price += lateness(it, v, start)
    if price >= most:
        return NOT_POSSIBLE
    return price + delay(it, day, w, v, start + it.node[v, SECONDS], rested, node[u, SUCC], most - price)


@compiled
def best_place(it: Instance, day: Day, v: int, blink: float, rng: Any) -> tuple[int, float]:
    """(the node after which the undone task ``v`` costs least, its price); (-1, NOT_POSSIBLE) if there is none.

    blink: the share of places that are overlooked, so that the same ruin is not always mended in the same way.
    """
    node, tasks, workers = day.node, len(it.price), len(it.crew)
    best, least = -1, NOT_POSSIBLE
    opens, closes, seconds = it.node[v, OPENS], it.node[v, CLOSES], it.node[v, SECONDS]
    too_late, rate = closes if is_hard(it) else FAR, it.rates[BREACH_RATE]
    m = it.node[v, MATE]
    partner = node[m, WORKER] if m >= 0 else -1
    unseen = _until_blink(blink, rng)
    for w in range(workers):
        if w == partner or not is_able(it, w, v):
            continue
        reckon_last(it, day, w)
        base = it.wish[w, v] + load_change(it, day, w, seconds)
        u = tasks + w
        while u < tasks + workers and node[u, FREE] <= too_late:
            x = node[u, SUCC]
            there, on = way(it, w, u, v), way(it, w, v, x)
            price = base + there + on - way(it, w, u, x)
            start = max(node[u, FREE] + there, opens)
            beyond = max(0, start - closes) + max(0, start + seconds + on - max(node[x, LAST], node[x, START]))
            if price + rate * beyond < least:
                unseen -= 1
                if unseen < 0:
                    unseen = _until_blink(blink, rng)
                else:
                    price = price_after(it, day, v, u, price, least)
                    if price < least:
                        best, least = u, price
            u = x
    return best, least


@inlined
def _until_blink(blink: float, rng: Any) -> int:
    """How many places are seen before the next one is overlooked."""
    if blink <= 0.0:
        return 1 << 40
    return int(np.log(1.0 - rng.random()) / np.log(1.0 - blink))
