"""The orders of the week on paper: who rings when, for what, with which wish, and what becomes of it on his side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.sample.catalogue import Item
from app.sample.draw import Sample
from app.sample.residents import Resident
from benchmarks.week.lots import Lots

HOURS: dict[int, float] = {
    **{hour: 0.4 for hour in (20, 21, 22, 23, 0, 1, 2, 3, 4, 5)},
    **{6: 1, 7: 3, 8: 11, 9: 14, 10: 12, 11: 8, 12: 4, 13: 7, 14: 9, 15: 8, 16: 7, 17: 4, 18: 2, 19: 1},
}
"""When the hotline is rung: how often in each hour of the day."""

WEEKEND = 0.35
"""Of a working day's calls."""

KINDS: dict[str, float] = {"usual": 0.83, "urgent": 0.08, "two": 0.09}
WISHES: dict[str, float] = {"none": 0.62, "two hours": 0.2, "later day": 0.18}
CALLED_OFF, NOBODY_HOME = 0.05, 0.03
"""Shares of the orders that the resident calls off, and of those where nobody opens the first time."""

SOON = timedelta(hours=3)
"""A wish for a certain time lies at least so far ahead."""

OFFICE = (time(8, 30), time(17, 30))


@dataclass(frozen=True)
class Call:
    """One order. key: what its lots are drawn by. at: when he rings (aware). resident, item: external id and code.
    window: the wish, if any. called_off_at: when he rings again because he needs nobody any more.
    """

    key: str
    at: datetime
    resident: str
    item: str
    window: tuple[datetime, datetime] | None
    called_off_at: datetime | None
    is_out: bool


def calls(lots: Lots, sample: Sample, first: date, days: int, a_day: int, zone: ZoneInfo) -> list[Call]:
    """All calls of the week, by time. a_day: orders on a working day."""
    found = []
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        count = round(a_day * (WEEKEND if day.weekday() >= 5 else 1))
        found += [
            _call(lots, sample, f"{day}/{number}", day, first + timedelta(days=days), zone) for number in range(count)
        ]
    return sorted(found, key=lambda call: (call.at, call.key))


def _call(lots: Lots, sample: Sample, key: str, day: date, end: date, zone: ZoneInfo) -> Call:
    hour = lots.one_of(HOURS, "hour", key)
    at = datetime.combine(day, time(hour), zone) + timedelta(seconds=round(lots.between(0, 3599, "second", key)))
    resident = lots.pick(sample.residents, "who", key)
    item = _item(lots, sample.items, resident, key)
    window = None if item.urgent else _window(lots, key, at, end, zone)
    off = at + timedelta(minutes=round(lots.between(5, 600, "regret", key)))
    return Call(
        key, at, resident.external_id, item.code, window,
        off if lots.happens(CALLED_OFF, "called off", key) else None,
        lots.happens(NOBODY_HOME, "out", key),
    )  # fmt: skip


def _item(lots: Lots, items: Sequence[Item], resident: Resident, key: str) -> Item:
    """What he usually asks for, unless it is urgent or takes two; who has nothing usual asks for anything."""
    kind = lots.one_of(KINDS, "kind", key)
    ordinary = [item for item in items if item.parent and not item.urgent]
    fitting = {
        "urgent": [item for item in items if item.urgent],
        "two": [item for item in ordinary if item.workers_needed > 1],
        "usual": [item for item in ordinary if item.code == resident.usual_item and item.workers_needed == 1]
        or [item for item in ordinary if item.workers_needed == 1 and item.minutes <= 120],
    }[kind]
    return lots.pick(fitting, "item", key)


def _window(lots: Lots, key: str, at: datetime, end: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """What he wishes: nothing special, two hours soon, or half a day or two hours on a later day."""
    wish = lots.one_of(WISHES, "wish", key)
    if wish == "none":
        return None
    day = at.date() + timedelta(days=int(lots.between(1, 4.99, "days", key)) if wish == "later day" else 0)
    start = datetime.combine(day, OFFICE[0], zone) + timedelta(minutes=30 * int(lots.between(0, 15, "from", key)))
    if wish == "two hours" and start < at + SOON:
        start, day = start + timedelta(days=1), day + timedelta(days=1)
    if day.weekday() >= 5 or day > end:
        return None
    if wish == "later day" and lots.happens(0.6, "half a day", key):
        noon = start.hour >= 12
        return tuple(
            datetime.combine(day, hour, zone)
            for hour in ((time(13, 30), time(17, 30)) if noon else (time(8, 30), time(12)))
        )  # type: ignore[return-value]
    return start, start + timedelta(hours=2)
