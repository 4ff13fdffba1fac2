"""What was measured, a line each as soon as it is known, and the means at the end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.planning.files import Published
from benchmarks.planning.replay import DynamicVerdict
from benchmarks.planning.runs import Planned, Solved

MINUTE = 60

HHCRSP_HEAD = f"{'instance':<28}{'patients':>9}{'ours':>10}{'BRKGA best':>12}{'mean':>10}{'best known':>12}{'gap':>9}"
DAY_HEAD = f"{'day':<14}{'method':<24}{'seconds':>9}{'served':>8}{'travel, min':>13}"
DYNAMIC_HEAD = f"{'day':<14}{'method':<54}{'served':>8}{'travel, min':>13}{'moved':>7}{'given up':>10}"


@dataclass(frozen=True)
class Row:
    """One instance, or the mean of a size."""

    label: str
    patients: int
    ours: float
    best: float | None
    mean: float | None
    known: float | None
    mark: str = ""

    def line(self) -> str:
        """The row as text; gap: ours over the best known."""
        gap = f"{round(100 * (self.ours / self.known - 1), 2) + 0.0:+.2f} %" if self.known else ""
        figures = f"{self.ours:>10.2f}{_figure(self.best):>12}{_figure(self.mean):>10}{_figure(self.known):>12}"
        return f"{self.label:<28}{self.patients:>9}{figures}{gap:>9}{self.mark}"


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def hhcrsp(solved: Iterable[Solved], published: dict[str, Published]) -> Iterator[str]:
    """A line for each instance as it comes, with * for a record; then the means of each size."""
    yield HHCRSP_HEAD
    rows: list[Row] = []
    for one in solved:
        rows.append(_row(one, published.get(one.name)))
        yield rows[-1].line()
    yield ""
    for patients in sorted({row.patients for row in rows}):
        yield _mean([row for row in rows if row.patients == patients]).line()
    if records := sum(bool(row.mark) for row in rows):
        yield f"* less than anything published: {records}"


def _row(one: Solved, known: Published | None) -> Row:
    if known is None:
        return Row(one.name, one.patients, one.cost, None, None, None)
    mark = " *" if known.is_beaten_by(one.cost) else ""
    return Row(one.name, one.patients, one.cost, known.brkga_best, known.brkga_mean, known.best_known, mark)


def _mean(rows: list[Row]) -> Row:
    def mean(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return fmean(known) if len(known) == len(rows) else None

    return Row(
        f"mean of {len(rows)}",
        rows[0].patients,
        fmean(row.ours for row in rows),
        mean([row.best for row in rows]),
        mean([row.mean for row in rows]),
        mean([row.known for row in rows]),
    )


def days(planned: Iterable[Planned]) -> Iterator[str]:
    """A line for each day and method as it comes; then the means of each method."""
    yield DAY_HEAD
    found: dict[str, list[tuple[float, float, float]]] = {}
    for one in planned:
        figures = (one.seconds, float(one.verdict.served), one.verdict.travel / MINUTE)
        found.setdefault(one.method, []).append(figures)
        yield _day(one.name, one.method, figures)
    yield ""
    for method, rows in found.items():
        yield _day(f"mean of {len(rows)}", method, _means(rows))


def _day(name: str, method: str, figures: tuple[float, ...]) -> str:
    seconds, served, travel = figures
    return f"{name:<14}{method:<24}{seconds:>9.2f}{served:>8.1f}{travel:>13.0f}"


def dynamic(driven: Iterable[tuple[str, str, DynamicVerdict]]) -> Iterator[str]:
    """The same for dynamic days."""
    yield DYNAMIC_HEAD
    found: dict[str, list[tuple[float, float, float, float]]] = {}
    for name, method, verdict in driven:
        figures = (float(verdict.served), verdict.travel / MINUTE, float(verdict.moved), float(verdict.given_up))
        found.setdefault(method, []).append(figures)
        yield _dynamic(name, method, figures)
    yield ""
    for method, rows in found.items():
        yield _dynamic(f"mean of {len(rows)}", method, _means(rows))


def _dynamic(name: str, method: str, figures: tuple[float, ...]) -> str:
    served, travel, moved, given_up = figures
    return f"{name:<14}{method:<54}{served:>8.1f}{travel:>13.0f}{moved:>7.1f}{given_up:>10.1f}"


def _means(rows: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    return tuple(fmean(column) for column in zip(*rows, strict=True))
