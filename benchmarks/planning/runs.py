"""The measuring itself: each run is judged by the independent checker before anybody sees a figure of it."""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from app.visits.matching.problem import Weights
from app.visits.planner.search import Limits, Search, routes
from app.visits.planner.team import search_together
from app.visits.planner.warm import warm_up
from benchmarks.planning import days, hhcrsp, peers, simple
from benchmarks.planning.checks import Verdict, judge_day, judge_hhcrsp
from benchmarks.planning.dynamic import Planning, Policy, Prices, insertion, nearest, run
from benchmarks.planning.files import Document
from benchmarks.planning.replay import DynamicVerdict, judge_dynamic

IN_THE_MORNING = 2.0
"""Seconds for the plan with which a dynamic day begins."""


@dataclass(frozen=True)
class Solved:
    """One instance. cost: by the checker. laps: what repeats the search. trace: (seconds, cost) at each gain."""

    name: str
    patients: int
    cost: float
    solution: Document
    laps: list[int]
    trace: list[tuple[float, float]]


@dataclass(frozen=True)
class Planned:
    """One day by one method; seconds: how long it took."""

    name: str
    method: str
    seconds: float
    verdict: Verdict
    plan: Document


def solve(name: str, document: Document, seconds: float, seed: int) -> Solved:
    """One search of ``seconds`` on one core. Raises Broken if the solution breaks a rule."""
    warm_up()
    problem = hhcrsp.read(name, document)
    found = Search(problem.it, seed).run(Limits(seconds=seconds))
    solution = hhcrsp.solution(problem, found.day)
    cost = judge_hhcrsp(document, solution).approved().cost
    trace = [(at, hhcrsp.cost(price)) for at, price in found.trace]
    return Solved(name, problem.patients, cost, solution, list(found.laps), trace)


def solve_all(instances: Iterable[tuple[str, Document]], seconds: float, seed: int, jobs: int) -> Iterator[Solved]:
    """Each as soon as it is known; jobs: processes side by side."""
    if jobs == 1:
        yield from (solve(name, document, seconds, seed) for name, document in instances)
        return
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        waiting = [pool.submit(solve, name, document, seconds, seed) for name, document in instances]
        for done in as_completed(waiting):
            yield done.result()


def ours(day: Document, seconds: float, seed: int, cores: int = 1) -> list[list[int]]:
    """The planner's routes for a day."""
    found = search_together(days.read(day), seed, Limits(seconds=seconds), cores)
    return routes(found.day, len(day["workers"]))


def day_methods(
    budgets: Iterable[float], seed: int, with_peers: bool, cores: int = 1
) -> dict[str, Callable[[Document], days.Routes]]:
    """Name -> how to plan a day; PyVRP, if it is installed, gets the longest of our times; cores: for the planner."""
    budgets = list(budgets)
    methods: dict[str, Callable[[Document], days.Routes]] = {
        "nearest free worker": simple.nearest_free,
        "cheapest insertion": simple.cheapest_insertion,
    }
    if with_peers and peers.vroom is not None:
        methods["VROOM x1"] = lambda day: peers.by_vroom(day, exploration=1)
        methods["VROOM x5"] = lambda day: peers.by_vroom(day, exploration=5)
    if with_peers and peers.pyvrp is not None:
        methods[f"PyVRP {max(budgets):g} s"] = lambda day: peers.by_pyvrp(day, max(budgets), seed)
    for seconds in budgets:
        methods[_named(seconds, cores)] = lambda day, seconds=seconds: ours(day, seconds, seed, cores)  # type: ignore[misc]
    return methods


def _named(seconds: float, cores: int) -> str:
    return f"planner {seconds:g} s" + (f" on {cores} cores" if cores > 1 else "")


def plan_days(
    all_days: Iterable[tuple[str, Document]], methods: dict[str, Callable[[Document], days.Routes]]
) -> Iterator[Planned]:
    """Every day by every method."""
    warm_up()
    for name, day in all_days:
        for method, routes_of in methods.items():
            began = time.monotonic()
            plan = days.plan(day, routes_of(day))
            took = time.monotonic() - began
            yield Planned(name, method, took, judge_day(day, plan).approved(), plan)


def dynamic_methods(
    seconds: float, seed: int, moving: float, waiting: float, cores: int = 1
) -> dict[str, tuple[Policy, Policy]]:
    """Name -> (policy in the morning, policy at each call). moving, waiting: see Prices; load is priced as usual."""
    weighed = {
        "nothing but travel": Prices(),
        f"moving {moving / 60:g} min": Prices(moving),
        f"moving {moving / 60:g} min, waiting {waiting:g}": Prices(moving, waiting, Weights().load),
    }
    methods: dict[str, tuple[Policy, Policy]] = {
        "nearest free worker": (nearest, nearest),
        "cheapest insertion": (insertion, insertion),
    }
    for name, prices in weighed.items():
        morning, later = (Planning(time, prices, seed, cores) for time in (IN_THE_MORNING, seconds))
        methods[f"{_named(seconds, cores)}, {name}"] = morning, later
    return methods


def drive_days(
    all_days: Iterable[tuple[str, Document]], methods: dict[str, tuple[Policy, Policy]]
) -> Iterator[tuple[str, str, DynamicVerdict]]:
    """(day, method, verdict) for every dynamic day by every method."""
    warm_up()
    for name, day in all_days:
        for method, (in_the_morning, at_a_call) in methods.items():
            verdict = judge_dynamic(day, run(day, in_the_morning, at_a_call))
            verdict.approved()
            yield name, method, verdict
