"""Simulated time: a SimPy environment that winds the product's clock before each of its events."""

from collections.abc import Iterator
from datetime import UTC, datetime

import simpy

from app.core import clock

Life = Iterator[simpy.Event]
"""What somebody does, as SimPy has it: he goes on when the event that he gives comes."""


class Time(simpy.Environment):
    """Seconds since the epoch; between two events no time passes, for the product neither."""

    def __init__(self, begins: datetime) -> None:
        super().__init__(begins.timestamp())
        self._wind(begins.timestamp())

    def step(self) -> None:
        """The next event, with the clock at its moment."""
        self._wind(self.peek())
        super().step()

    def pass_until(self, moment: float) -> None:
        """Let everything happen that comes before ``moment``, and be there."""
        reached = self.timeout(max(0.0, moment - self.now))
        while not reached.processed:
            self.step()

    def until(self, moment: float) -> simpy.Event:
        """The event that ``moment`` has come; at once if it is past."""
        return self.timeout(max(0.0, moment - self.now))

    @staticmethod
    def _wind(moment: float) -> None:
        clock.start(datetime.fromtimestamp(moment, UTC), rate=0)
        clock.now()  # read at once: two files written within one tick of the disk's clock may look like the same
