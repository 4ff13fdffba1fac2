"""The doors outside, as far as a week needs them: a doorbell in this process in place of Redis, and a carrier's ear."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest.mock import patch

from sqlalchemy.orm import Session

from app.core import queue
from app.gateways import carrier
from app.gateways.carrier import CarrierCall, Listing, SentText

Job = tuple[str, tuple[Any, ...]]


class Doorbell:
    """Keeps what was rung, in order, for whoever carries it out."""

    def __init__(self) -> None:
        self.rung: deque[Job] = deque()

    def ring(self, session: Session) -> None:
        """In place of core.queue.ring."""
        self.rung.extend(queue.waiting(session))
        queue.forget(session)


class Ear:
    """A carrier that takes everything and delivers it at once. heard: called with the number of each text."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard, self._count = heard, 0

    def send_text(self, to: str, body: str, status_url: str) -> str:
        """See app.gateways.carrier.Carrier."""
        self._heard(to)
        return self._sid("SM")

    def place_call(self, to: str, url: str, status_url: str, timeout: int) -> str:
        """See app.gateways.carrier.Carrier. Nobody says what becomes of the call."""
        return self._sid("CA")

    def find_texts(self, to: str, since: datetime) -> Listing[SentText]:
        """See app.gateways.carrier.Carrier."""
        return Listing((), complete=False)

    def find_calls(self, to: str, since: datetime) -> Listing[CarrierCall]:
        """See app.gateways.carrier.Carrier."""
        return Listing((), complete=False)

    def _sid(self, kind: str) -> str:
        self._count += 1
        return f"{kind}{self._count:032x}"


@contextmanager
def connected(bell: Doorbell, ear: Ear) -> Iterator[None]:
    """Bell and ear are this process' own for the length of the block."""
    with patch.object(queue, "ring", bell.ring):
        carrier.use(ear)  # type: ignore[arg-type]
        try:
            yield
        finally:
            carrier.use(None)
