"""Take over a table row by row: good rows in, bad rows out with the reason, nothing half done.

Every row is its own savepoint inside the caller's transaction; whatever goes wrong in one leaves the others alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.core import clock, moves, settings
from app.core.errors import DoorlineError
from app.imports import areas, residents, services, workers
from app.imports.fields import Context, Row, read_rows
from app.imports.problems import Problem, RowError
from app.imports.reading import Table
from app.imports.report import Outcome, Report, RowResult, notices_of


class Writer(Protocol):
    """Writes rows of one kind."""

    def write(self, row: Row, by: str) -> tuple[Any, Outcome, list[Problem]]:
        """Add or update what the row describes; returns it, what happened and notes. Raises RowError."""


@dataclass(frozen=True)
class Kind:
    """A kind of list. key: what makes two rows the same; order: which rows come first; kept: it writes its history."""

    writer: Callable[[Session], Writer]
    key: Callable[[Row], list[str]]
    order: Callable[[Row], int]
    kept: bool = False


KINDS = {
    "residents": Kind(residents.Residents, residents.key, residents.order, kept=True),
    "workers": Kind(workers.Workers, workers.key, workers.order),
    "areas": Kind(areas.Areas, areas.key, areas.order),
    "services": Kind(services.Services, services.key, services.order),
}


def import_rows(
    session: Session,
    kind: str,
    table: Table,
    by: str,
    *,
    area_code: str = "",
    datum: str = "wgs84",
    dry_run: bool = False,
    step: Callable[[], object] = lambda: None,
) -> Report:
    """Take over ``table`` (see reading.read) and report on every row; the caller commits.

    kind: residents, workers, areas or services. by: "staff:7". area_code: put before landlines written without one,
    such as "021". datum: of the coordinates in the table, wgs84, gcj02 (Amap, Tencent) or bd09 (Baidu). dry_run:
    everything is tried and nothing stays. step: called for each row that is tried.
    """
    with session.begin_nested() as whole:
        report = _Import(session, KINDS[kind], by, step).run(table, Context(_today(), area_code, datum))
        if dry_run:
            whole.rollback()
    report.dry_run = dry_run
    return report


class _Import:
    """One import under way."""

    def __init__(self, session: Session, kind: Kind, by: str, step: Callable[[], object]) -> None:
        self._session, self._kind, self._by, self._step = session, kind, by, step
        self._writer = kind.writer(session)
        self._seen: dict[str, int] = {}

    def run(self, table: Table, context: Context) -> Report:
        rows = read_rows(table, context)
        good = sorted((row for row in rows if not row.problems), key=self._kind.order)
        results = {row.number: self._take(row) for row in good}
        results |= {row.number: _refused(row, row.problems) for row in rows if row.problems}
        return Report(table, [results[row.number] for row in rows], notices_of(table))

    def _take(self, row: Row) -> RowResult:
        self._step()
        keys = self._kind.key(row)
        for key in keys:
            if key in self._seen:
                return _refused(row, [Problem("row.duplicate", "", {"row": self._seen[key], "what": key})])
        try:
            with self._session.begin_nested():
                thing, outcome, notes = self._writer.write(row, self._by)
                if outcome != "same" and not self._kind.kept:
                    moves.record(self._session, thing, "imported", self._by)
        except RowError as error:
            return _refused(row, list(error.problems))
        except (DatabaseError, DoorlineError) as error:
            return _refused(row, [Problem("row.refused_by_database", "", {"given": type(error).__name__})])
        self._seen |= dict.fromkeys(keys, row.number)
        return RowResult(row.number, outcome, notes=tuple(notes))


def _refused(row: Row, problems: list[Problem]) -> RowResult:
    return RowResult(row.number, "refused", tuple(problems))


def _today() -> date:
    return clock.now().astimezone(settings.current().zone).date()
