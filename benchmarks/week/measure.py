"""Both runs of a week, each in a process with stores of its own, and the table that puts them side by side."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from multiprocessing import get_context
from statistics import mean

from app.core import clock, db
from app.visits.planner.warm import warm_up
from benchmarks import ground
from benchmarks.week import counting
from benchmarks.week.counting import Counted
from benchmarks.week.driving import Week, drive, fill

RUNS = {"first dispatch": False, "planner": True}

ENDS = ("applied", "kept", "outdated", "failed", "lost", "wanted", "searching")


@dataclass(frozen=True)
class Outcome:
    """One run. searched: real seconds of each plan. faults: jobs that broke down."""

    counted: Counted
    searched: list[float]
    faults: list[str]


def measure(drawn: Week, jobs: int) -> dict[str, Outcome]:
    """Drive the week both ways, each with stores of its own; with two ``jobs`` at the same time."""
    warm_up()
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        return dict(zip(RUNS, pool.map(_run, repeat(drawn), RUNS), strict=True))


def _run(drawn: Week, name: str) -> Outcome:
    with ground.empty(winds_time=True):
        fill(drawn)
        return outcome(drawn, RUNS[name], partial(_tell, name))


def _tell(name: str, line: str) -> None:
    print(f"{name:15} {line}", flush=True)


def outcome(drawn: Week, is_planned: bool, tell: Callable[[str], None]) -> Outcome:
    """Drive the week in the filled database, and count."""
    stage = drive(drawn, is_planned, tell)
    with db.unit_of_work() as session:
        counted = counting.count(session, drawn.begins, drawn.ends, clock.now(), drawn.zone)
    return Outcome(counted, stage.searched, stage.faults)


def report(found: dict[str, Outcome]) -> Iterator[str]:
    """The table: a line for each figure, the runs side by side, and the second as a share of the first."""
    first, second = found.values()
    yield f"{'':42}" + "".join(f"{name:>16}" for name in found) + f"{'ratio':>9}"
    for (name, one), (_, other) in zip(counting.rows(first.counted), counting.rows(second.counted), strict=True):
        ratio = f"{other / one:9.2f}" if one else f"{'':>9}"
        yield f"{name:42}{_figure(one):>16}{_figure(other):>16}{ratio}"
    plans = second.counted.plans
    ended = ", ".join(f"{plans[state]} {state}" for state in ENDS if state in plans)
    yield f"plans: {ended or 'none'}; {mean(second.searched or [0.0]):.2f} s each, real time"
    for name, one in found.items():
        for fault in one.faults:
            yield f"{name}: a job broke down, {fault}"


def _figure(value: float) -> str:
    return f"{value:.0f}" if isinstance(value, int) else f"{value:.1f}"
