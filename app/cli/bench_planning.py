"""doorline bench hhcrsp, day, dynamic and pictures: the planner beside published figures and other planners."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from app.cli import words
from benchmarks.planning import days, files, instant, made_up, pictures, runs, tables
from benchmarks.planning.files import Document

FILES = click.argument(
    "paths", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
SEED = click.option("--seed", default=1, show_default=True, help="Of everything that the planner draws.")
CORES = click.option(
    "--cores", default=1, show_default=True, help="Searches of the planner side by side; the best of them is taken."
)
VISITS = click.option("--visits", default=150, show_default=True, help="Visits of a made-up day.")
WORKERS = click.option("--workers", default=15, show_default=True, help="Workers of a made-up day.")
SEEDS = click.option(
    "--seeds", metavar="A-B", help="Make days up from these seeds instead of reading FILEs, e.g. 4-13."
)


@click.command("hhcrsp")
@FILES
@click.option("--seconds", default=60.0, show_default=True, help="For each instance, on one core.")
@SEED
@click.option("--jobs", default=1, show_default=True, help="Instances side by side; no more than you have cores.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write the solutions into this folder.")
@click.option("--only", default="", metavar="TEXT", help="Only instances with this in their names, e.g. _100_.")
def hhcrsp(paths: tuple[Path, ...], seconds: float, seed: int, jobs: int, out: Path | None, only: str) -> None:
    """Home health care routing and scheduling, beside the published figures.

    FILE: instances in JSON, or a tar.xz of them; without any, the 35 of Mankowska et al. that come with the project.
    Every solution is judged by an independent checker; * marks one that is better than anything published.
    """
    instances = ((name, document) for name, document in files.documents(paths or [files.INSTANCES]) if only in name)
    _show(tables.hhcrsp(_kept(runs.solve_all(instances, seconds, seed, jobs), out, seconds, seed), files.published()))


def _kept(solved: Iterable[runs.Solved], out: Path | None, seconds: float, seed: int) -> Iterator[runs.Solved]:
    """Write each in the published form, beside it what repeats its search."""
    for one in solved:
        if out is not None:
            repeats = {"cost": one.cost, "seconds": seconds, "seed": seed, "laps": one.laps, "trace": one.trace}
            files.write(one.solution, out / f"doorline_{one.name}.json")
            files.write(repeats, out / "searches" / f"{one.name}.json")
        yield one


@click.command("day")
@FILES
@click.option(
    "--seconds", default="1,2,10", show_default=True, metavar="LIST", help="The planner's time, more than one."
)
@SEED
@CORES
@VISITS
@WORKERS
@SEEDS
@click.option("--peers/--no-peers", default=True, show_default=True, help="VROOM, and PyVRP where it is installed.")
def day(
    paths: tuple[Path, ...],
    seconds: str,
    seed: int,
    cores: int,
    visits: int,
    workers: int,
    seeds: str | None,
    peers: bool,
) -> None:
    """A day's plan beside VROOM, PyVRP and simple ways: how many visits are served, and with how much travel.

    FILE: days in JSON (also .xz); without any, the three that come with the project, or days made up by --seeds.
    PyVRP gets the longest of the planner's times. Travel compares only where as many are served.
    """
    methods = runs.day_methods(_numbers(seconds), seed, peers, cores)
    _show(tables.days(runs.plan_days(_days(paths, visits, workers, seeds), methods)))


@click.command("dynamic")
@FILES
@click.option("--seconds", default=0.2, show_default=True, help="The planner's time after each call.")
@click.option(
    "--moving", default=10.0, show_default=True, help="Minutes that it costs to move a visit to somebody else."
)
@click.option("--waiting", default=0.3, show_default=True, help="Price of a second for which somebody waits.")
@SEED
@CORES
@VISITS
@WORKERS
@SEEDS
def dynamic(
    paths: tuple[Path, ...],
    seconds: float,
    moving: float,
    waiting: float,
    seed: int,
    cores: int,
    visits: int,
    workers: int,
    seeds: str | None,
) -> None:
    """A day that fills while it runs: half of the visits are called in during it, and after each all is replanned.

    FILE: as for bench day. A stop is frozen once its worker has left for it. The checker replays each day by itself.
    """
    methods = runs.dynamic_methods(seconds, seed, moving * tables.MINUTE, waiting, cores)
    _show(tables.dynamic(runs.drive_days(_days(paths, visits, workers, seeds), methods)))


@click.command("propose")
@click.option(
    "--sizes", default="60x400,1000x6000", show_default=True, metavar="WORKERSxVISITS,...", help="How large a district."
)
@SEED
def propose(sizes: str, seed: int) -> None:
    """Three proposals for a caller who waits, beside the reckoning of the ways alone. Times of the processor."""
    wanted = [_size(text) for text in sizes.split(",")]
    _show(instant.report(instant.measure(workers, visits, seed) for workers, visits in wanted))


def _size(text: str) -> tuple[int, int]:
    """Workers and visits. Raises click.BadParameter."""
    workers, _, visits = text.strip().partition("x")
    if not (workers.isdigit() and visits.isdigit() and int(workers) > 0):
        raise click.BadParameter(words.say("bench.size", given=text))
    return int(workers), int(visits)


DRAWN = ("_50_1", "_100_2", "_200_1", "_300_2")
"""Instances whose searches are drawn."""
DRAWN_DAY = 10.0
"""Seconds for the plan whose routes are drawn."""


@click.command("pictures")
@click.option("--seconds", default=60.0, show_default=True, help="For each of the searches that are drawn.")
@click.option("--out", default="docs/pictures", show_default=True, type=click.Path(file_okay=False, path_type=Path))
@SEED
def draw(seconds: float, out: Path, seed: int) -> None:
    """Draw the pictures of docs/planner.md: how searches converge, and the routes of a day."""
    known, traces = files.published(), {}
    for name, document in files.documents([files.INSTANCES]):
        if name.endswith(DRAWN):
            solved = runs.solve(name, document, seconds, seed)
            traces[f"{solved.patients} patients"] = (solved.trace, known[name].best_known)
    (out / "convergence.svg").write_text(pictures.convergence(traces, seconds), encoding="utf-8")
    _, one_day = next(files.documents(files.DAYS))
    plan = days.plan(one_day, runs.ours(one_day, DRAWN_DAY, seed))
    (out / "routes.svg").write_text(pictures.route_map(one_day, plan), encoding="utf-8")
    click.echo(f"{out}: convergence.svg, routes.svg")


def _days(paths: tuple[Path, ...], visits: int, workers: int, seeds: str | None) -> Iterator[tuple[str, Document]]:
    if seeds is None:
        yield from files.documents(paths or files.DAYS)
        return
    first, _, last = seeds.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal():
        raise click.BadParameter("give one seed or two with a dash, e.g. 4-13.", param_hint="--seeds")
    for number in range(int(first), int(last or first) + 1):
        yield f"made-up {number}", made_up.day(visits, workers, number)


def _numbers(given: str) -> list[float]:
    try:
        return [float(part) for part in given.split(",")]
    except ValueError:
        raise click.BadParameter("give numbers with commas between, e.g. 1,2,10.", param_hint="--seconds") from None


def _show(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
