"""The two clocks of an order, first response and resolution: when they run out (docs/decisions/0002).

Urgent work runs round the clock. What is to happen within a few hours runs while somebody can be asked (service hours,
every day). What is measured in days runs in working days. Nothing stops a clock but a pause with reason and owner.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from app.catalogue import calendar
from app.catalogue.calendar import Calendar, Hours
from app.catalogue.models import ServiceItem

DAY = 86_400
SHORT = 4 * 3_600
"""Up to so many seconds a clock runs in service hours only: nobody is asked at night."""

RESPONSE_SECONDS = 7_200
RESOLUTION_SECONDS = 7 * DAY
"""For a draft whose item is not known yet: the clocks of ordinary service."""


def due(session: Session, start: datetime, seconds: int, item: ServiceItem | None) -> datetime:
    """When a clock of ``seconds`` that started at ``start`` (aware) runs out (UTC).

    item: whose clock it is; None counts as ordinary.
    """
    return runs_out(calendar.load(session, start), start, seconds, urgent=bool(item and item.urgent))


def response_due(session: Session, start: datetime, item: ServiceItem | None) -> datetime:
    """When the visit must have been offered to a worker."""
    return due(session, start, item.offer_seconds if item else RESPONSE_SECONDS, item)


def resolution_due(session: Session, start: datetime, item: ServiceItem | None) -> datetime:
    """When the matter must be settled."""
    return due(session, start, item.resolution_seconds if item else RESOLUTION_SECONDS, item)


def working_days_after(session: Session, start: datetime, days: int) -> datetime:
    """The same hour ``days`` working days after ``start`` (see runs_out)."""
    return runs_out(calendar.load(session, start), start, days * DAY, urgent=False)


def runs_out(days: Calendar, start: datetime, seconds: int, *, urgent: bool) -> datetime:
    """When a clock runs out (UTC), pure.

    urgent: elapsed time. Up to SHORT: service hours. Up to two days (water, power, heating: 24 h): elapsed time. From
    two days on: working days, at the hour of the start; a start outside office hours counts from the next opening.
    """
    if urgent or SHORT < seconds < 2 * DAY:
        return (start + timedelta(seconds=seconds)).astimezone(UTC)
    if seconds <= SHORT:
        return _in_hours(days, days.service, start, timedelta(seconds=seconds)).astimezone(UTC)
    opened = _opening(days, days.local(start))
    day = opened.date()
    for _ in range(seconds // DAY):
        day = days.next_working_day(day + timedelta(days=1))
    return (days.at(day, opened.time()) + timedelta(seconds=seconds % DAY)).astimezone(UTC)


def _opening(days: Calendar, moment: datetime) -> datetime:
    """``moment`` (local) if the offices are open then, or the next opening."""
    day = moment.date()
    if days.is_working(day):
        if moment < days.at(day, days.office.opens):
            return days.at(day, days.office.opens)
        if moment < days.at(day, days.office.closes):
            return moment
    return days.at(days.next_working_day(day + timedelta(days=1)), days.office.opens)


def _in_hours(days: Calendar, hours: Hours, start: datetime, left: timedelta) -> datetime:
    """``start`` plus ``left``, counted only between ``hours`` of every day."""
    at = days.local(start)
    day = at.date()
    while True:
        opens, closes = days.at(day, hours.opens), days.at(day, hours.closes)
        begins = max(at, opens)
        if begins + left <= closes:
            return begins + left
        left -= max(closes - begins, timedelta(0))
        day += timedelta(days=1)
