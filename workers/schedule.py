"""The clock process: a second by second look at which rows are due, on the product's own clock.

It decides nothing: it rings. Two of them at once do no harm, and an outage of database or Redis is waited out.
"""

import signal
import threading
import time
from collections.abc import Sequence

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from app.core import clock, logs
from workers import failures, sweep
from workers.patience import Patience

log = structlog.get_logger(__name__)

PERIOD = 1.0
"""Seconds, real time: how often the rows are looked at. What is due is decided by the product's clock."""

ADJUSTABLE_PERIOD = 0.15
"""The same where time may be wound or runs faster."""


def run() -> None:
    """Sweep until a signal comes."""
    logs.configure()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    log.info("clock_started")
    sweep.be_patient(Patience())
    rounds = Rounds()
    while not stop.is_set():
        began = time.monotonic()
        rounds.go(stop)
        period = ADJUSTABLE_PERIOD if clock.is_adjustable() else PERIOD
        stop.wait(max(0.0, period - (time.monotonic() - began)))
    log.info("clock_stopped")


class Rounds:
    """All looks, one after another; what fails is told once, until it goes well again."""

    def __init__(self, looks: Sequence[sweep.Look] = sweep.LOOKS) -> None:
        self._looks = looks
        self._away = False
        self._failing: set[sweep.Look] = set()

    def go(self, stop: threading.Event) -> None:
        """One round. Without database its rest is left out; a look that fails by itself does not stop the others."""
        for look in self._looks:
            if stop.is_set():
                return
            try:
                look()
            except (OperationalError, InterfaceError) as error:
                if not self._away:
                    log.warning("sweep_postponed", look=look.__name__, error=type(error).__name__)
                self._away = True
                return
            except Exception as error:
                self._failed(look, error)
            else:
                self._failing.discard(look)
        if self._away:
            log.info("sweep_resumed")
        self._away = False

    def _failed(self, look: sweep.Look, error: Exception) -> None:
        if look not in self._failing:
            failures.tell("sweep_failed", error, look=look.__name__)
        self._failing.add(look)
