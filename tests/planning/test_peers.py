"""The planner beside itself without compiled code, and beside VROOM on the part of the problem that both know."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.planning import days, made_up, peers, runs
from benchmarks.planning.checks import judge_day
from tests.planning import small_case

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("compiled")]


def test_plain_python_gives_the_same_answer() -> None:
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    said = subprocess.run(
        [sys.executable, "-m", "tests.planning.small_case"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == small_case.answer()


@pytest.mark.parametrize("seed", [4, 5])
def test_as_many_are_served_as_by_vroom_with_no_more_travel(seed: int) -> None:
    day = made_up.day(visits=40, workers=5, seed=seed)
    theirs = judge_day(day, days.plan(day, peers.by_vroom(day, exploration=1))).approved()
    ours = judge_day(day, days.plan(day, runs.ours(day, 3.0, 1))).approved()
    assert ours.served >= theirs.served
    assert ours.served > theirs.served or ours.travel <= theirs.travel * 1.01


if peers.pyvrp is not None:  # no dependency: it is looked at where somebody has installed it

    def test_pyvrp_plans_the_same_day() -> None:
        day = made_up.day(visits=20, workers=3, seed=4)
        assert judge_day(day, days.plan(day, peers.by_pyvrp(day, 0.5, 1))).approved().served > 10
