"""What became of every row, told in Chinese or English, and as a table to be mended and imported again."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, get_args

from app.imports.cells import printable, without_identity_numbers
from app.imports.problems import Problem, say
from app.imports.reading import Table

SHOWN_ROWS = 8
"""Row numbers that a line names before it only counts."""

Outcome = Literal["added", "updated", "same", "refused"]


@dataclass(frozen=True)
class RowResult:
    """One row. problems: why it was refused; notes: what the office should know though it was taken over."""

    number: int
    outcome: Outcome
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()


@dataclass
class Report:
    """The whole import. notices: about columns; table: what was read, for the list of refused rows."""

    table: Table
    rows: list[RowResult] = field(default_factory=list)
    notices: list[Problem] = field(default_factory=list)
    dry_run: bool = False

    @property
    def kind(self) -> str:
        """residents, workers, areas or services."""
        return self.table.kind

    @property
    def counts(self) -> dict[str, int]:
        """How many rows were added, updated, the same, refused."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in get_args(Outcome)}

    @property
    def refused(self) -> list[RowResult]:
        """The rows that were not taken over."""
        return [row for row in self.rows if row.outcome == "refused"]

    def summary(self, language: str) -> str:
        """The counts in one sentence; language zh-CN or en."""
        text = say("summary", language, total=len(self.rows), **self.counts)
        return f"{text} {say('dry_run', language)}" if self.dry_run else text

    def lines(self, language: str) -> list[str]:
        """Everything there is to tell, a line each: about columns, refused rows, then notes.

        A note that is the same for many rows is told once, with their number and the first of them.
        """
        told = [notice.sentence(language) for notice in self.notices]
        for row in self.refused:
            told += [say("line", language, row=row.number, text=one.sentence(language)) for one in row.problems]
        noted: dict[str, list[int]] = {}
        for row in self.rows:
            for note in row.notes:
                noted.setdefault(note.sentence(language), []).append(row.number)
        return told + [_noted(text, numbers, language) for text, numbers in noted.items()]

    def to_mend(self, language: str) -> list[list[str]]:
        """The refused rows as a table: a row number and the columns as they came, then the reason.

        Columns that may not be kept (identity numbers) are left out. The office mends the rows and imports the table;
        the added columns are known and passed over then.
        """
        columns = [column for column in self.table.columns if not column.secret]
        given = dict(self.table.rows)
        lines = [[say("row", language), *(column.header for column in columns), say("reason", language)]]
        for row in self.refused:
            cells = given[row.number]
            shown = [printable(cells[one.index]) if one.index < len(cells) else "" for one in columns]
            lines.append([str(row.number), *map(without_identity_numbers, shown), self.reason(row, language)])
        return lines

    def reason(self, row: RowResult, language: str) -> str:
        """Why a row was refused, in one line."""
        return _joiner(language).join(problem.sentence(language) for problem in row.problems)


def _noted(text: str, numbers: list[int], language: str) -> str:
    """One note, for the row or for the rows that it concerns."""
    if len(numbers) == 1:
        return say("line", language, row=numbers[0], text=text)
    more = "…" if len(numbers) > SHOWN_ROWS else ""
    shown = ", ".join(map(str, numbers[:SHOWN_ROWS])) + more
    return say("lines", language, count=len(numbers), rows=shown, text=text)


def notices_of(table: Table) -> list[Problem]:
    """What there is to say about the columns of a table."""
    return [Problem(column.why, column.header) for column in table.columns if column.why]


def _joiner(language: str) -> str:
    return "；" if language == "zh-CN" else "; "
