"""Deadlines in product time for all calls at once: one loop dozes and looks, so that winding the clock is followed."""

import asyncio
import heapq
from itertools import count
from typing import Any

from app.core import clock


class Timers:
    """A heap of futures, each done when its moment of product time has come. ``run`` must be running."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = count()
        self._sooner = asyncio.Event()

    def after(self, seconds: float) -> asyncio.Future[None]:
        """A future that is done ``seconds`` of product time from now; cancel it when it is no longer wanted."""
        due: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if seconds <= 0:
            due.set_result(None)
            return due
        heapq.heappush(self._heap, (clock.timestamp() + seconds, next(self._order), due))
        self._sooner.set()
        return due

    async def sleep(self, seconds: float) -> None:
        """Wait for ``seconds`` of product time."""
        due = self.after(seconds)
        try:
            await due
        finally:
            due.cancel()

    async def first(self, *waiting: asyncio.Future[Any], seconds: float | None = None) -> bool:
        """Wait until one of ``waiting`` is done (True) or ``seconds`` of product time have passed (False).

        ``seconds`` None waits for ever. The futures waited for are left as they are.
        """
        timer = None if seconds is None else self.after(seconds)
        try:
            await asyncio.wait({*waiting, *([timer] if timer else [])}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if timer:
                timer.cancel()
        return any(future.done() for future in waiting)

    async def run(self) -> None:
        """Fire what is due, for ever."""
        while True:
            self._sooner.clear()
            self._fire()
            doze = clock.pause(self._heap[0][0] - clock.timestamp()) if self._heap else None
            try:
                await asyncio.wait_for(self._sooner.wait(), doze)
            except TimeoutError:
                continue

    def _fire(self) -> None:
        now = clock.timestamp()
        while self._heap and (self._heap[0][2].done() or self._heap[0][0] <= now):
            due = heapq.heappop(self._heap)[2]
            if not due.done():
                due.set_result(None)
