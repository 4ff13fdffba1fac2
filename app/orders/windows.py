"""When a visit is to be, if the caller wishes no time: soon if it is urgent, else the next stretch of working hours in
which somebody with the skill is on shift.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import calendar, items
from app.catalogue.calendar import Calendar
from app.catalogue.models import ServiceItem
from app.core import clock, site
from app.core.errors import BadInput
from app.orders.models import ServiceOrder
from app.workforce.models import Shift, Worker

Window = tuple[datetime, datetime]

HALF_DAYS = (("08:30", "12:00"), ("13:30", "17:30"))
"""What a resident is promised, local time, unless the installation sets "visit_windows"; nobody comes at noon."""

URGENT = timedelta(hours=2)
"""Danger to life is settled within two hours, so somebody is at the door within them."""

NOTICE = timedelta(minutes=60)
"""For ordinary visits: time to ask workers and to tell the resident."""

SHORTEST = timedelta(minutes=90)
"""A stretch with less than this left is no window any more."""

PROMISED = timedelta(hours=1)
"""A promised time is a window of this length: roads are what they are."""

DAYS_AHEAD = 14
QUARTER = 15


def checked(window: Window) -> Window:
    """A wished window as it is stored (UTC). Raises BadInput("window.empty" or "window.past")."""
    start, end = (moment.astimezone(UTC) for moment in window)
    if start >= end:
        raise BadInput("window.empty")
    if end <= clock.now():
        raise BadInput("window.past")
    return start, end


def give(session: Session, order: ServiceOrder) -> None:
    """Give ``order`` a window if none was wished, or if the one it had has passed."""
    if order.wished_start is not None and order.wished_start > clock.now() and order.window_start is None:
        order.window_start, order.window_end = order.wished_start, order.wished_start + PROMISED
    if order.window_end is None or order.window_end <= clock.now():
        order.window_start, order.window_end = default(session, items.get(session, order.item_id or 0))


def default(session: Session, item: ServiceItem) -> Window:
    """The window for ``item`` if none is wished, from now on (UTC)."""
    now = clock.now()
    if item.urgent:
        return now, now + max(min(URGENT, timedelta(seconds=item.resolution_seconds)), timedelta(minutes=item.minutes))
    days = calendar.load(session, now)
    half_days = [
        (time_of_day.fromisoformat(opens), time_of_day.fromisoformat(closes))
        for opens, closes in site.get(session, "visit_windows", HALF_DAYS)
    ]
    windows = list(stretches(days, half_days, now))
    shifts = _shifts(session, item, now)
    visit = timedelta(minutes=item.minutes)
    return next((window for window in windows if staffed(window, shifts, visit)), windows[0])


def stretches(days: Calendar, half_days: Sequence[tuple[time_of_day, time_of_day]], now: datetime) -> Iterator[Window]:
    """The stretches of working hours from ``now`` on, each long enough to be promised (UTC), pure."""
    soonest = _next_quarter(days.local(now) + NOTICE)
    for ahead in range(DAYS_AHEAD):
        day = (days.local(now) + timedelta(days=ahead)).date()
        if not days.is_working(day) and ahead < DAYS_AHEAD - 1:
            continue
        for opens, closes in half_days:
            start, end = max(days.at(day, opens), soonest), days.at(day, closes)
            if end - start >= SHORTEST:
                yield start.astimezone(UTC), end.astimezone(UTC)


def staffed(window: Window, shifts: Sequence[Window], visit: timedelta) -> bool:
    """Whether one of ``shifts`` overlaps ``window`` by the length of the visit, pure."""
    return any(min(window[1], end) - max(window[0], start) >= visit for start, end in shifts)


def _shifts(session: Session, item: ServiceItem, now: datetime) -> list[Window]:
    rows = (
        select(Shift.starts_at, Shift.ends_at)
        .join(Worker)
        .where(Worker.active, Shift.kind == "work", Shift.ends_at > now)
        .where(Shift.starts_at < now + timedelta(days=DAYS_AHEAD))
        .distinct()
    )
    if item.skill:
        rows = rows.where(Worker.skills.contains([item.skill]))
    return [(start, end) for start, end in session.execute(rows)]


def _next_quarter(moment: datetime) -> datetime:
    whole = moment.replace(minute=moment.minute - moment.minute % QUARTER, second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(minutes=QUARTER)
