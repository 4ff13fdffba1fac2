"""The district's working days: seeded by a library, overruled by the district, never failing."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.catalogue import calendar, clocks
from app.core import clock, site
from tests.people import cast
from tests.people.cast import local


def loaded(session: Session, day: date) -> calendar.Calendar:
    return calendar.load(session, local(f"{day} 09:00"))


def test_a_published_year_brings_holidays_and_worked_weekends(session: Session) -> None:
    assert calendar.seed(session, 2026) == "library"
    days = loaded(session, date(2026, 2, 10))
    assert not days.is_working(date(2026, 2, 17))
    assert days.is_working(date(2026, 2, 14))  # a Saturday worked for the Spring Festival
    assert days.knows(date(2026, 2, 17))


def test_a_year_whose_swapped_weekends_are_not_published_stays_provisional(session: Session) -> None:
    assert calendar.seed(session, 2031) == "provisional"
    days = loaded(session, date(2031, 10, 1))
    assert not days.is_working(date(2031, 10, 1))
    assert not days.knows(date(2031, 10, 1))
    calendar.confirm(session, 2031)
    assert loaded(session, date(2031, 10, 1)).knows(date(2031, 10, 1))


def test_an_installation_fills_in_two_years_and_warns_of_what_is_not_published(session: Session) -> None:
    assert calendar.unsure_years(session) == [2026, 2027]
    calendar.prepare(session)
    assert not loaded(session, date(2026, 10, 1)).is_working(date(2026, 10, 1))
    assert calendar.unsure_years(session) == [2027]
    calendar.set_day(session, date(2027, 1, 1), True)
    calendar.confirm(session, 2027)
    calendar.prepare(session)
    assert calendar.unsure_years(session) == []
    assert loaded(session, date(2027, 1, 1)).is_working(date(2027, 1, 1))


@pytest.mark.parametrize("year", [1949, 2026, 2099, 2150])
def test_no_year_at_all_makes_it_fail(session: Session, year: int) -> None:
    assert calendar.seed(session, year) in ("library", "provisional")


def test_an_unknown_year_counts_weekdays_and_is_flagged(session: Session) -> None:
    days = loaded(session, date(2030, 10, 1))
    assert days.is_working(date(2030, 10, 1))
    assert not days.is_working(date(2030, 10, 5))
    assert not days.knows(date(2030, 10, 1))


def test_the_district_overrules_the_library_and_a_new_seed_does_not_undo_that(session: Session) -> None:
    calendar.seed(session, 2026)
    calendar.set_day(session, date(2026, 2, 17), True, "值班")
    calendar.set_day(session, date(2026, 11, 25), False, "运动会")
    calendar.seed(session, 2026)
    session.expire_all()
    named = {day.day: (day.working, day.name) for day in calendar.days_of(session, 2026)}
    assert named[date(2026, 2, 17)] == (True, "值班")
    assert named[date(2026, 11, 25)] == (False, "运动会")
    calendar.set_day(session, date(2026, 11, 25), True)
    assert loaded(session, date(2026, 11, 20)).is_working(date(2026, 11, 25))


def test_the_clocks_of_an_item_follow_the_districts_days_and_hours(session: Session) -> None:
    place = cast.town(session)
    assert clocks.resolution_due(session, clock.now(), place.haircut) == local("2026-12-03 09:00")
    calendar.set_day(session, date(2026, 11, 25), False)
    assert clocks.resolution_due(session, clock.now(), place.haircut) == local("2026-12-04 09:00")
    site.put(session, "service_hours", ["10:00", "11:00"])
    assert clocks.response_due(session, clock.now(), place.haircut) == local("2026-11-25 11:00")
    assert clocks.response_due(session, clock.now(), place.gas) == clock.now() + timedelta(minutes=15)


def test_a_clock_of_a_whole_year_knows_every_holiday_on_its_way(session: Session) -> None:
    place = cast.town(session)
    place.haircut.resolution_seconds = 250 * clocks.DAY
    before = clocks.resolution_due(session, clock.now(), place.haircut)
    calendar.set_day(session, date(2027, 9, 1), False)
    assert clocks.resolution_due(session, clock.now(), place.haircut) > before > local("2027-09-02 09:00")


def test_only_the_year_in_which_a_clock_ends_is_warned_about(session: Session) -> None:
    calendar.seed(session, 2026)
    last, first = local("2026-12-31 23:30"), local("2027-01-01 00:30")
    assert calendar.unsure_among(session, [None, last]) == []
    assert calendar.unsure_among(session, [last, first]) == [2027]


def test_a_draft_without_an_item_has_ordinary_clocks(session: Session) -> None:
    assert clocks.response_due(session, clock.now(), None) == local("2026-11-24 11:00")
    assert clocks.resolution_due(session, clock.now(), None) == local("2026-12-03 09:00")


def test_fifteen_working_days_to_put_something_right(session: Session) -> None:
    assert clocks.working_days_after(session, clock.now(), 15) == local("2026-12-15 09:00")


def test_a_calendar_without_any_working_day_still_answers(session: Session) -> None:
    for ahead in range(200):
        calendar.set_day(session, date(2026, 11, 24) + timedelta(days=ahead), False)
    assert clocks.due(session, clock.now(), 7 * clocks.DAY, None) > clock.now()
