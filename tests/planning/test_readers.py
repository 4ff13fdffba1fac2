"""Instances and days are found in every packing, and come back from the planner in the published form."""

import copy
import json
import lzma
import tarfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import BadInput
from app.visits.planner.instance import CLOSES, DUE, LEAST, MATE, MOST, NOT_POSSIBLE, OPENS, PLACE, SECONDS
from app.visits.planner.search import Limits, Search
from benchmarks.planning import days, files, hhcrsp, made_up, simple
from benchmarks.planning.checks import judge_day, judge_hhcrsp
from tests.planning.test_checks import DAY, INSTANCE


def test_the_archive_holds_all_that_is_published() -> None:
    named = {name: len(document["patients"]) for name, document in files.documents([files.INSTANCES])}
    assert len(named) == 35
    assert set(named) == set(files.published())
    assert sorted(set(named.values())) == [10, 25, 50, 75, 100, 200, 300]


def test_every_distance_is_exact_in_whole_units() -> None:
    for _, document in files.documents([files.INSTANCES]):
        scaled = np.array(document["distances"]) * hhcrsp.SCALE
        assert np.abs(scaled - np.rint(scaled)).max() < 1e-6


def test_json_and_packed_json_and_archives_are_read(tmp_path: Path) -> None:
    raw = json.dumps(DAY).encode()
    (tmp_path / "a.json").write_bytes(raw)
    (tmp_path / "b.json.xz").write_bytes(lzma.compress(raw))
    with tarfile.open(tmp_path / "c.tar.xz", "w:xz") as archive:
        member = tarfile.TarInfo("within/c.json")
        member.size = len(raw)
        archive.addfile(member, BytesIO(raw))
    found = list(files.documents(tmp_path / name for name in ("a.json", "b.json.xz", "c.tar.xz")))
    assert found == [("a", DAY), ("b", DAY), ("c", DAY)]


def test_what_is_no_json_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("no")
    with pytest.raises(BadInput, match=r"a\.json"):
        list(files.documents([tmp_path / "a.json"]))


def test_a_record_is_less_than_the_best_known_as_that_is_printed() -> None:
    known = files.published()["InstanzCPLEX_HCSRP_75_1"]
    assert (known.best_known, known.brkga_best, known.brkga_mean) == (1111.37, 1179.9, 1195.9)
    assert not known.is_beaten_by(1111.366)
    assert known.is_beaten_by(1111.36)


def test_means_of_the_published_are_those_of_the_specification() -> None:
    known = files.published()
    of_100 = [known[name] for name in known if "_100_" in name]
    assert np.mean([row.best_known for row in of_100]) == pytest.approx(837.4, abs=0.05)
    assert np.mean([row.brkga_best for row in of_100 if row.brkga_best]) == pytest.approx(878.4, abs=0.05)


def test_an_instance_becomes_tasks_and_mates() -> None:
    it = hhcrsp.read("tiny", INSTANCE).it
    assert it.node[:5, PLACE].tolist() == [1, 2, 2, 3, 3]
    assert it.node[:5, MATE].tolist() == [-1, 2, 1, 4, 3]
    assert it.node[3, [LEAST, MOST]].tolist() == [10_000, 20_000]
    assert it.node[4, [LEAST, MOST]].tolist() == [-20_000, -10_000]
    assert it.node[0, [SECONDS, OPENS, DUE]].tolist() == [10_000, 10_000, 20_000]
    assert (it.wish == NOT_POSSIBLE).tolist() == [[False] * 5, [True, True, False, True, False]]


def test_both_spellings_of_the_distance_give_the_same_instance() -> None:
    other = copy.deepcopy(INSTANCE)
    other["patients"][2]["synchronization"]["distance"] = {"min": 10, "max": 20}
    assert (hhcrsp.read("other", other).it.node == hhcrsp.read("tiny", INSTANCE).it.node).all()


@pytest.mark.timeout(600)
def test_the_planners_price_is_the_checkers_cost(compiled: None) -> None:
    for name, document in files.documents([files.INSTANCES]):
        if name.endswith(("_10_1", "_25_2")):
            problem = hhcrsp.read(name, document)
            found = Search(problem.it, 1).run(Limits(laps=[1] * 20))
            verdict = judge_hhcrsp(document, hhcrsp.solution(problem, found.day)).approved()
            assert verdict.cost == pytest.approx(hhcrsp.cost(found.price))


def test_a_day_becomes_nodes_with_last_moments() -> None:
    it = days.read(DAY)
    assert it.node[:3, PLACE].tolist() == [2, 3, 4]
    assert it.node[3:, PLACE].tolist() == [0, 1, 0, 1]
    assert it.node[1, [SECONDS, OPENS, CLOSES]].tolist() == [600, 3000, 5000]
    assert (it.wish == NOT_POSSIBLE).tolist() == [[False, True, False], [False, False, False]]


def test_a_plan_has_the_earliest_times() -> None:
    plan = days.plan(DAY, [[0, 2], [1]])
    assert [stop["start"] for route in plan["routes"] for stop in route["stops"]] == [1500, 2400, 3000]


def test_a_made_up_day_is_the_same_for_the_same_seed() -> None:
    assert made_up.day(20, 3, 4) == made_up.day(20, 3, 4) != made_up.day(20, 3, 5)


def test_a_made_up_day_can_be_worked() -> None:
    day = made_up.day(150, 15, 4)
    assert 50 < sum(visit["called_at"] > 0 for visit in day["visits"]) < 100
    for visit in day["visits"]:
        opens, closes = visit["window"]
        assert opens <= closes and visit["called_at"] < closes
    for routes in (simple.nearest_free(day), simple.cheapest_insertion(day)):
        assert judge_day(day, days.plan(day, routes)).approved().served > 75
