"""Which due rows to ring now: a row that stays due was rung already, and its job waits, works, or fails.

Kept in the memory of the clock process, since losing it costs no more than one ring too many.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from app.core import clock, queue

log = structlog.get_logger(__name__)

FIRST_WAIT = 3.0
"""Seconds before a row that stays due is rung a second time, by the product's clock or by the wall's, whichever is
sooner: time that is wound passes for the product alone, and time that stands still must not keep a lost job lost."""

LONGEST_WAIT = 300.0
"""Each ring in vain doubles the wait, up to this: a job that always fails must not keep a core busy."""

WORRYING = 4
"""After so many rings of a row its job must be failing, and that is told once."""

Row = tuple[Any, ...]


@dataclass
class Rung:
    """When a row was rung last, by both clocks, and how often since it became due."""

    shown: float
    real: float
    times: int = 1


class Patience:
    """Remembers what was rung."""

    def __init__(self) -> None:
        self._rung: dict[str, dict[Row, Rung]] = {}

    def ripe(self, job: str, due: Iterable[Row], first_wait: float = FIRST_WAIT, grows: bool = True) -> list[Row]:
        """Those of ``due`` (the arguments of ``job``, a row each; all that are due now) which are to be rung now.

        A row that is due no more is forgotten. first_wait: seconds until the second ring. grows: each later wait is
        twice as long; without it a row may be due for long and nothing is wrong.
        """
        before = self._rung.get(job, {})
        rows = list(due)
        self._rung[job] = {row: before[row] for row in rows if row in before}
        return [row for row in rows if self._is_ripe(job, row, first_wait, grows)]

    def _is_ripe(self, job: str, row: Row, first_wait: float, grows: bool) -> bool:
        shown, real = clock.timestamp(), time.monotonic()
        known = self._rung[job].get(row)
        if known is None:
            self._rung[job][row] = Rung(shown, real)
            return True
        wait = min(first_wait * 2 ** (known.times - 1), max(LONGEST_WAIT, first_wait)) if grows else first_wait
        if shown - known.shown < wait and real - known.real < wait:
            return False
        known.shown, known.real = shown, real
        if queue.is_silent():  # nobody has heard the last bells: that says nothing about the job
            return True
        known.times += 1
        if grows and known.times == WORRYING:
            log.error("row_stays_due", job=job, row=row, rung=known.times)
        return True
