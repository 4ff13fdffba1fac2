"""The clock process, sparing: a round is left out as long as neither the time nor any row has changed since the last.

``python -m tests.journeys.sparing_clock`` runs the product's own clock. Time stands still in a story, so most rounds of
the product's clock would see what the last one saw, and two towns' clocks would keep half a machine from working.
"""

import threading
import time

from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError

from app.core import clock, db
from workers import schedule

AT_LEAST = 1.0
"""Real seconds after which a round is made all the same: some waits go by the wall's clock (workers.patience)."""

Seen = tuple[float, str]


class SparingRounds(schedule.Rounds):
    """Rounds that are worth making."""

    _seen: Seen | None = None
    _made = 0.0

    def go(self, stop: threading.Event) -> None:
        """A round, unless everything is as the last one saw it; without database always, since that is to be told."""
        seen = _look()
        if seen is None or seen != self._seen or time.monotonic() - self._made > AT_LEAST:
            self._made = time.monotonic()
            super().go(stop)
        self._seen = seen


def _look() -> Seen | None:
    """The product's time, and which transactions can be seen: whatever is written changes that."""
    try:
        with db.engine().connect() as connection:
            return clock.timestamp(), str(connection.scalar(text("SELECT pg_current_snapshot()::text")))
    except (OperationalError, InterfaceError):
        return None


def main() -> None:
    """Run the clock until a signal comes."""
    schedule.Rounds = SparingRounds  # type: ignore[misc]
    schedule.run()


if __name__ == "__main__":
    main()
