"""The rules of a follow-up: its states, when it may ring, what an answer means, pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.core.machine import Machine

FOLLOW_UP = Machine(
    table={
        "due": {"calling": "calling", "handed_over": "task", "answered": "answered", "withdrawn": "withdrawn"},
        "calling": {"answered": "answered", "not_reached": "due", "given_up": "not_reached", "handed_over": "task"},
        "task": {"answered": "answered", "given_up": "not_reached", "withdrawn": "withdrawn"},
        "not_reached": {"answered": "answered"},
        "answered": {},
        "withdrawn": {},
    },
    initial="due",
    live=frozenset({"due", "calling", "task"}),
)
"""Silence is not_reached, never satisfied; a task is for a person to ring."""

GRADES = ("very_satisfied", "satisfied", "fair", "dissatisfied", "very_dissatisfied")
"""The five grades of public-service evaluation, best first."""

BAD_GRADES = frozenset({"dissatisfied", "very_dissatisfied"})

AFTER_VISIT = timedelta(minutes=30)
"""The resident is rung so long after the worker has gone, while it is fresh and nobody listens."""

CALLING_HOURS = ((time(9), time(12)), (time(14), time(20)))
"""Local time; a machine never rings at noon, when old people sleep, nor in the evening and at night."""

PAUSES = (timedelta(hours=2), timedelta(hours=18))
"""Between the tries: the same day, and the next day at another hour. So there are three tries."""

TRIES = len(PAUSES) + 1

WATCHED = frozenset({"watch", "living_alone"})
"""Flags of residents whose silence a person follows up."""


def must_reopen(contacted: bool | None, solved: bool | None, grade: str | None) -> bool:
    """Whether an answer sends the order back: nobody came, it was not solved, or the grade is bad."""
    return contacted is False or solved is False or grade in BAD_GRADES


def says_something(contacted: bool | None, solved: bool | None, grade: str | None) -> bool:
    """Whether at least one question was answered; if not, the person was not reached."""
    return contacted is not None or solved is not None or grade is not None


def next_calling_time(moment: datetime, zone: ZoneInfo) -> datetime:
    """``moment`` (aware) itself or the next time at which a machine may ring (UTC)."""
    local = moment.astimezone(zone)
    for day in (local.date(), local.date() + timedelta(days=1)):
        for opens, closes in CALLING_HOURS:
            if local < datetime.combine(day, closes, zone):
                return max(local, datetime.combine(day, opens, zone)).astimezone(UTC)
    raise AssertionError("tomorrow has calling hours")


def may_ring(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a machine may ring at ``moment`` (aware)."""
    return next_calling_time(moment, zone) == moment


def next_try(now: datetime, attempts: int, zone: ZoneInfo) -> datetime | None:
    """When to try again after ``attempts`` unanswered tries, or None if that was the last."""
    return next_calling_time(now + PAUSES[attempts - 1], zone) if attempts < TRIES else None
