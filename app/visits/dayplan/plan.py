"""Asks the search for a better day, and says what would change and why."""

from collections.abc import Iterator

from app.visits.dayplan.changes import Change, Plan
from app.visits.dayplan.keeping import TOLERATED, unserved, with_promises_kept
from app.visits.dayplan.layout import Layout, lay_out
from app.visits.matching.problem import Problem, Request
from app.visits.planner.day import START, SUCC, WORKER, Day
from app.visits.planner.instance import OPENS
from app.visits.planner.search import Limits, Search


def plan(problem: Problem, seed: int, limits: Limits) -> Plan:
    """The best day found with every promise kept, or, if that leaves somebody without a visit, with promises moved.

    Promises are moved only where more people are served by it, never to shorten a way: a worker and a resident who
    were told a time rely on it. ``limits`` hold for each of the two searches.
    """
    layout = lay_out(problem)
    if layout is None:
        return _nobody(problem, seed)
    calm = with_promises_kept(problem, layout)
    found = solve(calm, seed, limits)
    lost = unserved(calm, found.placed)
    if lost == 0 or len(calm.requests) == len(problem.requests):
        return found
    moved = _search(problem, layout, seed, limits)
    return moved if unserved(problem, moved.placed) < lost else found


def solve(problem: Problem, seed: int, limits: Limits) -> Plan:
    """One search: a day that is never worse than things stand; same input, seed and laps, same plan."""
    layout = lay_out(problem)
    return _search(problem, layout, seed, limits) if layout else _nobody(problem, seed)


def _search(problem: Problem, layout: Layout, seed: int, limits: Limits) -> Plan:
    search = Search(layout.instance, seed, layout.given)
    price_before = search.price
    found = search.run(limits)
    changes: list[Change] = []
    placed: dict[int, tuple[int, int]] = {}
    for v, request in enumerate(problem.requests):
        w = int(found.day.node[v, WORKER])
        there = _there(layout, found.day, v, request) if w >= 0 else None
        there = _as_it_was(layout, v, request, there)
        if there is not None and request.visit_id is not None:
            placed[request.visit_id] = there
        changes += _changes(layout, v, request, there)
    return Plan(problem, tuple(changes), placed, seed, tuple(found.laps), found.price, price_before)


def _nobody(problem: Problem, seed: int) -> Plan:
    """Nobody works, or there is nothing to plan."""
    changes = tuple(Change(one, None, None, "absent") for one in problem.requests if one.held)
    return Plan(problem, changes, {}, seed, (), 0.0, 0.0)


def _there(layout: Layout, day: Day, v: int, request: Request) -> tuple[int, int] | None:
    """Who and when. Where what is settled is reckoned to begin late there seems to be time before it: there is none."""
    start = int(day.node[v, START])
    worker_id = layout.crews[day.node[v, WORKER]].candidate.worker_id
    stands = (request.held.worker_id, request.held.start) if request.held else None
    if stands != (worker_id, start) and _makes_late(layout, day, v):
        return stands
    return worker_id, start


def _makes_late(layout: Layout, day: Day, v: int) -> bool:
    """Whether the next settled block after ``v`` begins late."""
    requests, tasks = len(layout.requests), len(layout.instance.price)
    while (v := int(day.node[v, SUCC])) < tasks:
        if v >= requests:
            return bool(day.node[v, START] > layout.instance.node[v, OPENS])
    return False


def _as_it_was(layout: Layout, v: int, request: Request, there: tuple[int, int] | None) -> tuple[int, int] | None:
    """The time that was said, where somebody will be a little late whatever is done."""
    held, begins = request.held, layout.begins.get(v)
    if held is None or begins is None or there != (held.worker_id, begins) or begins - held.start >= TOLERATED:
        return there
    return held.worker_id, held.start


def _changes(layout: Layout, v: int, request: Request, there: tuple[int, int] | None) -> Iterator[Change]:
    held = request.held
    if held is not None and there == (held.worker_id, held.start):
        return
    if there is None and held is None:
        return
    worker_id, start = there or (None, None)
    yield Change(request, worker_id, start, _why(layout, v, request, worker_id))


def _why(layout: Layout, v: int, request: Request, worker_id: int | None) -> str:
    held = request.held
    begins = layout.begins.get(v)
    # Of two who come together the one who still can is left out with the other; if he keeps it, he is not absent.
    if held is not None and begins is None and worker_id != held.worker_id:
        return "absent"
    if held is None or not held.promised:
        return "free"
    is_late = begins is not None and begins - held.start >= TOLERATED and worker_id == held.worker_id
    return "late" if is_late else "room"
