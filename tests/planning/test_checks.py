"""The independent checker: each rule broken in turn is seen, and a right solution's cost is what it is by hand."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.planning import checks
from benchmarks.planning.checks import Broken, judge_day, judge_hhcrsp

INSTANCE: dict[str, Any] = {
    "services": [{"id": "s1", "default_duration": 10}, {"id": "s2", "default_duration": 20}],
    "caregivers": [{"id": "c1", "abilities": ["s1", "s2"]}, {"id": "c2", "abilities": ["s2"]}],
    "central_offices": [{"id": "d"}],
    "patients": [
        {"id": "p1", "time_window": [10, 20], "required_caregivers": [{"service": "s1"}]},
        {
            "id": "p2",
            "time_window": [50, 60],
            "required_caregivers": [{"service": "s1", "duration": 5}, {"service": "s2", "duration": 5}],
            "synchronization": {"type": "simultaneous"},
        },
        {
            "id": "p3",
            "time_window": [80, 90],
            "required_caregivers": [{"service": "s1", "duration": 5}, {"service": "s2", "duration": 5}],
            "synchronization": {"type": "sequential", "distance": [10, 20]},
        },
    ],
    "distances": [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]],
}


def stop(patient: str, service: str, start: float, end: float) -> dict[str, Any]:
    return {"patient": patient, "service": service, "arrival_time": start, "departure_time": end}


RIGHT: dict[str, Any] = {
    "routes": [
        {
            "caregiver_id": "c1",
            "locations": [stop("p1", "s1", 12, 22), stop("p2", "s1", 50, 55), stop("p3", "s1", 85, 90)],
        },
        {"caregiver_id": "c2", "locations": [stop("p2", "s2", 50, 55), stop("p3", "s2", 97, 102)]},
    ]
}


def test_a_right_solution_costs_a_third_of_travel_tardiness_and_the_worst() -> None:
    verdict = judge_hhcrsp(INSTANCE, RIGHT).approved()
    assert (verdict.travel, verdict.tardiness, verdict.worst, verdict.served) == (120, 7, 7, 3)
    assert verdict.cost == pytest.approx(134 / 3)


def test_both_spellings_of_the_published_form_are_read() -> None:
    text = json.dumps(RIGHT).replace('"patient"', '"patient_id"').replace('"service"', '"service_id"')
    assert judge_hhcrsp(INSTANCE, json.loads(text)).cost == judge_hhcrsp(INSTANCE, RIGHT).cost


def test_both_spellings_of_the_distance_are_read() -> None:
    other = copy.deepcopy(INSTANCE)
    other["patients"][2]["synchronization"]["distance"] = {"min": 10, "max": 11}
    assert judge_hhcrsp(other, RIGHT).problems == ["The second at p3 starts 12 after the first, not 10 to 11."]


def first(solution: dict[str, Any]) -> list[dict[str, Any]]:
    stops: list[dict[str, Any]] = solution["routes"][0]["locations"]
    return stops


def second(solution: dict[str, Any]) -> list[dict[str, Any]]:
    stops: list[dict[str, Any]] = solution["routes"][1]["locations"]
    return stops


@pytest.mark.parametrize(
    "break_it, sentence",
    [
        (lambda s: first(s).pop(0), "s1 for p1 is done 0 times, not 1."),
        (lambda s: first(s).append(stop("p1", "s1", 110, 120)), "s1 for p1 is done 2 times, not 1."),
        (lambda s: first(s)[0].update(arrival_time=9, departure_time=19), "c1 starts s1 for p1 at 9, before"),
        (lambda s: first(s)[0].update(arrival_time=9, departure_time=19), "but can't be there before 10."),
        (lambda s: first(s)[1].update(arrival_time=31), "c1 spends 24 on s1 for p2, not 5."),
        (lambda s: first(s)[2].update(arrival_time=64, departure_time=69), "but can't be there before 65."),
        (lambda s: second(s)[0].update(arrival_time=52, departure_time=57), "The two at p2 start 2 apart"),
        (lambda s: second(s)[1].update(arrival_time=94, departure_time=99), "starts 9 after the first, not 10 to 20."),
        (lambda s: second(s)[1].update(arrival_time=106, departure_time=111), "starts 21 after the first"),
        (lambda s: s["routes"].reverse() or s["routes"][0].update(caregiver_id="c1"), "c1 has two routes."),
        (lambda s: s["routes"][1].update(caregiver_id="c9"), "c9 is no caregiver of the instance."),
        (lambda s: second(s)[0].update(patient="p9"), "p9 is no patient of the instance."),
        (lambda s: second(s)[0].update(service="s1"), "c2 is not able to do s1 for p2."),
        (lambda s: first(s)[0].update(service="s2"), "c1 does s2 for p1, which nobody asked for."),
        (lambda s: first(s).append(second(s).pop()), "c1 is both persons at p3."),
    ],
)
def test_a_broken_rule_is_seen(break_it: Callable[[dict[str, Any]], Any], sentence: str) -> None:
    solution = copy.deepcopy(RIGHT)
    break_it(solution)
    with pytest.raises(Broken) as said:
        judge_hhcrsp(INSTANCE, solution).approved()
    assert sentence in str(said.value)


DAY: dict[str, Any] = {
    "workers": [
        {"id": 0, "skills": [0], "start": 1000, "end": 9000},
        {"id": 1, "skills": [0, 1], "start": 1000, "end": 9000},
    ],
    "visits": [
        {"id": 0, "skill": 0, "duration": 600, "window": [1000, 4000], "called_at": 0},
        {"id": 1, "skill": 1, "duration": 600, "window": [3000, 5000], "called_at": 2000},
        {"id": 2, "skill": 0, "duration": 600, "window": [2000, 8000], "called_at": 0},
    ],
    "travel": [
        [0, 100, 500, 500, 700],
        [100, 0, 500, 500, 700],
        [500, 500, 0, 300, 300],
        [500, 500, 300, 0, 300],
        [700, 700, 300, 300, 0],
    ],
}
PLAN: dict[str, Any] = {
    "routes": [
        {"worker": 0, "stops": [{"visit": 0, "start": 1500}, {"visit": 2, "start": 2400}]},
        {"worker": 1, "stops": [{"visit": 1, "start": 3000}]},
    ]
}


def test_a_right_plan_has_its_travel_with_both_ways_home() -> None:
    verdict = judge_day(DAY, PLAN).approved()
    assert (verdict.served, verdict.travel) == (3, 500 + 300 + 700 + 500 + 500)


def test_what_is_left_out_is_not_served() -> None:
    fewer = {"routes": PLAN["routes"][:1]}
    assert judge_day(DAY, fewer).approved().served == 2


@pytest.mark.parametrize(
    "break_it, sentence",
    [
        (lambda r: r[0]["stops"][0].update(start=1400), "can't be there before 0:25:00."),
        (lambda r: r[0]["stops"][1].update(start=2300), "can't be there before 0:40:00."),
        (lambda r: r[1]["stops"][0].update(start=2900), "outside 0:50:00-1:23:20."),
        (lambda r: r[1]["stops"][0].update(start=5001), "outside 0:50:00-1:23:20."),
        (lambda r: r[0]["stops"][1].update(start=7900), "Worker 0 is home at 2:33:20, after 2:30:00."),
        (lambda r: r[0]["stops"].append({"visit": 1, "start": 4000}), "Visit 1 is done by 0 and by 1."),
        (lambda r: r[0]["stops"].append(r[1]["stops"].pop()), "Worker 0 lacks skill 1 for visit 1."),
        (lambda r: r[1].update(worker=0), "Worker 0 has two routes."),
        (lambda r: r[1].update(worker=7), "There is no worker 7."),
        (lambda r: r[1]["stops"][0].update(visit=9), "There is no visit 9."),
    ],
)
def test_a_broken_rule_of_the_day_is_seen(break_it: Callable[[list[Any]], Any], sentence: str) -> None:
    plan = copy.deepcopy(PLAN)
    break_it(plan["routes"])
    assert any(sentence in problem for problem in judge_day(DAY, plan).problems)


def test_it_shares_no_code_with_the_planner() -> None:
    assert not [name for name, value in vars(checks).items() if "planner" in str(getattr(value, "__module__", ""))]
