"""A smoke of each measurement: the figures are the checker's, the files come out in the published form."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.bench import bench
from benchmarks.planning import files, made_up, runs, tables
from benchmarks.planning.checks import judge_hhcrsp

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("compiled")]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(bench, list(arguments), catch_exceptions=False)


def test_hhcrsp_prints_our_cost_beside_the_published(tmp_path: Path) -> None:
    result = run("hhcrsp", "--only", "_10_1", "--seconds", "0.5", "--out", str(tmp_path))
    assert result.exit_code == 0, result.output
    line = next(line for line in result.output.splitlines() if line.startswith("InstanzCPLEX_HCSRP_10_1"))
    assert line.split()[1:] == ["10", "218.20", "227.00", "227.00", "218.20", "+0.00", "%"]
    written = json.loads((tmp_path / "doorline_InstanzCPLEX_HCSRP_10_1.json").read_text())
    instance = next(document for name, document in files.documents([files.INSTANCES]) if name.endswith("_10_1"))
    assert judge_hhcrsp(instance, written).approved().cost == pytest.approx(218.199, abs=0.001)
    assert sum(json.loads((tmp_path / "searches" / "InstanzCPLEX_HCSRP_10_1.json").read_text())["laps"]) > 0


def test_instances_are_solved_side_by_side() -> None:
    result = run("hhcrsp", "--only", "_10_1", "--seconds", "0.2", "--jobs", "2")
    assert result.exit_code == 0, result.output
    assert "mean of 1" in result.output


def test_each_size_has_its_means() -> None:
    solved = [runs.Solved(f"InstanzCPLEX_HCSRP_10_{number}", 10, 230.0, {}, [], []) for number in range(1, 6)]
    lines = list(tables.hhcrsp([*solved, runs.Solved("mine", 5, 1.0, {}, [], [])], files.published()))
    assert lines[-3].split() == ["mean", "of", "1", "5", "1.00"]
    assert lines[-2].split() == ["mean", "of", "5", "10", "230.00", "231.68", "231.68", "229.42", "+0.25", "%"]


def test_day_reads_files_and_prints_each_method(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    files.write(made_up.day(visits=20, workers=3, seed=1), path)
    result = run("day", str(path), "--seconds", "0.2,0.3", "--no-peers")
    assert result.exit_code == 0, result.output
    methods = ("nearest free worker", "cheapest insertion", "planner 0.2 s", "planner 0.3 s")
    assert all(result.output.count(method) == 2 for method in methods)


def test_day_makes_days_up_and_asks_the_peers_that_are_installed() -> None:
    result = run("day", "--visits", "15", "--workers", "3", "--seeds", "4-5", "--seconds", "0.2")
    assert result.exit_code == 0, result.output
    assert "made-up 4" in result.output and "made-up 5" in result.output
    assert "VROOM x1" in result.output


def test_dynamic_counts_what_was_moved() -> None:
    result = run("dynamic", "--visits", "30", "--workers", "3", "--seeds", "4", "--seconds", "0.02")
    assert result.exit_code == 0, result.output
    methods = ("nothing but travel", "moving 10 min ", "moving 10 min, waiting 0.3")
    assert all(result.output.count(method) == 2 for method in methods)


@pytest.mark.parametrize(
    "arguments, said", [(("day", "--seeds", "x"), "4-13"), (("day", "--seconds", "soon"), "with commas between")]
)
def test_wrong_options_are_a_sentence(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_a_record_is_marked() -> None:
    known = {"x": files.Published(brkga_best=110.0, brkga_mean=112.0, best_known=100.0, slack=0.05)}
    solved = [runs.Solved("x", 10, cost, {}, [], []) for cost in (99.9, 99.96)]
    marked, unmarked = (list(tables.hhcrsp([one], known)) for one in solved)
    assert marked[1].endswith("-0.10 % *") and marked[-1] == "* less than anything published: 1"
    assert unmarked[1].endswith("-0.04 %")


def test_propose_is_measured_beside_the_ways_alone() -> None:
    result = run("propose", "--sizes", "6x40,3x0")
    assert result.exit_code == 0, result.output
    assert [line.split()[:2] for line in result.output.splitlines()[1:]] == [["6", "40"], ["3", "0"]]


@pytest.mark.parametrize("sizes", ["60", "0x4", "axb", ""])
def test_a_size_that_is_none_is_told(sizes: str) -> None:
    result = run("propose", "--sizes", sizes)
    assert result.exit_code == 2 and f"“{sizes}”" in result.output and "60x400" in result.output
