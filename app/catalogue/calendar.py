"""The district's working days: the holidays library is only the seed, the district's own table overrules it.

A year nobody has filled in counts Monday to Friday, and says so: the answer carries whether the year is known, for a
warning on the page. It never fails.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.catalogue.models import CalendarDay
from app.core import clock, moves, settings, site
from app.core.errors import BadInput
from app.core.moves import History

OPENING = ("08:30", "17:30")
"""The offices' hours on a working day, unless the installation sets "office_hours"."""

SERVICE = ("08:00", "20:00")
"""When somebody can be asked or rung, every day, unless the installation sets "service_hours"."""

AHEAD = 90
"""Days that ordinary clocks reach: within them a year that nobody has confirmed is warned about."""

FURTHEST = 2 * 366
"""Days that the longest clock reaches (a year of working days): one query brings all of them."""

BY = "system:calendar"
"""Who changes the calendar where nobody says so: the house itself, filling in a new year."""

HOURS = {"office": ("office_hours", OPENING), "service": ("service_hours", SERVICE)}
"""Site setting and default of each kind of hours."""


@dataclass(frozen=True)
class Hours:
    """A daily span, local time."""

    opens: time_of_day
    closes: time_of_day


@dataclass(frozen=True)
class Calendar:
    """Working days and hours as values: days that differ from the week's rule, years that are known, the zone."""

    zone: ZoneInfo
    office: Hours
    service: Hours
    days: Mapping[date, bool] = field(default_factory=dict)
    years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether the offices work on ``day`` (local); by the week's rule where nothing else is known."""
        return self.days.get(day, day.weekday() < 5)

    def knows(self, day: date) -> bool:
        """Whether the year of ``day`` was filled in; if not, the page warns."""
        return day.year in self.years

    def local(self, moment: datetime) -> datetime:
        """``moment`` (aware) as the district's clocks show it."""
        return moment.astimezone(self.zone)

    def at(self, day: date, hour: time_of_day) -> datetime:
        """The aware moment of ``hour`` on ``day``, local."""
        return datetime.combine(day, hour, self.zone)

    def next_working_day(self, day: date) -> date:
        """``day`` itself if the offices work, or the next day on which they do."""
        for ahead in range(AHEAD):
            if self.is_working(day + timedelta(days=ahead)):
                return day + timedelta(days=ahead)
        return day


@dataclass(frozen=True)
class Year:
    """What history knows the calendar's changes by: a year, or 0 for the hours of all years."""

    __tablename__ = "calendar"
    id: int


def changes(session: Session, limit: int = 20) -> list[History]:
    """Who changed the calendar, the latest first.

    Events: day_set {day, working} with the day's name as note, day_cleared {day}, hours_set {kind, opens, closes},
    year_seeded and year_confirmed {year}.
    """
    rows = select(History).where(History.thing == Year.__tablename__).order_by(History.id.desc())
    return list(session.scalars(rows.limit(limit)))


def load(session: Session, around: datetime) -> Calendar:
    """The calendar for clocks that start at ``around`` (aware)."""
    first, last = around.date() - timedelta(days=AHEAD), around.date() + timedelta(days=FURTHEST)
    rows = session.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last)))
    return Calendar(
        zone=settings.current().zone,
        office=hours(session, "office"),
        service=hours(session, "service"),
        days={row.day: row.working for row in rows},
        years=_sure(session),
    )


def seed(session: Session, year: int, by: str = BY) -> str:
    """Fill in ``year`` from the holidays library where the district has not decided yet.

    Returns what the year then is: "library", or "provisional" where the State Council's swapped weekends are not
    known yet, so that somebody must look again.
    """
    known = _library(year, "zh_CN")
    swapped = {day for day in known.weekend_workdays if day.year == year}
    rows = [{"day": day, "working": False, "name": known[day][:60]} for day in known if day.year == year]
    rows += [{"day": day, "working": True, "name": None} for day in swapped]
    if rows:
        session.execute(insert(CalendarDay).values(rows).on_conflict_do_nothing(index_elements=["day"]))
    state = "library" if swapped else "provisional"
    _mark(session, year, state)
    moves.record(session, Year(year), "year_seeded", by, after=state, year=year)
    return state


@cache
def _library(year: int, language: str) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year, language=language)


def name_of(row: CalendarDay, language: str) -> str:
    """What a day is called: as the district wrote it, the library's own names in ``language`` ("zh-CN" or "en")."""
    if language == "en" and row.name and row.name == _library(row.day.year, "zh_CN").get(row.day, "")[:60]:
        return str(_library(row.day.year, "en_US")[row.day])
    return row.name or ""


def prepare(session: Session) -> None:
    """Fill in this year and the next where nobody has (at installation, and every year again)."""
    this = _today().year
    done = site.get(session, "calendar_years", {})
    for year in (this, this + 1):
        if str(year) not in done:
            seed(session, year)


def unsure_years(session: Session) -> list[int]:
    """Years within reach of today's clocks that nobody has confirmed: the page warns about them."""
    today = _today()
    return sorted({today.year, (today + timedelta(days=AHEAD)).year} - _sure(session))


def unsure_among(session: Session, moments: Iterable[datetime | None]) -> list[int]:
    """The unconfirmed years in which clocks run out at one of ``moments`` (aware): those ends may be wrong."""
    zone = settings.current().zone
    return sorted({moment.astimezone(zone).year for moment in moments if moment is not None} - _sure(session))


def source(session: Session, year: int) -> str:
    """Where the days of ``year`` come from: library, provisional, district (confirmed by somebody), or unknown."""
    return str(site.get(session, "calendar_years", {}).get(str(year), "unknown"))


def set_day(session: Session, day: date, working: bool, name: str | None = None, by: str = BY) -> None:
    """The district decides about one day; this overrules any library."""
    row = insert(CalendarDay).values(day=day, working=working, name=name)
    session.execute(
        row.on_conflict_do_update(index_elements=["day"], set_={"working": working, "name": row.excluded.name})
    )
    moves.record(session, Year(day.year), "day_set", by, name or "", day=day.isoformat(), working=working)


def clear_day(session: Session, day: date, by: str = BY) -> None:
    """The week's rule decides about ``day`` again."""
    session.execute(delete(CalendarDay).where(CalendarDay.day == day))
    moves.record(session, Year(day.year), "day_cleared", by, day=day.isoformat())


def hours(session: Session, kind: str) -> Hours:
    """The daily hours of one kind of HOURS, local time."""
    key, default = HOURS[kind]
    opens, closes = site.get(session, key, default)
    return Hours(time_of_day.fromisoformat(opens), time_of_day.fromisoformat(closes))


def set_hours(session: Session, kind: str, opens: time_of_day, closes: time_of_day, by: str = BY) -> None:
    """The district's own hours. Raises BadInput("window.empty"): in no time at all no clock would ever run out."""
    if opens >= closes:
        raise BadInput("window.empty")
    if hours(session, kind) == Hours(opens, closes):
        return
    span = f"{opens:%H:%M}", f"{closes:%H:%M}"
    site.put(session, HOURS[kind][0], list(span))
    moves.record(session, Year(0), "hours_set", by, kind=kind, opens=span[0], closes=span[1])


def confirm(session: Session, year: int, by: str = BY) -> None:
    """Somebody has looked through ``year``: no more warning."""
    _mark(session, year, "district")
    moves.record(session, Year(year), "year_confirmed", by, year=year)


def days_of(session: Session, year: int) -> list[CalendarDay]:
    """The days of ``year`` that differ from the week's rule, in order."""
    span = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.scalars(select(CalendarDay).where(span).order_by(CalendarDay.day)))


def _today() -> date:
    return clock.now().astimezone(settings.current().zone).date()


def _sure(session: Session) -> frozenset[int]:
    years = site.get(session, "calendar_years", {})
    return frozenset(int(year) for year, source in years.items() if source != "provisional")


def _mark(session: Session, year: int, state: str) -> None:
    site.put(session, "calendar_years", site.get(session, "calendar_years", {}) | {str(year): state})
