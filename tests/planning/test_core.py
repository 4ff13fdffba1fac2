"""The planner's core: what it reckons step by step is what comes out anew; what it undoes is undone.

All on tiny instances; plain.py knows the rules by itself.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.visits.planner import anneal, moves
from app.visits.planner.changes import begin, undo
from app.visits.planner.day import (
    BOOKED,
    BREACH,
    FREE,
    PRED,
    RESTED,
    START,
    SUCC,
    UNDONE_AT,
    WORKER,
    Day,
    undone_count,
)
from app.visits.planner.instance import CLOSES, DUE, HAD, MATE, MUST_END, NOT_POSSIBLE, OPENS, SECONDS, WAIT, Instance
from app.visits.planner.search import Limits, Recipe, Search, routes
from app.visits.planner.team import search_together
from app.visits.planner.timing import cost, retime
from tests.planning import plain

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("compiled")]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SEEDS = st.integers(0, 10_000)
FULL = [1] * Recipe().laps
"""A stretch in each lap."""


def edits(it: Instance, seed: int, count: int = 40) -> Any:
    """(day, kept): random steps; before each that can't be kept, what it must come back to is compared."""
    rng = np.random.default_rng(seed)
    search = Search(it, seed)
    day, log = search._day, search._log
    for _ in range(count):
        before = everything(day)
        begin(day, log)
        kind = int(rng.integers(anneal.RUIN + 1))
        changed = anneal._step(it, day, log, search._room, rng, kind, 5.0, NOT_POSSIBLE)
        is_whole = changed and moves.has_two(it, day, log)
        walked = routes(day, len(it.crew))
        is_possible = is_whole and retime(it, day, log, NOT_POSSIBLE)
        if is_whole:
            yield day, walked, is_possible
        if not is_possible or rng.random() < 0.3:
            undo(it, day, log)
            assert_same(everything(day), before)


def everything(day: Day) -> tuple[Any, ...]:
    columns = day.node[:, [SUCC, PRED, WORKER, START, FREE, RESTED]]
    undone = sorted(int(v) for v in day.undone[: undone_count(day)])
    return columns.copy(), day.sums.copy(), undone


def assert_same(now: tuple[Any, ...], before: tuple[Any, ...]) -> None:
    np.testing.assert_array_equal(now[0], before[0])
    np.testing.assert_allclose(now[1], before[1], atol=1e-6)
    assert now[2] == before[2]


def assert_reckoned(it: Instance, day: Day, walked: plain.Routes, is_possible: bool) -> None:
    """A possible step may be refused, as times that are still to move are in the way; but not the day it leads to."""
    anew = plain.outcome(it, walked)
    if not is_possible:
        assert anew is None or can_be_given(it, walked)
    else:
        assert anew is not None
        assert {v: int(day.node[v, START]) for v in anew.starts} == anew.starts
        last = len(it.price) + len(it.crew)
        assert [int(day.node[last + w, FREE]) for w in range(len(it.crew))] == anew.homes
        assert cost(it, day) == pytest.approx(anew.cost)
        assert day.sums[BREACH] == anew.breach


def can_be_given(it: Instance, walked: plain.Routes) -> bool:
    try:
        Search(it, 1, walked)
    except ValueError:
        return False
    return True


@FEW
@given(seed=SEEDS, pairs=st.integers(0, 3), is_soft=st.booleans())
def test_times_and_costs_after_changes_are_those_reckoned_anew(seed: int, pairs: int, is_soft: bool) -> None:
    it = plain.made_up(seed, pairs=pairs, is_soft=is_soft)
    for day, walked, is_possible in edits(it, seed):
        assert_reckoned(it, day, walked, is_possible)


@FEW
@given(seed=SEEDS)
def test_with_breaks_too(seed: int) -> None:
    it = plain.made_up(seed, pairs=0, rests=True)
    for day, walked, is_possible in edits(it, seed):
        assert_reckoned(it, day, walked, is_possible)


@FEW
@given(seed=SEEDS, pairs=st.integers(0, 2), rests=st.booleans(), is_soft=st.booleans())
def test_with_starts_on_a_grain_too(seed: int, pairs: int, rests: bool, is_soft: bool) -> None:
    it = plain.made_up(seed, pairs=pairs, rests=rests, is_soft=is_soft, grain=10)
    for day, walked, is_possible in edits(it, seed):
        assert_reckoned(it, day, walked, is_possible)


@FEW
@given(seed=SEEDS)
def test_undone_tasks_know_where_they_are(seed: int) -> None:
    it = plain.made_up(seed)
    for day, _, _ in edits(it, seed, count=15):
        count = undone_count(day)
        assert [int(day.node[v, UNDONE_AT]) for v in day.undone[:count]] == list(range(count))


@pytest.mark.parametrize(
    "pairs, rests, grain", [(0, False, 1), (1, False, 1), (0, True, 1), (2, False, 1), (1, True, 15)]
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_tiny_day_is_planned_as_well_as_can_be(seed: int, pairs: int, rests: bool, grain: int) -> None:
    it = plain.made_up(seed, tasks=4, workers=2, pairs=pairs, rests=rests, grain=grain)
    found = Search(it, seed).run(Limits(laps=FULL))
    assert found.price == pytest.approx(plain.best(it))


@FEW
@given(seed=SEEDS, pairs=st.integers(0, 3))
def test_what_is_found_keeps_every_rule(seed: int, pairs: int) -> None:
    it = plain.made_up(seed, tasks=12, workers=4, pairs=pairs)
    found = Search(it, seed).run(Limits(laps=[1] * 5))
    walked = routes(found.day, len(it.crew))
    anew = plain.outcome(it, walked)
    assert anew is not None and anew.breach == 0
    assert found.price == pytest.approx(anew.cost)
    doing = {v: w for w, route in enumerate(walked) for v in route}
    assert all(it.wish[w, v] < NOT_POSSIBLE for v, w in doing.items())
    for v in range(len(it.price)):
        m = int(it.node[v, MATE])
        assert m < 0 or ((v in doing) == (m in doing) and (v not in doing or doing[v] != doing[m]))


@FEW
@given(seed=SEEDS)
def test_never_worse_than_what_was_given(seed: int) -> None:
    it = plain.made_up(seed, tasks=10)
    first = Search(it, seed).run(Limits(laps=FULL[:20]))
    given_routes = routes(first.day, len(it.crew))
    again = Search(it, seed + 1, given_routes).run(Limits(laps=[1]))
    assert again.price <= first.price + 1e-6


@FEW
@given(seed=SEEDS, pairs=st.integers(0, 3), rests=st.booleans())
def test_its_own_answer_can_be_given_back(seed: int, pairs: int, rests: bool) -> None:
    it = plain.made_up(seed, tasks=10, workers=4, pairs=pairs, rests=rests)
    first = Search(it, seed).run(Limits(laps=[1] * 3))
    again = Search(it, seed, routes(first.day, len(it.crew))).run(Limits(laps=[]))
    assert again.price <= first.price + 1e-6


@FEW
@given(seed=SEEDS, pairs=st.integers(0, 3))
def test_everybody_has_room_for_his_break(seed: int, pairs: int) -> None:
    it = plain.made_up(seed, tasks=10, workers=4, pairs=pairs, rests=True)
    day = Search(it, seed).run(Limits(laps=[1] * 3)).day
    for w, route in enumerate(routes(day, len(it.crew))):
        assert not route or any(plain.rests_before(it, w, day, v) for v in [*route, len(it.price) + len(it.crew) + w])


def test_given_routes_that_break_a_rule_are_refused() -> None:
    it = plain.made_up(1, pairs=0)
    it.crew[0, MUST_END] = 0
    able = [v for v in range(len(it.price)) if it.wish[0, v] < NOT_POSSIBLE]
    with pytest.raises(ValueError, match="hard rule"):
        Search(it, 1, [able[:1], [], []])


def test_the_same_seed_and_laps_give_the_same_answer() -> None:
    it = plain.made_up(7, tasks=20, workers=4, pairs=3)
    timed = Search(it, 5).run(Limits(seconds=0.2))
    again = Search(it, 5).run(Limits(laps=timed.laps))
    assert routes(again.day, len(it.crew)) == routes(timed.day, len(it.crew))
    assert again.price == timed.price


def test_the_best_of_several_searches_says_how_to_repeat_it() -> None:
    it = plain.made_up(7, tasks=20, workers=4, pairs=3)
    alone = {seed: Search(it, seed).run(Limits(laps=[1, 1])).price for seed in (5, 6, 7)}
    assert len(set(alone.values())) > 1
    found = search_together(it, 5, Limits(laps=[1, 1]), cores=3)
    assert found.price == min(alone.values()) == alone[found.seed]


def test_what_is_undone_takes_the_place_of_something_that_finds_another() -> None:
    it = plain.made_up(1, tasks=2, workers=2, pairs=0)
    it.node[:2, [OPENS, DUE, CLOSES]] = 100
    it.wish[...] = [[0, 0], [NOT_POSSIBLE, 0]]
    search = Search(it, 1, [[1], []], Recipe(laps=1, polish=1, polish_shares=(0, 0, 0, 0, 0, 0, 1, 0)))
    day, log, room, rng = search._day, search._log, search._room, np.random.default_rng(1)
    assert routes(day, 2) == [[1], []]
    begin(day, log)
    while not anneal._step(it, day, log, room, rng, anneal.SQUEEZE, 5.0, NOT_POSSIBLE):
        begin(day, log)
    assert routes(day, 2) == [[0], [1]]


def test_a_search_ends_when_it_is_told_to() -> None:
    it = plain.made_up(7)
    found = Search(it, 5).run(Limits(seconds=60.0, is_over=lambda: True))
    assert sum(found.laps) == 0


def test_fair_load_is_worth_a_detour() -> None:
    it = plain.made_up(3, tasks=6, workers=2, pairs=0)
    it.wish[...], it.rates[...], it.price[:, WAIT] = 0.0, (0.0, 1e7, 0.0, NOT_POSSIBLE, 1.0), 0.0
    it.crew[:, HAD] = (0, 40)
    found = Search(it, 1).run(Limits(laps=FULL))
    booked = found.day.sums[BOOKED:]
    assert abs(booked[0] - booked[1]) <= it.node[:6, SECONDS].max()


def test_a_search_that_is_broken_off_gives_what_it_has() -> None:
    it = plain.made_up(1, tasks=10, workers=4)
    laid_out = Search(it, 1).run(Limits(laps=[]))
    broken_off = Search(it, 1).run(Limits(seconds=600, is_over=lambda: True))
    assert routes(broken_off.day, 4) == routes(laid_out.day, 4)
    assert sum(broken_off.laps) == 0
