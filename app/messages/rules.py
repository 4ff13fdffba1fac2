"""The rules of a message: its states, the rank of delivery statuses, how long to wait before trying again; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Protocol

from app.core.machine import Machine

MESSAGE = Machine(
    table={
        "queued": {
            "claimed": "sending",
            "withheld": "withheld",
            "withdrawn": "withdrawn",
            "refused": "failed",
            # A receipt proves what we had given up waiting for.
            "sent": "sent",
            "delivered": "delivered",
        },
        "sending": {
            "sent": "sent",
            "refused": "failed",
            "postponed": "queued",
            "rewritten": "queued",
            "repeated": "queued",
            "lost": "unknown",
            "delivered": "delivered",
            "undelivered": "undelivered",
            "handed_over": "withdrawn",
        },
        "sent": {
            "delivered": "delivered",
            "undelivered": "undelivered",
            "refused": "failed",
            "postponed": "queued",
            "rewritten": "queued",
            "handed_over": "withdrawn",
        },
        "unknown": {
            "sent": "sent",
            "delivered": "delivered",
            "undelivered": "undelivered",
            "repeated": "queued",
            "withdrawn": "withdrawn",
        },
        "undelivered": {"repeated": "queued", "delivered": "delivered"},
        "failed": {"repeated": "queued", "delivered": "delivered"},
        "withheld": {"repeated": "queued", "withdrawn": "withdrawn"},
        "delivered": {},
        "withdrawn": {},
    },
    initial="queued",
    live=frozenset({"queued", "sending", "sent", "unknown"}),
)
"""A row in sending is never sent again by the sweep: the carrier is asked, and what stays unknown goes to a person."""

DELIVERY_RANK = {
    "accepted": 0,
    "scheduled": 0,
    "queued": 1,
    "sending": 2,
    "sent": 3,
    "delivered": 4,
    "read": 4,
    "undelivered": 4,
    "failed": 4,
    "canceled": 4,
}
"""https://www.twilio.com/docs/messaging/api/message-resource#message-status-values"""

REACHED = frozenset({"delivered", "read"})
MISSED = frozenset({"undelivered", "failed", "canceled"})

BACK_OFF = (15, 60, 240, 900)
"""Seconds to wait after the first, second … failed attempt; after the last a person is told."""

VOICE_TRIES = 3
"""So often a person is rung; then a relative and an agent take over."""

VOICE_WAIT = timedelta(minutes=30)
"""Between two of these."""

SET_UP_WAIT = 300
"""Seconds between attempts while our own set-up is wrong: these do not count, since nothing is the message's fault."""


class Refusal(Protocol):
    """Why the carrier did not do it; app.gateways.errors.GatewayError is one.

    kind: passing, unclear, permanent, misconfigured or over. number: the line itself is at fault. opted_out: its owner
    refused texts. tries: how many attempts are worth making for this reason, None for the usual number.
    """

    @property
    def kind(self) -> str: ...

    @property
    def code(self) -> str: ...

    @property
    def number(self) -> bool: ...

    @property
    def opted_out(self) -> bool: ...

    @property
    def tries(self) -> int | None: ...


def wait_before(attempt: int, tries: int | None = None) -> timedelta | None:
    """How long to wait after failed attempt number ``attempt`` (from 1); None if it was the last.

    tries: attempts worth making, None for as many as there are waits, and one.
    """
    if attempt > len(BACK_OFF) or (tries is not None and attempt >= tries):
        return None
    return timedelta(seconds=BACK_OFF[attempt - 1])


Spans = Sequence[Sequence[str]]

QUIET_HOURS: Mapping[str, Mapping[str, Spans]] = {
    "resident": {"text": [["21:00", "07:30"]], "voice": [["21:00", "07:30"], ["12:00", "14:00"]]},
    "worker": {"text": [["22:00", "06:30"]], "voice": [["22:00", "06:30"]]},
}
"""Local hours in which nobody is disturbed, by audience and kind; the site setting "quiet_hours" overrules them."""


def first_allowed(moment: datetime, spans: Spans) -> datetime:
    """The first moment at or after ``moment`` (aware, local) outside the quiet ``spans`` ([["21:00", "07:30"], …])."""
    for _ in range(len(spans) + 1):
        ends = [end for span in spans if (end := _end_of(moment, span)) is not None]
        if not ends:
            break
        moment = max(ends)
    return moment


def _end_of(moment: datetime, span: Sequence[str]) -> datetime | None:
    """When the quiet span around ``moment`` ends; None if it is outside."""
    start, end = (time.fromisoformat(text) for text in span)
    now = moment.time()
    over_night = start > end
    inside = (now >= start or now < end) if over_night else start <= now < end
    if not inside:
        return None
    day = moment.date() + timedelta(days=1) if over_night and now >= start else moment.date()
    return datetime.combine(day, end, tzinfo=moment.tzinfo)
