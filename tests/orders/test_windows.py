"""When a visit is to be if nobody wished a time."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.catalogue.calendar import Calendar, Hours
from app.core import clock, site
from app.core.errors import BadInput
from app.orders import windows
from tests.people import cast
from tests.people.cast import local

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(SHANGHAI, Hours(time(8, 30), time(17, 30)), Hours(time(8), time(20)))
HALF_DAYS = [(time(8, 30), time(12)), (time(13, 30), time(17, 30))]
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def first(now: str) -> tuple[datetime, datetime]:
    return next(windows.stretches(CALENDAR, HALF_DAYS, local(now)))


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        ("2026-11-24 09:00", "2026-11-24 10:00", "2026-11-24 12:00"),
        ("2026-11-24 09:07", "2026-11-24 10:15", "2026-11-24 12:00"),
        ("2026-11-24 09:40", "2026-11-24 13:30", "2026-11-24 17:30"),
        ("2026-11-24 16:00", "2026-11-25 08:30", "2026-11-25 12:00"),
        ("2026-11-24 03:00", "2026-11-24 08:30", "2026-11-24 12:00"),
        ("2026-11-27 20:00", "2026-11-30 08:30", "2026-11-30 12:00"),
        ("2026-11-28 10:00", "2026-11-30 08:30", "2026-11-30 12:00"),
    ],
)
def test_the_next_stretch_of_working_hours_is_taken(now: str, start: str, end: str) -> None:
    assert first(now) == (local(start), local(end))


@given(MOMENTS)
def test_a_stretch_is_ahead_long_enough_and_never_at_noon(now: datetime) -> None:
    for start, end in windows.stretches(CALENDAR, HALF_DAYS, now):
        assert start >= now + windows.NOTICE
        assert end - start >= windows.SHORTEST
        assert not (start.astimezone(SHANGHAI).time() < time(13) < end.astimezone(SHANGHAI).time())


def test_a_stretch_needs_a_shift_as_long_as_the_visit() -> None:
    window = (local("2026-11-24 10:00"), local("2026-11-24 12:00"))
    half_hour = timedelta(minutes=30)
    assert windows.staffed(window, [(local("2026-11-24 08:00"), local("2026-11-24 10:30"))], half_hour)
    assert not windows.staffed(window, [(local("2026-11-24 08:00"), local("2026-11-24 10:29"))], half_hour)
    assert not windows.staffed(window, [], half_hour)


def test_the_first_staffed_stretch_is_given(session: Session) -> None:
    place = cast.town(session)
    cast.amir(session, hours=(13, 18))
    assert windows.default(session, place.haircut) == (local("2026-11-24 13:30"), local("2026-11-24 17:30"))


def test_nobody_with_the_skill_on_shift_gives_the_first_stretch(session: Session) -> None:
    place = cast.town(session)
    place.haircut.skill = "nursing"
    cast.amir(session)
    assert windows.default(session, place.haircut) == (local("2026-11-24 10:00"), local("2026-11-24 12:00"))


def test_an_urgent_visit_is_now_even_at_night(session: Session) -> None:
    place = cast.town(session)
    clock.wind(timedelta(hours=16))
    assert windows.default(session, place.gas) == (clock.now(), clock.now() + timedelta(hours=2))


def test_the_installation_may_set_its_own_stretches(session: Session) -> None:
    place = cast.town(session)
    site.put(session, "visit_windows", [["15:00", "19:00"]])
    assert windows.default(session, place.haircut) == (local("2026-11-24 15:00"), local("2026-11-24 19:00"))


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-11-24 12:00", "2026-11-24 12:00", "window.empty"),
        ("2026-11-24 12:00", "2026-11-24 11:00", "window.empty"),
        ("2026-11-24 07:00", "2026-11-24 09:00", "window.past"),
    ],
)
def test_an_empty_or_past_window_is_refused(start: str, end: str, code: str) -> None:
    with pytest.raises(BadInput, match=code):
        windows.checked((local(start), local(end)))
