"""The recipe of a search and its limits: how hot it begins, how cold it ends, how long, and what came of it.

The temperature falls in laps. Within a lap it stands still, so that a search that was limited by time is repeated
exactly by the number of stretches in each of its laps; those are kept with the result.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.visits.planner import anneal
from app.visits.planner.anneal import Scratch, stretch
from app.visits.planner.changes import Changes, begin, undo
from app.visits.planner.day import BREACH, SUCC, WORKER, Day, copy_into, empty, undone_count
from app.visits.planner.instance import (
    BREACH_RATE,
    CLOSES,
    DUE,
    FAR,
    MUST_END,
    NOT_POSSIBLE,
    Floats,
    Instance,
    laid_out,
)
from app.visits.planner.repair import give_up_breaches
from app.visits.planner.ruin import put_back
from app.visits.planner.timetable import Routes, put_on
from app.visits.planner.timing import cost


@dataclass(frozen=True)
class Recipe:
    """How a search goes about it.

    hot, cold: the first and the last temperature, in mean ways between two places. loose, strict: the price of a unit
    beyond the last moment, at first and at last, before it becomes a hard rule. polish: the share of time kept for the
    search under hard rules, which begins at the temperature tepid. laps: temperatures. shares: of the kinds of steps
    (anneal.RELOCATE and following). size: tasks torn out by a ruin, on average.
    """

    hot: float = 0.5
    cold: float = 0.015
    tepid: float = 0.04
    loose: float = 0.1
    strict: float = 300.0
    polish: float = 0.1
    laps: int = 100
    shares: tuple[float, ...] = (30, 20, 10, 5, 5, 5, 0, 3)
    polish_shares: tuple[float, ...] = (10, 5, 5, 3, 3, 2, 3, 1)
    size: float = 15.0


UNBOUND = Recipe(hot=0.2, cold=0.006, shares=(30, 20, 10, 5, 5, 10, 0, 0.1), size=10.0)
"""Where no start is too late, only dearer: cooler at first, with fewer of the big steps, which take longer there."""


@dataclass(frozen=True)
class Limits:
    """When a search ends: after ``seconds``, after the given stretches per lap, or when ``is_over`` says so."""

    seconds: float | None = None
    laps: Sequence[int] | None = None
    is_over: Callable[[], bool] = lambda: False


@dataclass
class Found:
    """The best day of a search. seed, laps (stretches in each) repeat it. trace: (seconds, cost) at each gain."""

    day: Day
    price: float
    seed: int
    laps: list[int] = field(default_factory=list)
    trace: list[tuple[float, float]] = field(default_factory=list)

    @property
    def undone(self) -> int:
        """Tasks that nobody does."""
        return int(undone_count(self.day))


class Search:
    """One search over one instance. seed: of everything that is drawn. given: routes that it may not end worse than."""

    def __init__(self, it: Instance, seed: int, given: Routes = (), recipe: Recipe | None = None) -> None:
        self._it = it = laid_out(it)
        self._recipe = recipe or (Recipe() if _has_last_moments(it) else UNBOUND)
        self._rng = np.random.default_rng(seed)
        self._log: Changes
        self._room: Scratch
        self._log, self._room = anneal.scratch(it)
        self._day = empty(it)
        self._lay_out(given)
        self._best = empty(it)
        copy_into(self._day, self._best)
        self._found = Found(self._best, self._price(self._best), seed)
        self._scale = max(1.0, float(np.mean(it.travel[0])))

    @property
    def price(self) -> float:
        """Of the best day so far; before ``run``, of what was given with all else put in where it was cheapest."""
        return self._found.price

    def run(self, limits: Limits) -> Found:
        """Search until a limit is reached. Returns the best day that breaks no hard rule."""
        began = time.monotonic()
        plan = self._laps()
        counts = iter(limits.laps) if limits.laps is not None else None
        for number, lap in enumerate(plan):
            lap.prepare()
            wanted = next(counts, 0) if counts is not None else None
            until = None if limits.seconds is None else limits.seconds * (number + 1) / len(plan)
            done = 0
            while not limits.is_over() and _goes_on(done, wanted, until, time.monotonic() - began):
                self._stretch(lap)
                done += 1
                if self._found.price < (self._found.trace[-1][1] if self._found.trace else np.inf):
                    self._found.trace.append((time.monotonic() - began, self._found.price))
            self._found.laps.append(done)
        return self._found

    def _lay_out(self, given: Routes) -> None:
        """The given routes, and everything else greedily, what closes first first."""
        it, day, log = self._it, self._day, self._log
        put_on(it, day, log, given)
        for v in sorted(range(len(it.price)), key=lambda v: (min(it.node[v, CLOSES], it.node[v, DUE]), v)):
            if day.node[v, WORKER] < 0:
                begin(day, log)
                if not put_back(it, day, log, v, 0.0, self._rng):
                    undo(it, day, log)

    def _laps(self) -> list["_Lap"]:
        recipe, is_bound = self._recipe, _has_last_moments(self._it)
        polished = round(recipe.laps * recipe.polish) if is_bound else 0
        loose = recipe.laps - polished
        hot, cold, tepid = (self._scale * heat for heat in (recipe.hot, recipe.cold, recipe.tepid))
        rates = np.geomspace(recipe.loose, recipe.strict, loose) if is_bound else np.full(loose, NOT_POSSIBLE)
        laps = [
            _Lap(self._it, heat, rate, _shares(recipe.shares), 500)
            for heat, rate in zip(np.geomspace(hot, cold, loose), rates, strict=True)
        ]
        if polished:
            heats = np.geomspace(tepid, cold, polished)
            hard = [_Lap(self._it, heat, NOT_POSSIBLE, _shares(recipe.polish_shares), 100) for heat in heats]
            hard[0].before = self._harden
            laps += hard
        return laps

    def _harden(self) -> None:
        """From here on last moments are kept; what can't keep them is given up and looked for anew."""
        give_up_breaches(self._it, self._day, self._log)
        self._note_best()
        copy_into(self._best, self._day)

    def _stretch(self, lap: "_Lap") -> None:
        size = self._recipe.size
        _, least = stretch(
            self._it, self._day, self._best, self._log, self._room, self._rng, lap.shares, size, lap.heat, lap.steps
        )
        self._found.price = least

    def _note_best(self) -> None:
        price = self._price(self._day)
        if self._day.sums[BREACH] <= 0 and price < self._found.price:
            copy_into(self._day, self._best)
            self._found.price = price

    def _price(self, day: Day) -> float:
        return float(cost(self._it, day))


@dataclass
class _Lap:
    """Stretches of ``steps`` at one temperature, and at one price for coming too late."""

    it: Instance
    heat: float
    rate: float
    shares: Floats
    steps: int
    before: Callable[[], None] | None = None

    def prepare(self) -> None:
        if self.before is not None:
            self.before()
        self.it.rates[BREACH_RATE] = self.rate


def _goes_on(done: int, wanted: int | None, until: float | None, elapsed: float) -> bool:
    if wanted is not None:
        return done < wanted
    return until is not None and elapsed < until


def _has_last_moments(it: Instance) -> bool:
    return bool((it.node[: len(it.price), CLOSES] < FAR).any() or (it.crew[:, MUST_END] < FAR).any())


def _shares(parts: Sequence[float]) -> Floats:
    """For each kind of step its share and that of all before it."""
    shares: Any = np.cumsum(np.array(parts, float)) / sum(parts)
    shares[-1] = 2.0  # whatever the rounding, one kind is drawn
    return shares  # type: ignore[no-any-return]


def routes(day: Day, workers: int) -> list[list[int]]:
    """For each worker his tasks in their order."""
    tasks = len(day.node) - 2 * workers
    found = []
    for w in range(workers):
        route, v = [], int(day.node[tasks + w, SUCC])
        while v < tasks:
            route.append(v)
            v = int(day.node[v, SUCC])
        found.append(route)
    return found
