"""The arrays on which the search works: one day's problem without names, the same for every use.

Nodes are numbered: tasks 0 … N-1, then where each of the W workers sets out (N+w), then where he ends (N+W+w). A task
is one worker's part of a visit; a visit of two is two tasks, each the other's mate. All times are whole units after one
epoch, none before it (the product: seconds), all costs are in the same unit. Few arrays with named columns instead of
many arrays, because handing over an array costs a compiled function more than looking into it.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FAR = 2**60
"""Later than any time that is looked at."""

NOT_POSSIBLE = float(2**60)
"""The price of what breaks a hard rule."""

PLACE, SECONDS, OPENS, DUE, CLOSES, MATE, LEAST, MOST = range(8)
"""Columns of Instance.node. PLACE: -1 for an end that is anywhere. No start before OPENS; a start after DUE is late,
one after CLOSES a breach. MATE: -1 for none. The mate's start minus one's own is at least LEAST and at most MOST."""

MODE, BEGINS, ENDS, MUST_END, HAD, RESTS = range(6)
"""Columns of Instance.crew; after ENDS is overtime. HAD: his time with people that is booked beside these tasks. RESTS:
how many breaks; three columns each follow, from BREAKS on: the earliest and the latest moment at which the break may
begin, and its length. Where the two moments are one, the break stops the clock: nobody visits or rides in it."""
BREAKS = 6

LATE, PRIZE, WAIT = range(3)
"""Columns of Instance.price: a unit of lateness; leaving the task undone; a unit of start after OPENS."""

OVERTIME_RATE, LOAD_RATE, WORST_RATE, BREACH_RATE, GRAIN = range(5)
"""Places in Instance.rates: a unit of overtime; half the square of a worker's booked hours; a unit of the greatest
lateness; a unit after CLOSES or MUST_END. With NOT_POSSIBLE for the last those two are hard; a search may begin with
less and raise it.

GRAIN is no price: starts are whole multiples of it, 1 for every moment. Only where the next multiple would be after
CLOSES, and the moment itself is not, the start is at CLOSES: so what has to begin at OPENS == CLOSES does. Where no
multiple lies between LEAST and MOST, a task and its mate never meet."""


class Instance(NamedTuple):
    """travel[mode, from, to]: between places. node, crew, price, rates: see their columns.

    wish[w, task]: what it costs beyond travel that w does it, NOT_POSSIBLE where a hard rule stands against him.
    near[task]: tasks that go well right before it, the best first.
    """

    travel: NDArray[np.int32]
    node: Ints
    crew: Ints
    wish: Floats
    price: Floats
    rates: Floats
    near: Ints


def laid_out(it: Instance) -> Instance:
    """A copy of the arrays as compiled functions know them: for another type or order they would be compiled anew."""
    types = (np.int32, np.int64, np.int64, np.float64, np.float64, np.float64, np.int64)
    return Instance(*(np.array(array, kind, order="C") for array, kind in zip(it, types, strict=True)))


def neighbours(travel: NDArray[Any], node: Ints, count: int) -> Ints:
    """near: for each task the ``count`` tasks after which it fits best, by way, wait and lateness between the two.

    travel: [from, to] of the usual mode; node: the rows of the tasks.
    """
    way = travel[np.ix_(node[:, PLACE], node[:, PLACE])].T.astype(np.float64)  # way[v, u]: from u to v
    opens, due, seconds = node[:, OPENS], np.minimum(node[:, DUE], node[:, CLOSES]), node[:, SECONDS]
    wait = np.maximum(0, opens[:, None] - (due + seconds)[None, :] - way)
    late = np.maximum(0, (opens + seconds)[None, :] + way - due[:, None])
    price = way + 0.2 * wait + late
    np.fill_diagonal(price, np.inf)
    return np.argsort(price, axis=1, kind="stable")[:, : max(1, min(count, len(node) - 1))].astype(np.int64)
