"""A carrier for tests: keeps what it is handed, lists it, and fails or dies as it is told."""

from datetime import datetime

from app.core import clock
from app.gateways.carrier import CarrierCall, Listing, SentText
from app.gateways.errors import GatewayError


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the product catches it."""


class FakeCarrier:
    """Texts and calls in lists, newest last.

    refuse: errors to raise at the next requests, before anything is kept. die: "before" or "after" the next text was
    or call was kept, the process dies. urls: what leads the calls, in their order.
    """

    def __init__(self) -> None:
        self.texts: list[SentText] = []
        self.calls: list[CarrierCall] = []
        self.urls: list[str] = []
        self.status_urls: list[str] = []
        self.redirected: list[tuple[str, str]] = []
        self.hung_up: list[str] = []
        self.refuse: list[GatewayError] = []
        self.die = ""
        self.complete = True

    def send_text(self, to: str, body: str, status_url: str) -> str:
        self._maybe_refuse()
        if self.die == "before":
            raise Killed
        sid = f"SM{len(self.texts) + 1:032x}"
        self.texts.append(SentText(sid, to, body, "queued", None, clock.now()))
        self.status_urls.append(status_url)
        if self.die == "after":
            raise Killed
        return sid

    def find_texts(self, to: str, since: datetime) -> Listing[SentText]:
        self._maybe_refuse()
        rows = [text for text in reversed(self.texts) if text.to == to and text.at >= since]
        return Listing(tuple(rows), self.complete)

    def place_call(self, to: str, url: str, status_url: str, timeout: int) -> str:
        self._maybe_refuse()
        if self.die == "before":
            raise Killed
        sid = f"CA{len(self.calls) + 1:032x}"
        self.calls.append(CarrierCall(sid, to, "queued", clock.now()))
        self.urls.append(url)
        self.status_urls.append(status_url)
        if self.die == "after":
            raise Killed
        return sid

    def find_calls(self, to: str, since: datetime) -> Listing[CarrierCall]:
        self._maybe_refuse()
        rows = [call for call in reversed(self.calls) if call.to == to and call.at >= since]
        return Listing(tuple(rows), self.complete)

    def call(self, sid: str) -> CarrierCall:
        self._maybe_refuse()
        return next(call for call in self.calls if call.sid == sid)

    def redirect_call(self, sid: str, url: str, fallback_url: str) -> None:
        self._maybe_refuse()
        self.redirected.append((sid, url))

    def hang_up(self, sid: str) -> None:
        self._maybe_refuse()
        self.hung_up.append(sid)

    def _maybe_refuse(self) -> None:
        if self.refuse:
            raise self.refuse.pop(0)
