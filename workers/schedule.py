"""The clock process: a second by second look at which rows are due, on the product's own clock.

It decides nothing: it rings. Two of them at once do no harm, and an outage of database or Redis is waited out.
"""

import signal
import threading
import time

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError

from app.core import clock, logs
from workers import sweep
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
    away: set[str] = set()
    while not stop.is_set():
        began = time.monotonic()
        for look in sweep.LOOKS:
            if not stop.is_set():
                _carefully(look, away)
        period = ADJUSTABLE_PERIOD if clock.is_adjustable() else PERIOD
        stop.wait(max(0.0, period - (time.monotonic() - began)))
    log.info("clock_stopped")


def _carefully(look: sweep.Look, away: set[str]) -> None:
    """One look; ``away`` are the looks that have failed and were told of, each outage once."""
    try:
        look()
    except (DBAPIError, RedisError) as error:
        if look.__name__ not in away:
            log.warning("sweep_postponed", look=look.__name__, error=type(error).__name__)
        away.add(look.__name__)
    except Exception:
        if look.__name__ not in away:
            log.exception("sweep_failed", look=look.__name__)
        away.add(look.__name__)
    else:
        if look.__name__ in away:
            log.info("sweep_resumed", look=look.__name__)
        away.discard(look.__name__)
