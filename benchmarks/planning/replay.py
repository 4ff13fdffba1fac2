"""An independent judge of dynamic days: what each worker does is worked out again from the plans as they were made.

A log is {"plans": [{"at", "routes": [{"worker", "visits"}]}], "routes": [{"worker", "stops": [{"visit", "left",
"start"}]}]}: every plan with the moment from which it held, stops already left for included, and what came of it.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from benchmarks.planning.checks import Document, Sentences, Verdict, judge_day

NEVER = 10**9
"""After the last plan nothing is planned any more."""


@dataclass
class DynamicVerdict(Verdict):
    """moved: how often a visit went to another worker. given_up: how often one was in a plan and not in the next."""

    moved: int = 0
    given_up: int = 0


@dataclass
class _Walk:
    """Where a worker is: the stops he has left for, the last one's place, and when he is free there."""

    at: int
    free: int
    stops: list[tuple[int, int, int]] = field(default_factory=list)


def judge_dynamic(day: Document, log: Document) -> DynamicVerdict:
    """Every rule of the day, and of the dynamic day: nothing before it is called in, a stop once left for stays."""
    still = judge_day(day, log)
    verdict = DynamicVerdict(still.travel, still.served, problems=still.problems)
    walks = {worker["id"]: _Walk(home, worker["start"]) for home, worker in enumerate(day["workers"])}
    for plan, following in pairwise([*log["plans"], {"at": NEVER}]):
        verdict.problems += _of_a_plan(day, walks, plan)
        for route in plan["routes"]:
            _walk(day, walks[route["worker"]], route["visits"], plan["at"], following["at"])
    for route in log["routes"]:
        stops = [(stop["visit"], stop["left"], stop["start"]) for stop in route["stops"]]
        if stops != walks[route["worker"]].stops:
            verdict.problems.append(f"Worker {route['worker']} did not do what the plans told him.")
    _count_moves(log["plans"], verdict)
    return verdict


def _of_a_plan(day: Document, walks: dict[Any, _Walk], plan: Document) -> Sentences:
    called = {visit["id"]: visit["called_at"] for visit in day["visits"]}
    given: set[Any] = set()
    for route in plan["routes"]:
        left_for = [visit for visit, _, _ in walks[route["worker"]].stops]
        if route["visits"][: len(left_for)] != left_for:
            yield f"At {plan['at']} worker {route['worker']} is under way to stops that the plan changes."
        for visit in route["visits"]:
            if called[visit] > plan["at"]:
                yield f"At {plan['at']} visit {visit} is planned, which is called in at {called[visit]}."
            if visit in given:
                yield f"At {plan['at']} visit {visit} is planned twice."
            given.add(visit)


def _walk(day: Document, walk: _Walk, visits: list[Any], since: int, until: int) -> None:
    """He leaves for the next stop at once, unless he would wait there; not after ``until``."""
    places = {visit["id"]: place for place, visit in enumerate(day["visits"], start=len(day["workers"]))}
    for name in visits[len(walk.stops) :]:
        visit = day["visits"][places[name] - len(day["workers"])]
        way = day["travel"][walk.at][places[name]]
        left = max(walk.free, since, visit["window"][0] - way)
        if left > until:
            return
        start = left + way
        walk.stops.append((name, left, start))
        walk.at, walk.free = places[name], start + visit["duration"]


def _count_moves(plans: list[Document], verdict: DynamicVerdict) -> None:
    last: dict[Any, Any] = {}
    before: set[Any] = set()
    for plan in plans:
        now = {visit: route["worker"] for route in plan["routes"] for visit in route["visits"]}
        verdict.moved += sum(last.get(visit, worker) != worker for visit, worker in now.items())
        verdict.given_up += len(before - now.keys())
        last.update(now)
        before = set(now)
