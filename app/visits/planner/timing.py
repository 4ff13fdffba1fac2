"""When everybody is where: starts as early as the routes, windows, breaks and the second person allow.

After a change only what it moves is reckoned anew: from the nodes that were touched along their routes, and over to the
route of the other person of a visit of two, until nothing moves any more.
"""

from app.visits.planner.changes import PENDING, TIMES, Changes, put, touch
from app.visits.planner.compiled import compiled, inlined
from app.visits.planner.day import (
    BREACH,
    FREE,
    LATENESS,
    OVERTIME,
    PRED,
    RESTED,
    START,
    STATIC,
    SUCC,
    WORKER,
    Day,
    way,
)
from app.visits.planner.instance import (
    BREACH_RATE,
    BREAKS,
    CLOSES,
    DUE,
    ENDS,
    FAR,
    GRAIN,
    LATE,
    LEAST,
    MATE,
    MOST,
    MUST_END,
    NOT_POSSIBLE,
    OPENS,
    OVERTIME_RATE,
    RESTS,
    SECONDS,
    WORST_RATE,
    Instance,
)

SPARE = 4
"""Rows of a journal that one step along a route needs at most."""

TRIES = 64
"""How often two persons may put each other off until they are taken to never meet (see GRAIN)."""


@inlined
def is_hard(it: Instance) -> bool:
    """Whether the last moments of tasks and shifts must be kept at once."""
    return it.rates[BREACH_RATE] >= NOT_POSSIBLE


@inlined
def on_grain(it: Instance, v: int, start: int) -> int:
    """The first moment from ``start`` on at which ``v`` may start; see GRAIN."""
    if it.rates[GRAIN] <= 1.0:
        return start
    grain, closes = int(it.rates[GRAIN]), it.node[v, CLOSES]
    later = (start + grain - 1) // grain * grain
    return closes if start <= closes < later else later


@compiled
def after_break(it: Instance, w: int, v: int, at: int, bound: int, rested: int) -> tuple[int, int]:
    """When ``w``, at the door of ``v`` at ``at``, could start, and how many breaks he has had by then; FAR: never.

    bound: he may not start before, because of somebody else. A break is taken while waiting where that costs nothing,
    else when after the visit it would be too late.
    """
    start = on_grain(it, v, max(at, it.node[v, OPENS], bound))
    while rested < it.crew[w, RESTS]:
        k = BREAKS + 3 * rested
        latest = it.crew[w, k + 1]
        pause = max(at, it.crew[w, k])
        rest_ends = pause + it.crew[w, k + 2]
        if start + it.node[v, SECONDS] <= latest and rest_ends > start:
            break
        if pause > latest:
            return FAR, rested
        at = rest_ends
        start = on_grain(it, v, max(at, start))
        rested += 1
    return start, rested


@compiled
def before_break(it: Instance, w: int, v: int, leaves: int, travel: int, bound: int, rested: int) -> tuple[int, int]:
    """The same for one who leaves the last door at ``leaves``; if need be he has his break there or on the way."""
    start, had = after_break(it, w, v, leaves + travel, bound, rested)
    while start >= FAR:
        k = BREAKS + 3 * rested
        pause = max(leaves, it.crew[w, k])
        if pause > it.crew[w, k + 1]:
            return FAR, rested
        travel = max(0, travel - (pause - leaves))
        leaves = pause + it.crew[w, k + 2]
        rested += 1
        start, had = after_break(it, w, v, leaves + travel, bound, rested)
    return start, had


@inlined
def arrive(it: Instance, w: int, v: int, leaves: int, travel: int, bound: int, rested: int) -> tuple[int, int]:
    """When ``w``, free at ``leaves``, could start ``v`` after ``travel``, and his breaks by then; FAR: never.

    bound: he may not start before.
    """
    if rested >= it.crew[w, RESTS]:
        return on_grain(it, v, max(leaves + travel, it.node[v, OPENS], bound)), rested
    return before_break(it, w, v, leaves, travel, bound, rested)


@inlined
def home_at(it: Instance, w: int, leaves: int, travel: int, rested: int) -> int:
    """When ``w``, free at ``leaves``, is home; a break that can wait until then is none of ours."""
    home = leaves + travel
    while rested < it.crew[w, RESTS] and leaves <= it.crew[w, BREAKS + 3 * rested + 1] < home:
        home += it.crew[w, BREAKS + 3 * rested + 2]
        rested += 1
    return home


@inlined
def arrive_after(it: Instance, day: Day, u: int, v: int, bound: int) -> tuple[int, int]:
    """The same for the worker of ``u`` as he is when he leaves it."""
    node = day.node
    w = node[u, WORKER]
    return arrive(it, w, v, node[u, FREE], way(it, w, u, v), bound, node[u, RESTED])


@inlined
def together(it: Instance, v: int, ready: int, mate_ready: int) -> tuple[int, int]:
    """The earliest starts of ``v`` and its mate that keep the wanted distance."""
    start = max(ready, mate_ready - it.node[v, MOST])
    return start, max(mate_ready, start + it.node[v, LEAST])


@compiled
def _couple(it: Instance, day: Day, log: Changes, u: int, v: int, ready: int, rested: int) -> bool:
    """Set ``v``, which comes after ``u``, and its mate, whose route is touched if it moves. False: not possible."""
    node, m = day.node, it.node[v, MATE]
    mate_ready, mate_had = arrive_after(it, day, node[m, PRED], m, 0)
    start, mate_start = together(it, v, ready, mate_ready)
    tries = 0
    while start > ready or mate_start > mate_ready:
        ready, rested = arrive_after(it, day, u, v, start)
        mate_ready, mate_had = arrive_after(it, day, node[m, PRED], m, mate_start)
        tries += 1
        if ready >= FAR or mate_ready >= FAR or tries > TRIES:
            return False
        start, mate_start = together(it, v, ready, mate_ready)
    if is_hard(it) and (start > it.node[v, CLOSES] or mate_start > it.node[m, CLOSES]):
        return False
    put(it, day, log, v, start, start + it.node[v, SECONDS], rested)
    if mate_start != node[m, START] or mate_had != node[m, RESTED]:
        put(it, day, log, m, mate_start, mate_start + it.node[m, SECONDS], mate_had)
        touch(log, m)
    return True


@inlined
def _next_pending(day: Day, log: Changes) -> int:
    """The touched node that is free first, so that what comes before in the day is reckoned before."""
    best = 0
    for i in range(1, log.counts[PENDING]):
        if day.node[log.pending[i], FREE] < day.node[log.pending[best], FREE]:
            best = i
    u = log.pending[best]
    log.counts[PENDING] -= 1
    log.pending[best] = log.pending[log.counts[PENDING]]
    return u


@inlined
def _go_home(it: Instance, day: Day, log: Changes, w: int, u: int, v: int) -> bool:
    node = day.node
    home = home_at(it, w, node[u, FREE], way(it, w, u, v), node[u, RESTED])
    ends, must_end = it.crew[w, ENDS], it.crew[w, MUST_END]
    if home > must_end and is_hard(it):
        return False
    if home != node[v, FREE]:
        day.sums[BREACH] += max(0, home - must_end) - max(0, node[v, FREE] - must_end)
        day.sums[OVERTIME] += it.rates[OVERTIME_RATE] * (max(0, home - ends) - max(0, node[v, FREE] - ends))
        put(it, day, log, v, home, home, node[u, RESTED])
    return True


@compiled
def _follow(it: Instance, day: Day, log: Changes, u: int, most: float) -> bool:
    """Along the route after ``u`` until nothing moves any more. False: not possible."""
    node, tasks = day.node, len(it.price)
    w = node[u, WORKER]
    if w < 0:
        return True
    while log.counts[TIMES] + SPARE < len(log.times) and log.counts[PENDING] + SPARE < len(log.pending):
        v = node[u, SUCC]
        if v >= tasks:
            return _go_home(it, day, log, w, u, v)
        ready, rested = arrive_after(it, day, u, v, 0)
        if ready > it.node[v, CLOSES] and (is_hard(it) or ready >= FAR):
            return False
        late = ready - it.node[v, DUE]
        if late > 0 and late * (it.price[v, LATE] + it.rates[WORST_RATE]) > most:
            return False
        if ready > it.node[v, CLOSES] and it.rates[BREACH_RATE] * (ready - it.node[v, CLOSES]) > most:
            return False
        before, rested_before, is_new = node[v, START], node[v, RESTED], node[v, FREE] == 0
        m = it.node[v, MATE]
        if m >= 0 and node[m, WORKER] >= 0:
            if not _couple(it, day, log, u, v, ready, rested):
                return False
        elif ready != before or rested != rested_before or is_new:
            put(it, day, log, v, ready, ready + it.node[v, SECONDS], rested)
        if node[v, START] == before and node[v, RESTED] == rested_before and not is_new:
            return True
        u = v
    return False


@compiled
def retime(it: Instance, day: Day, log: Changes, most: float) -> bool:
    """Reckon anew all that was touched. False: not possible, or one task alone is late for more than ``most``."""
    while log.counts[PENDING] > 0:
        if not _follow(it, day, log, _next_pending(day, log), most):
            log.counts[PENDING] = 0
            return False
    return True


@compiled
def worst_lateness(it: Instance, day: Day) -> int:
    """The greatest lateness of a task that somebody does."""
    worst = 0
    for v in range(len(it.price)):
        worst = max(worst, day.node[v, START] - it.node[v, DUE])
    return worst


@inlined
def cost(it: Instance, day: Day) -> float:
    """The whole price of the day as it stands."""
    known = day.sums[STATIC] + day.sums[LATENESS] + day.sums[OVERTIME] + it.rates[BREACH_RATE] * day.sums[BREACH]
    return known + it.rates[WORST_RATE] * worst_lateness(it, day) if it.rates[WORST_RATE] > 0 else known
