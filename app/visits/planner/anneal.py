"""The search: simulated annealing over small and big steps, a stretch at a time at one temperature."""

from typing import Any, NamedTuple

import numpy as np

from app.visits.planner import changes
from app.visits.planner.changes import DONE, Changes, begin, undo
from app.visits.planner.compiled import compiled, inlined
from app.visits.planner.day import BREACH, STATIC, Day, copy_into
from app.visits.planner.instance import Floats, Instance, Ints
from app.visits.planner.moves import (
    has_two,
    move_pair,
    move_piece,
    relocate,
    swap,
    swap_pieces,
    swap_tails,
)
from app.visits.planner.ruin import ruin_and_recreate, squeeze_in
from app.visits.planner.timing import cost, retime

RELOCATE, SWAP, PIECE, PIECES, TAILS, PAIR, SQUEEZE, RUIN = range(8)
"""The kinds of steps."""

BETTER = 1e-6
"""A gain smaller than this is none: sums of floats are not exact."""


class Scratch(NamedTuple):
    """Room to work in. tally[kind]: how often a step was tried and how often kept."""

    torn: Ints
    marks: Ints
    keys: Floats
    tally: Ints


def scratch(it: Instance) -> tuple[Changes, Scratch]:
    """What a search needs beside the days."""
    nodes, most = len(it.node), 2 * len(it.node) + 64
    tally = np.zeros((RUIN + 1, 2), np.int64)
    return changes.none(it), Scratch(np.zeros(most, np.int64), np.zeros(nodes, np.int64), np.zeros(most), tally)


@compiled
def stretch(
    it: Instance,
    day: Day,
    best: Day,
    log: Changes,
    room: Scratch,
    rng: Any,
    shares: Floats,
    size: float,
    temperature: float,
    steps: int,
) -> tuple[float, float]:
    """So many steps at one temperature; returns the cost of the day and of the best day as they are then.

    shares: for each kind of step the share of it and of all before it, from 0 to 1. size: see ruin_and_recreate.
    """
    now, least = cost(it, day), cost(it, best)
    for _ in range(steps):
        limit = now - temperature * np.log(1.0 - rng.random())
        draw, kind = rng.random(), 0
        while draw > shares[kind]:
            kind += 1
        begin(day, log)
        room.tally[kind, 0] += 1
        if _step(it, day, log, room, rng, kind, size, limit - day.sums[STATIC]) and _is_possible(it, day, log, limit):
            price = cost(it, day)
            if price < limit:
                now = price
                room.tally[kind, 1] += 1
                if now < least - BETTER and day.sums[BREACH] <= 0:
                    least = now
                    copy_into(day, best)
                continue
        if log.counts[DONE] > 0:
            undo(it, day, log)
    return now, least


@inlined
def _is_possible(it: Instance, day: Day, log: Changes, limit: float) -> bool:
    """Whether the changed day breaks no hard rule and may cost less than ``limit``; the cheapest question first."""
    room = limit - day.sums[STATIC]
    return room > 0 and has_two(it, day, log) and retime(it, day, log, room)


@inlined
def _step(
    it: Instance, day: Day, log: Changes, room: Scratch, rng: Any, kind: int, size: float, most: float
) -> bool:
    if kind == RELOCATE:
        return relocate(it, day, log, rng, most)
    if kind == SWAP:
        return swap(it, day, log, rng, most)
    if kind == PIECE:
        return move_piece(it, day, log, rng)
    if kind == PIECES:
        return swap_pieces(it, day, log, rng)
    if kind == TAILS:
        return swap_tails(it, day, log, rng)
    if kind == PAIR:
        return move_pair(it, day, log, rng)
    if kind == SQUEEZE:
        return squeeze_in(it, day, log, rng)
    return ruin_and_recreate(it, day, log, rng, size, room.torn, room.marks, room.keys)
