"""The judge of dynamic days works out by itself what the workers do, and sees what a log makes of it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.planning import dynamic, made_up
from benchmarks.planning.dynamic import Prices
from benchmarks.planning.replay import judge_dynamic
from tests.planning.test_checks import DAY


def left_for(visit: int, left: int, start: int) -> dict[str, int]:
    return {"visit": visit, "left": left, "start": start}


LOG: dict[str, Any] = {
    "plans": [
        {"at": 1000, "routes": [{"worker": 0, "visits": [0]}, {"worker": 1, "visits": [2]}]},
        {"at": 2000, "routes": [{"worker": 0, "visits": [0, 2]}, {"worker": 1, "visits": [1]}]},
    ],
    "routes": [
        {"worker": 0, "stops": [left_for(0, 1000, 1500), left_for(2, 2100, 2400)]},
        {"worker": 1, "stops": [left_for(1, 2500, 3000)]},
    ],
}
"""Worker 1 would leave for visit 2 at 1300 as that opens at 2000; see ``waiting``."""


def waiting() -> tuple[dict[str, Any], dict[str, Any]]:
    """The day with visit 2 opening so late that worker 1 has not left for it when visit 1 is called in."""
    day = copy.deepcopy(DAY)
    day["visits"][2]["window"] = [2900, 8000]
    log = copy.deepcopy(LOG)
    log["routes"][0]["stops"][1] = left_for(2, 2600, 2900)
    return day, log


def test_a_right_day_and_its_moves() -> None:
    verdict = judge_dynamic(*waiting())
    assert verdict.problems == []
    assert (verdict.served, verdict.moved, verdict.given_up) == (3, 1, 0)


def test_a_stop_that_was_left_for_stays() -> None:
    _, log = waiting()
    assert "At 2000 worker 1 is under way to stops that the plan changes." in judge_dynamic(DAY, log).problems


@pytest.mark.parametrize(
    "break_it, sentence",
    [
        (
            lambda log: log["plans"][0]["routes"][1]["visits"].append(1),
            "At 1000 visit 1 is planned, which is called in",
        ),
        (lambda log: log["plans"][1]["routes"][1]["visits"].append(2), "At 2000 visit 2 is planned twice."),
        (lambda log: log["plans"][1]["routes"][0].update(visits=[2]), "worker 0 is under way to stops"),
        (lambda log: log["routes"][1]["stops"][0].update(start=3100), "Worker 1 did not do what the plans told him."),
        (lambda log: log["routes"][1]["stops"][0].update(left=2400), "Worker 1 did not do what the plans told him."),
        (lambda log: log["routes"][1].update(stops=[]), "Worker 1 did not do what the plans told him."),
    ],
)
def test_a_broken_rule_is_seen(break_it: Callable[[dict[str, Any]], Any], sentence: str) -> None:
    day, log = waiting()
    break_it(log)
    assert any(sentence in problem for problem in judge_dynamic(day, log).problems)


@pytest.mark.parametrize("policy", [dynamic.nearest, dynamic.insertion])
def test_days_driven_by_simple_policies_keep_the_rules_and_move_nothing(policy: dynamic.Policy) -> None:
    day = made_up.day(visits=40, workers=5, seed=2)
    verdict = judge_dynamic(day, dynamic.run(day, policy, policy)).approved()
    assert verdict.served > 20
    assert (verdict.moved, verdict.given_up) == (0, 0)


@pytest.mark.timeout(600)
def test_a_day_driven_by_the_planner_serves_more_and_moves_less_where_moving_costs(compiled: None) -> None:
    day = made_up.day(visits=60, workers=5, seed=2)
    driven = {
        moving: judge_dynamic(day, dynamic.run(day, *[dynamic.Planning(0.05, Prices(moving))] * 2)).approved()
        for moving in (0.0, 600.0)
    }
    simple = judge_dynamic(day, dynamic.run(day, dynamic.insertion, dynamic.insertion))
    assert driven[600.0].served >= simple.served
    assert driven[600.0].moved < driven[0.0].moved


@pytest.mark.parametrize(("waiting", "served"), [(0.0, 2), (0.1, 3)])
def test_who_goes_while_he_has_time_has_time_for_the_next_call(compiled: None, waiting: float, served: int) -> None:
    """The way is the shorter if the first visit, for which any time is good, comes after the second; a third is called
    in for just then."""
    home, first, second = range(3)
    travel = [[1000] * 4 for _ in range(4)]
    travel[second][first] = travel[first][home] = 900
    for place in range(4):
        travel[place][place] = 0
    visit = {"skill": 0, "duration": 2000, "called_at": 0}
    day = {
        "workers": [{"id": 0, "skills": [0], "start": 0, "end": 16000}],
        "visits": [
            visit | {"id": 1, "window": [0, 16000]},
            visit | {"id": 2, "window": [8000, 9000]},
            visit | {"id": 3, "window": [11000, 12000], "called_at": 8500},
        ],
        "travel": travel,
    }
    planning = dynamic.Planning(0.05, Prices(waiting=waiting))
    assert judge_dynamic(day, dynamic.run(day, planning, planning)).approved().served == served
