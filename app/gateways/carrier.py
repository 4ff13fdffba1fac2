"""The carrier: calls and texts by the Twilio REST API (2010-04-01), whoever serves it.

https://www.twilio.com/docs/usage/api. Called with no database session open. Raises Passing, Unclear, Permanent or
Misconfigured (see app.gateways.errors).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, Protocol, TypeVar

from twilio.rest import Client

from app.core import settings
from app.core.settings import Settings
from app.gateways.wire import Wire, already_gone, told_apart

Row = TypeVar("Row")

PAGE = 50
MOST_LISTED = 500
"""A listing is given up after so many rows; it then does not count as complete."""


@dataclass(frozen=True)
class SentText:
    """A text as the carrier keeps it. at: when it was handed over, UTC."""

    sid: str
    to: str
    body: str
    status: str
    error: str | None
    at: datetime


@dataclass(frozen=True)
class CarrierCall:
    """A call as the carrier keeps it. status: queued … completed. at: when it was made, UTC."""

    sid: str
    to: str
    status: str
    at: datetime


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """Rows, newest first; ``complete`` if nothing of the time asked for can be missing."""

    rows: tuple[Row, ...]
    complete: bool


@dataclass(frozen=True)
class Number:
    """A number that the account owns, and where it rings."""

    sid: str
    e164: str
    voice_url: str
    sms_url: str


@dataclass(frozen=True)
class Participant:
    """One side of a conference."""

    call_sid: str
    hold: bool
    muted: bool


class Carrier(Protocol):
    """What the product asks of a carrier."""

    def send_text(self, to: str, body: str, status_url: str) -> str:
        """Hand over a text to ``to`` (E.164) and return its sid. Not idempotent: claim the row first."""

    def find_texts(self, to: str, since: datetime) -> Listing[SentText]:
        """What was handed over for ``to`` at or after ``since`` (UTC)."""

    def place_call(self, to: str, url: str, status_url: str, timeout: int) -> str:
        """Ring ``to`` (E.164 or client:name) for ``timeout`` seconds; ``url`` leads the call. Returns its sid."""

    def find_calls(self, to: str, since: datetime) -> Listing[CarrierCall]:
        """Which calls were placed to ``to`` at or after ``since`` (UTC)."""

    def call(self, sid: str) -> CarrierCall:
        """The present state of a call."""

    def redirect_call(self, sid: str, url: str, fallback_url: str) -> None:
        """Let ``url`` lead a call that is under way, or ``fallback_url`` if that fails. Raises CallOver if it ended."""

    def say_to_call(self, sid: str, twiml: str) -> None:
        """Let this TwiML lead a call that is under way. Raises CallOver if it had ended."""

    def hang_up(self, sid: str) -> None:
        """End a call; harmless if it had ended."""

    def participants(self, conference_sid: str) -> list[Participant]:
        """Who is in the conference (sid from a webhook; looking it up by name is not dependable)."""

    def invite(self, conference_sid: str, to: str, status_url: str) -> str:
        """Ring ``to`` and bring it into the conference; returns the new call's sid."""

    def hold(self, conference_sid: str, call_sid: str, on: bool) -> None:
        """Put one side of a conference on hold, or take it back."""

    def remove(self, conference_sid: str, call_sid: str) -> None:
        """Take one side out of a conference; harmless if it had left."""

    def recording_sound(self, sid: str) -> bytes:
        """The sound (WAV) of a recording whose status is completed."""

    def recording_status(self, sid: str) -> str:
        """processing, completed or absent …"""

    def find_number(self, e164: str) -> Number | None:
        """The account's number, or None if it is not ours."""

    def connect_number(self, sid: str, voice_url: str, fallback_url: str, status_url: str, sms_url: str) -> None:
        """Let a number ring and write to us."""


class TwilioCarrier:
    """The real carrier: Twilio, a compatible switch, or our own, by TWILIO_API_BASE_URL."""

    def __init__(self, configured: Settings) -> None:
        self._from = configured.hotline_number
        by_key = bool(configured.twilio_api_key)
        self._wire = Wire(configured.twilio_api_base_url)
        self._client = Client(
            configured.twilio_api_key if by_key else configured.twilio_account_sid,
            configured.twilio_api_secret if by_key else configured.twilio_auth_token,
            account_sid=configured.twilio_account_sid,
            http_client=self._wire,
        )

    def send_text(self, to: str, body: str, status_url: str) -> str:
        with told_apart():
            made = self._client.messages.create(to=to, from_=self._from, body=body, status_callback=status_url)
        return str(made.sid)

    def find_texts(self, to: str, since: datetime) -> Listing[SentText]:
        # The filter DateSent would hide texts that are accepted but not sent yet: read back by hand instead.
        with told_apart():
            rows = self._client.messages.stream(to=to, page_size=PAGE, limit=MOST_LISTED)
            return _read_back(rows, since, _text)

    def place_call(self, to: str, url: str, status_url: str, timeout: int) -> str:
        with told_apart():
            made = self._client.calls.create(
                to=to,
                from_=self._from,
                url=url,
                method="POST",
                timeout=timeout,
                status_callback=status_url,
                status_callback_method="POST",
                status_callback_event=["initiated", "ringing", "answered", "completed"],
            )
        return str(made.sid)

    def find_calls(self, to: str, since: datetime) -> Listing[CarrierCall]:
        with told_apart():
            return _read_back(self._client.calls.stream(to=to, page_size=PAGE, limit=MOST_LISTED), since, _call)

    def call(self, sid: str) -> CarrierCall:
        with told_apart():
            return _call(self._client.calls(sid).fetch())

    def redirect_call(self, sid: str, url: str, fallback_url: str) -> None:
        with told_apart():
            self._client.calls(sid).update(url=url, method="POST", fallback_url=fallback_url, fallback_method="POST")

    def say_to_call(self, sid: str, twiml: str) -> None:
        with told_apart():
            self._client.calls(sid).update(twiml=twiml)

    def hang_up(self, sid: str) -> None:
        with already_gone(), told_apart():
            self._client.calls(sid).update(status="completed")

    def participants(self, conference_sid: str) -> list[Participant]:
        with told_apart():
            rows = self._client.conferences(conference_sid).participants.list(limit=PAGE)
        return [Participant(str(row.call_sid), bool(row.hold), bool(row.muted)) for row in rows]

    def invite(self, conference_sid: str, to: str, status_url: str) -> str:
        with told_apart():
            made = self._client.conferences(conference_sid).participants.create(
                from_=self._from, to=to, status_callback=status_url, end_conference_on_exit=False
            )
        return str(made.call_sid)

    def hold(self, conference_sid: str, call_sid: str, on: bool) -> None:
        with told_apart():
            self._client.conferences(conference_sid).participants(call_sid).update(hold=on)

    def remove(self, conference_sid: str, call_sid: str) -> None:
        with already_gone(), told_apart():
            self._client.conferences(conference_sid).participants(call_sid).delete()

    def recording_status(self, sid: str) -> str:
        with told_apart():
            return str(self._client.recordings(sid).fetch().status)

    def recording_sound(self, sid: str) -> bytes:
        url = f"https://api.twilio.com/2010-04-01/Accounts/{self._client.account_sid}/Recordings/{sid}.wav"
        with told_apart():
            return self._wire.fetch(url, self._client.auth)

    def find_number(self, e164: str) -> Number | None:
        with told_apart():
            rows = self._client.incoming_phone_numbers.list(phone_number=e164, limit=1)
        return next((_number(row) for row in rows), None)

    def connect_number(self, sid: str, voice_url: str, fallback_url: str, status_url: str, sms_url: str) -> None:
        with told_apart():
            self._client.incoming_phone_numbers(sid).update(
                voice_url=voice_url,
                voice_method="POST",
                voice_fallback_url=fallback_url,
                voice_fallback_method="POST",
                status_callback=status_url,
                status_callback_method="POST",
                sms_url=sms_url,
                sms_method="POST",
            )


def _read_back(rows: Iterator[Any], since: datetime, read: Callable[[Any], Row]) -> Listing[Row]:
    """The rows made at or after ``since``; the carrier lists the newest first."""
    found: list[Row] = []
    for row in rows:
        if row.date_created < since:
            return Listing(tuple(found), complete=True)
        found.append(read(row))
    return Listing(tuple(found), complete=len(found) < MOST_LISTED)


def _text(row: Any) -> SentText:
    error = str(row.error_code) if row.error_code else None
    return SentText(row.sid, row.to, row.body or "", str(row.status), error, row.date_created)


def _call(row: Any) -> CarrierCall:
    return CarrierCall(row.sid, row.to, str(row.status), row.date_created)


def _number(row: Any) -> Number:
    return Number(row.sid, row.phone_number, row.voice_url or "", row.sms_url or "")


_chosen: Carrier | None = None


@cache
def _real() -> Carrier:
    return TwilioCarrier(settings.current())


def current() -> Carrier:
    """The carrier of this process."""
    return _chosen if _chosen is not None else _real()


def use(carrier: Carrier | None) -> None:
    """Use ``carrier`` from now on (tests); None for the configured one, read anew."""
    global _chosen
    _chosen = carrier
    _real.cache_clear()
