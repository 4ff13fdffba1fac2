"""The one source of time: every process asks here, so that a demo or a test can wind and speed up time for all.

Real time is used unless ``DOORLINE_CLOCK_FILE`` names a file. That file holds one line of JSON
``{"real": epoch seconds, "shown": epoch seconds, "speed": factor}``: at the real moment ``real`` the product's time was
``shown`` and has run ``speed`` times as fast since. Whoever winds the clock replaces the file in one step; every
process sees it at its next question. Production refuses such a file (see core.settings).
"""

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

TICK = 0.02
"""Longest real pause, in seconds, before a sleeping process looks whether the clock was wound meanwhile."""


@dataclass(frozen=True)
class Reading:
    """The relation between real and shown time.

    real, shown: seconds since the epoch (UTC). speed: shown seconds per real second; 0 stands still.
    """

    real: float
    shown: float
    speed: float

    def at(self, real: float) -> float:
        """Shown seconds since the epoch at the real moment ``real``."""
        return self.shown + (real - self.real) * self.speed


_REAL = Reading(0.0, 0.0, 1.0)
_seen: tuple[str, int, int] | None = None
_reading = _REAL


def _read() -> Reading:
    global _seen, _reading
    name = os.environ.get("DOORLINE_CLOCK_FILE")
    if not name:
        return _REAL
    try:
        stat = os.stat(name)
    except FileNotFoundError:
        return _REAL
    mark = (name, stat.st_mtime_ns, stat.st_ino)
    if mark != _seen:
        _reading = Reading(**json.loads(Path(name).read_text()))
        _seen = mark
    return _reading


def now() -> datetime:
    """The product's present moment, aware, in UTC."""
    return datetime.fromtimestamp(timestamp(), UTC)


def timestamp() -> float:
    """The product's present moment in seconds since the epoch."""
    return _read().at(time.time())


def speed() -> float:
    """Product seconds per real second: 1 in production, 0 where a test holds time still."""
    return _read().speed


def sleep(seconds: float) -> None:
    """Wait for ``seconds`` of product time; winding the clock past the end ends the wait."""
    end = timestamp() + seconds
    while (left := end - timestamp()) > 0:
        time.sleep(pause(left))


def pause(seconds: float) -> float:
    """How long, in real seconds, one may doze before ``seconds`` of product time could have passed.

    Never more than a tick while the clock can be wound, so that a loop that dozes and looks again (an asyncio loop
    too) follows a winding at once.
    """
    rate = speed()
    if not is_adjustable():
        return max(seconds, 0.0)
    return TICK if rate <= 0 else min(max(seconds / rate, 0.0), TICK)


def is_adjustable() -> bool:
    """Whether this process follows a clock file and may therefore be wound."""
    return bool(os.environ.get("DOORLINE_CLOCK_FILE"))


def start(shown: datetime, rate: float = 1.0) -> None:
    """Set the shared clock to ``shown`` (aware) running at ``rate``; creates the file.

    Raises RuntimeError if no clock file is configured.
    """
    _write(Reading(time.time(), shown.timestamp(), rate))


def wind(by: timedelta) -> datetime:
    """Move the shared clock forward by ``by`` (never back) and return the new time.

    Raises ValueError for a negative step, RuntimeError if no clock file is configured.
    """
    if by < timedelta(0):
        raise ValueError("the clock can only be wound forward")
    real = time.time()
    _write(Reading(real, timestamp() + by.total_seconds(), speed()))
    return now()


def set_speed(rate: float) -> None:
    """Let the shared clock run ``rate`` times as fast from now on (0 holds it still)."""
    _write(Reading(time.time(), timestamp(), rate))


def _write(reading: Reading) -> None:
    name = os.environ.get("DOORLINE_CLOCK_FILE")
    if not name:
        raise RuntimeError("DOORLINE_CLOCK_FILE is not set: real time can't be wound")
    draft = Path(f"{name}.{os.getpid()}.{time.monotonic_ns()}")
    draft.write_text(json.dumps({"real": reading.real, "shown": reading.shown, "speed": reading.speed}))
    draft.replace(name)
