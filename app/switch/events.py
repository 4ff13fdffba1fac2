"""What each line lived through: a numbered journal that readers follow from any id on."""

import asyncio
import time
from collections import deque
from itertools import count
from typing import Any

from app.core import clock

KEPT = 1000
"""Events kept per line."""

Event = dict[str, Any]

# Begins at the real start of the process in milliseconds, so that ids also grow across restarts.
_ids = count(int(time.time() * 1000))


def next_id() -> int:
    """A number larger than all before it, in this process and in the ones before."""
    return next(_ids)


class Journal:
    """The events of one line, the youngest ``KEPT`` of them."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._changed = asyncio.Event()

    @property
    def last(self) -> int:
        """The id of the youngest event; 0 if there is none."""
        return int(self._events[-1]["id"]) if self._events else 0

    def write(self, type_: str, call: str | None, **facts: Any) -> Event:
        """Add an event and wake everybody who waits for one."""
        event = {"id": next_id(), "at": clock.now().isoformat(), "type": type_, "call": call, **facts}
        self._events.append(event)
        self._changed.set()
        self._changed = asyncio.Event()
        return event

    def since(self, last: int, types: frozenset[str] = frozenset()) -> list[Event]:
        """Events with an id above ``last``, oldest first; only of ``types`` if any are given."""
        return [e for e in self._events if e["id"] > last and (not types or e["type"] in types)]

    async def wait(self, last: int, types: frozenset[str], seconds: float) -> list[Event]:
        """As ``since``, but wait up to ``seconds`` (real ones: a reader's patience) for the first."""
        end = time.monotonic() + seconds
        while not (found := self.since(last, types)) and (left := end - time.monotonic()) > 0:
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                break
        return found

    def clear(self) -> None:
        """Forget all events; readers' ids stay valid."""
        self._events.clear()
