"""When things run out or must be said, pure: offers, announcements, late and missed visits. All times aware."""

from datetime import datetime, timedelta

ANSWER = timedelta(minutes=15)
ANSWER_URGENT = timedelta(minutes=4)
"""How long one worker has for an answer: an urgent visit is to be offered within 15 minutes of intake, so that three
can be asked in that time; an ordinary one within two hours."""

ANSWER_SHORTEST = timedelta(minutes=2)

OVERRUN = timedelta(minutes=15)
"""A worker who has not reported the end so long after the planned one is looked after."""

LATE = timedelta(minutes=15)
"""Not at the door so long after the agreed start is late."""

LATE_AT_LEAST = timedelta(minutes=5)
BEFORE_THE_END = timedelta(minutes=10)
"""Close to the end of the window late is said sooner, since the resident is to hear of it before the window is over:
so long before its end, though never sooner after the agreed start than LATE_AT_LEAST."""

UNFILLED = timedelta(minutes=30)
"""Nobody has promised to come so long before the window ends: the resident hears of it."""

MISSED = timedelta(minutes=60)
MISSED_URGENT = timedelta(minutes=30)
"""Not at the door so long after the agreed start, and past the window, is missed."""

ON_THE_WAY = timedelta(minutes=15)
"""Who has set out gets so much beyond his estimated way before he counts as lost."""

REPEAT_WINDOW = timedelta(hours=2)
"""A missed visit is made up for within this time."""

SOON = timedelta(minutes=90)
"""A visit that is so near is announced at once, even at noon: a knock without a word beforehand frightens."""

LINK_OUTLIVES = timedelta(hours=1)
"""A worker's link works so long after the visit's end."""

SHORTEST_SHARE = 0.3
"""A visit that took less than this share of its planned length is looked at."""


def answer_by(readable: datetime, start: datetime, travel_seconds: int | None, urgent: bool) -> datetime:
    """When an offer runs out.

    readable: when the worker gets it (after quiet hours, or when he is done with somebody). start: of the visit. He
    must still be able to set out in time, but has a moment to answer in any case.
    """
    soonest_needed = start - timedelta(seconds=travel_seconds or 0)
    patient = readable + (ANSWER_URGENT if urgent else ANSWER)
    return max(min(patient, soonest_needed), readable + ANSWER_SHORTEST)


def is_announced_at_once(now: datetime, start: datetime, urgent: bool) -> bool:
    """Whether the announcement may not wait for decent hours."""
    return urgent or start - now < SOON


def late_at(start: datetime, window_end: datetime) -> datetime:
    """From when a visit without an arrival is late, which the resident hears before the window ends."""
    return min(start + LATE, max(start + LATE_AT_LEAST, window_end - BEFORE_THE_END))


def missed_at(
    start: datetime,
    window_end: datetime,
    urgent: bool,
    departed: datetime | None = None,
    travel_seconds: int | None = None,
) -> datetime:
    """From when a visit without an arrival is missed: past its window and long after its start.

    departed, travel_seconds: who is on the way is given the time for it.
    """
    given_up = start + MISSED_URGENT if urgent else max(window_end, start + MISSED)
    if departed is None:
        return given_up
    return max(given_up, departed + timedelta(seconds=travel_seconds or 0) + ON_THE_WAY)


def expected(now: datetime, start: datetime, departed: datetime | None, travel_seconds: int | None) -> datetime:
    """When a late worker is likely to come: the way from his departure, or from now."""
    way = timedelta(seconds=travel_seconds or 0)
    return max((departed or now) + way, now + timedelta(minutes=5), start)


def repeat_window(now: datetime) -> tuple[datetime, datetime]:
    """The window of the visit that makes up for a missed one."""
    return now, now + REPEAT_WINDOW


def is_too_short(started: datetime, ended: datetime, planned_minutes: int) -> bool:
    """Whether a visit ended suspiciously soon."""
    return ended - started < timedelta(minutes=planned_minutes * SHORTEST_SHARE)
