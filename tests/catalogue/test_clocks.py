"""The two clocks: round the clock for urgent work, service hours for a few hours, working days for days."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import clocks
from app.catalogue.calendar import Calendar, Hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOUR = 3600
OFFICE, SERVICE = Hours(time(8, 30), time(17, 30)), Hours(time(8), time(20))

SPRING_FESTIVAL = {date(2026, 2, day): False for day in range(16, 24)}
SWAPPED = {date(2026, 2, 14): True, date(2026, 2, 28): True}
CALENDAR = Calendar(SHANGHAI, OFFICE, SERVICE, SPRING_FESTIVAL | SWAPPED, frozenset({2026}))
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def at(text: str) -> datetime:
    """A moment in the district's time."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def runs_out(start: str, seconds: int, urgent: bool = False) -> datetime:
    return clocks.runs_out(CALENDAR, at(start), seconds, urgent=urgent)


def test_urgent_work_runs_through_the_night_and_holidays() -> None:
    assert runs_out("2026-02-15 23:30", 2 * HOUR, urgent=True) == at("2026-02-16 01:30")


def test_a_day_for_water_power_and_heating_is_24_hours() -> None:
    assert runs_out("2026-02-14 16:00", clocks.DAY) == at("2026-02-15 16:00")


def test_two_hours_to_offer_a_visit_pass_while_somebody_can_be_asked() -> None:
    assert runs_out("2026-03-03 09:00", 2 * HOUR) == at("2026-03-03 11:00")
    assert runs_out("2026-03-03 19:00", 2 * HOUR) == at("2026-03-04 09:00")
    assert runs_out("2026-03-03 23:00", 2 * HOUR) == at("2026-03-04 10:00")
    assert runs_out("2026-03-04 05:00", 2 * HOUR) == at("2026-03-04 10:00")


def test_seven_days_are_working_days() -> None:
    assert runs_out("2026-03-03 09:10", 7 * clocks.DAY) == at("2026-03-12 09:10")


def test_holidays_and_swapped_weekends_count_as_the_calendar_says() -> None:
    # Friday 13th; Saturday 14th and Saturday 28th are worked for the days between
    assert runs_out("2026-02-13 10:00", 2 * clocks.DAY) == at("2026-02-24 10:00")
    assert runs_out("2026-02-13 10:00", 6 * clocks.DAY) == at("2026-02-28 10:00")


def test_days_count_from_the_next_opening_of_the_offices() -> None:
    assert runs_out("2026-03-06 18:00", 2 * clocks.DAY) == at("2026-03-11 08:30")
    assert runs_out("2026-03-07 12:00", 2 * clocks.DAY) == at("2026-03-11 08:30")
    assert runs_out("2026-03-06 06:00", 2 * clocks.DAY) == at("2026-03-10 08:30")


@given(MOMENTS, st.integers(1, 20 * clocks.DAY), st.booleans())
def test_no_clock_runs_out_before_its_time(start: datetime, seconds: int, urgent: bool) -> None:
    end = clocks.runs_out(CALENDAR, start, seconds, urgent=urgent)
    assert end >= start + timedelta(seconds=seconds) or seconds >= 2 * clocks.DAY
    assert end > start


@given(MOMENTS, st.integers(2, 20))
def test_a_clock_of_days_ends_on_a_working_day_in_office_hours(start: datetime, days: int) -> None:
    end = clocks.runs_out(CALENDAR, start, days * clocks.DAY, urgent=False).astimezone(SHANGHAI)
    assert CALENDAR.is_working(end.date())
    assert OFFICE.opens <= end.time() <= OFFICE.closes


@given(MOMENTS, st.integers(1, 15 * clocks.DAY), st.integers(0, 100_000))
def test_who_comes_later_is_never_due_earlier(start: datetime, seconds: int, wait: int) -> None:
    first, second = (
        clocks.runs_out(CALENDAR, moment, seconds, urgent=False) for moment in (start, start + timedelta(seconds=wait))
    )
    assert first <= second


@pytest.mark.parametrize("year", [2026, 2031])
def test_an_unknown_year_counts_weekdays_and_says_so(year: int) -> None:
    friday = date(year, 5, 1)
    blank = Calendar(SHANGHAI, OFFICE, SERVICE, {}, frozenset({2026}))
    assert blank.is_working(friday) == (friday.weekday() < 5)
    assert blank.knows(friday) == (year == 2026)
