"""Given routes as they come out: by plain sums, with breaks that stop the clock; and all is compiled beforehand."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.visits.planner.day import BREACH, FREE, START, Day
from app.visits.planner.instance import (
    BEGINS,
    BREACH_RATE,
    BREAKS,
    CLOSES,
    FAR,
    MATE,
    MUST_END,
    OPENS,
    SECONDS,
    Instance,
)
from app.visits.planner.search import Limits, Search
from app.visits.planner.timetable import timetable
from tests.planning import plain
from tests.planning.test_core import FEW, SEEDS

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("compiled")]


def drawn(it: Instance, seed: int) -> plain.Routes:
    """Every task to anybody who is not the other person there, in the order in which they open."""
    rng = np.random.default_rng(seed)
    routes: plain.Routes = [[] for _ in it.crew]
    for v in np.argsort(it.node[: len(it.price), OPENS], kind="stable"):
        free = [route for route in routes if it.node[v, MATE] not in route]
        free[int(rng.integers(len(free)))].append(int(v))
    return routes


def homes(it: Instance, day: Day) -> list[int]:
    return [int(free) for free in day.node[len(it.price) + len(it.crew) :, FREE]]


@FEW
@given(seed=SEEDS, pairs=st.integers(0, 2), rests=st.booleans(), grain=st.sampled_from([1, 10]))
def test_what_is_too_late_is_in_the_timetable_and_can_be_put_off(
    seed: int, pairs: int, rests: bool, grain: int
) -> None:
    it = plain.made_up(seed, pairs=pairs, rests=rests, grain=grain)
    routes, tasks = drawn(it, seed), len(it.price)
    soft = it._replace(rates=np.where(np.arange(len(it.rates)) == BREACH_RATE, 1.0, it.rates))
    wanted = plain.outcome(soft, routes)
    if wanted is None:
        with pytest.raises(ValueError, match="hard rule"):
            timetable(it, routes)
        return
    day = timetable(it, routes)
    assert dict(enumerate(day.node[:tasks, START].tolist())) == wanted.starts
    assert (homes(it, day), day.sums[BREACH]) == (wanted.homes, wanted.breach)
    it.node[:tasks, CLOSES] = np.maximum(it.node[:tasks, CLOSES], day.node[:tasks, START])
    it.crew[:, MUST_END] = np.maximum(it.crew[:, MUST_END], homes(it, day))
    kept = Search(it, seed, routes).run(Limits(laps=[])).day
    assert kept.node[:tasks, START].tolist() == day.node[:tasks, START].tolist()


@FEW
@given(seed=SEEDS)
def test_a_break_at_one_moment_stops_the_clock(seed: int) -> None:
    it = plain.made_up(seed, pairs=0, rests=True)
    it.crew[:, BREAKS + 1] = it.crew[:, BREAKS]
    it.node[: len(it.price), CLOSES] = FAR
    routes = drawn(it, seed)
    day = timetable(it, routes)
    for w, route in enumerate(routes):
        noon, length = int(it.crew[w, BREAKS]), int(it.crew[w, BREAKS + 2])
        at, free = len(it.price) + w, int(it.crew[w, BEGINS])
        for v in route:
            start = max(_after_a_way(free, plain._way(it, at, v), noon, length), int(it.node[v, OPENS]))
            if start < noon + length and start + it.node[v, SECONDS] > noon:
                start = noon + length
            assert day.node[v, START] == start
            at, free = v, start + int(it.node[v, SECONDS])
        assert homes(it, day)[w] == _after_a_way(free, plain._way(it, at, len(it.price) + w), noon, length)


def _after_a_way(leaves: int, way: int, noon: int, length: int) -> int:
    return leaves + way + (length if leaves <= noon < leaves + way else 0)


def test_a_stop_that_stays_starts_to_the_moment_and_others_on_the_grain() -> None:
    it = plain.made_up(1, tasks=3, workers=1, pairs=0, grain=10)
    it.node[:3, OPENS], it.node[:3, CLOSES] = (3, 101, 201), (FAR, 101, 204)
    it.crew[0, BEGINS] = 0
    it.travel[...] = 1
    assert timetable(it, [[0, 1, 2]]).node[:3, START].tolist() == [10, 101, 204]


def test_two_that_never_meet_on_the_grain_are_refused() -> None:
    it = plain.made_up(1, tasks=2, workers=2, pairs=1, grain=10)
    it.node[:2, [6, 7]] = [[3, 3], [-3, -3]]
    with pytest.raises(ValueError, match="hard rule"):
        timetable(it, [[0], [1]])


def test_who_begins_after_his_break_can_start_nothing() -> None:
    it = plain.made_up(1, pairs=0, rests=True)
    it.crew[0, BEGINS] = it.crew[0, BREAKS + 1] + 1
    with pytest.raises(ValueError, match="hard rule"):
        timetable(it, [[0], [], []])


NOTHING_IS_COMPILED_LATER = """
import importlib, pkgutil
from app.visits import planner
from app.visits.planner.search import Limits, Search
from app.visits.planner.warm import warm_up
from benchmarks.planning import days, made_up
from tests.planning import plain

def ready():
    names = [f"{planner.__name__}.{found.name}" for found in pkgutil.iter_modules(planner.__path__)]
    modules = [importlib.import_module(name) for name in names]
    return {name: thing.signatures for m in modules for name, thing in vars(m).items() if hasattr(thing, "signatures")}

warm_up()
before = str(ready())
for it in (plain.made_up(1, rests=True), days.read(made_up.day(60, 4, 1))):
    Search(it._replace(near=it.near.astype("int32"), price=it.price.T.copy().T), 1).run(Limits(laps=[1] * 100))
assert str(ready()) == before
"""


def test_after_the_warm_up_nothing_is_left_to_compile() -> None:
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", NOTHING_IS_COMPILED_LATER], cwd=root, check=True)
