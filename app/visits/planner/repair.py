"""From a day that keeps almost all last moments to one that keeps them all: the least valuable visits are given up."""

import numpy as np

from app.visits.planner.changes import Changes, begin, lift, undo
from app.visits.planner.compiled import compiled
from app.visits.planner.day import BREACH, WORKER, Day
from app.visits.planner.instance import BREACH_RATE, MATE, NOT_POSSIBLE, PRIZE, Instance
from app.visits.planner.timing import retime


@compiled
def _give_up(it: Instance, day: Day, log: Changes, v: int) -> float:
    """Lift the visit of ``v`` out; returns by how much the breach shrinks."""
    before, m = day.sums[BREACH], it.node[v, MATE]
    begin(day, log)
    lift(it, day, log, v)
    if m >= 0 and day.node[m, WORKER] >= 0:
        lift(it, day, log, m)
    retime(it, day, log, NOT_POSSIBLE)
    return before - day.sums[BREACH]


@compiled
def _most_helpful(it: Instance, day: Day, log: Changes) -> int:
    """The task whose visit, given up, takes away most breach for its prize."""
    best, most = -1, 0.0
    for v in range(len(it.price)):
        if day.node[v, WORKER] < 0:
            continue
        m = it.node[v, MATE]
        prize = it.price[v, PRIZE] + (it.price[m, PRIZE] if m >= 0 else 0.0)
        gain = _give_up(it, day, log, v) / max(1.0, prize)
        undo(it, day, log)
        if gain > most:
            best, most = v, gain
    return best


def give_up_breaches(it: Instance, day: Day, log: Changes) -> None:
    """Give up visits until nobody comes or ends too late."""
    soft = it._replace(rates=np.array(it.rates))
    soft.rates[BREACH_RATE] = 1.0
    while day.sums[BREACH] > 0 and (v := _most_helpful(soft, day, log)) >= 0:
        _give_up(soft, day, log, v)
