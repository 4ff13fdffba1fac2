"""Routes with their times, as they come out and not as they ought to be."""

from collections.abc import Sequence

from app.visits.planner.changes import Changes, begin, drop, none, touch
from app.visits.planner.day import Day, empty
from app.visits.planner.instance import BREACH_RATE, NOT_POSSIBLE, Instance, laid_out
from app.visits.planner.timing import retime

Routes = Sequence[Sequence[int]]
"""For each worker the tasks of his day in their order."""


def put_on(it: Instance, day: Day, log: Changes, given: Routes) -> None:
    """Put ``given`` into the empty ``day``. Raises ValueError if that breaks a hard rule."""
    tasks = len(it.price)
    begin(day, log)
    for w, route in enumerate(given):
        after = tasks + w
        for v in route:
            drop(it, day, log, int(v), after)
            after = int(v)
    for w in range(len(it.crew)):
        touch(log, tasks + w)
    if not retime(it, day, log, NOT_POSSIBLE):
        raise ValueError("the given routes break a hard rule")


def timetable(it: Instance, given: Routes) -> Day:
    """When everybody is where on ``given`` routes, whatever comes too late (Day.node: START, FREE; Day.sums: BREACH).

    A search refuses to begin with routes that can't keep a last moment; with this its caller sees by how much each is
    missed, and can put it off. Raises ValueError if a start is not possible at all: two visits of two that wait for
    each other, a break that has no room.
    """
    soft = laid_out(it)
    soft.rates[BREACH_RATE] = 1.0
    day = empty(soft)
    put_on(soft, day, none(soft), given)
    return day
