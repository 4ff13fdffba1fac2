"""When a follow-up may ring, how often it tries, and what an answer means."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.quality import rules

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-03 {text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("wanted", "allowed"),
    [
        ("09:00", "09:00"),
        ("11:59", "11:59"),
        ("12:00", "14:00"),
        ("13:30", "14:00"),
        ("06:00", "09:00"),
        ("19:59", "19:59"),
    ],
)
def test_nobody_is_rung_at_noon_or_before_nine(wanted: str, allowed: str) -> None:
    assert rules.next_calling_time(at(wanted), SHANGHAI) == at(allowed)


def test_what_is_due_in_the_evening_waits_for_the_morning() -> None:
    assert rules.next_calling_time(at("20:00"), SHANGHAI) == at("09:00") + timedelta(days=1)


@given(MOMENTS)
def test_the_next_calling_time_is_a_calling_time_and_within_a_day(moment: datetime) -> None:
    found = rules.next_calling_time(moment, SHANGHAI)
    assert moment <= found < moment + timedelta(days=1)
    assert rules.may_ring(found, SHANGHAI)
    local = found.astimezone(SHANGHAI)
    assert any(opens <= local.time() < closes for opens, closes in rules.CALLING_HOURS)


@given(MOMENTS)
def test_there_are_three_tries_apart_from_each_other(moment: datetime) -> None:
    second = rules.next_try(moment, 1, SHANGHAI)
    assert second is not None and second >= moment + timedelta(hours=2)
    third = rules.next_try(second, 2, SHANGHAI)
    assert third is not None and third.astimezone(SHANGHAI).date() > second.astimezone(SHANGHAI).date()
    assert rules.next_try(third, 3, SHANGHAI) is None


@pytest.mark.parametrize(
    ("contacted", "solved", "grade", "again"),
    [
        (True, True, "satisfied", False),
        (True, True, "fair", False),
        (True, None, None, False),
        (False, None, None, True),
        (True, False, None, True),
        (True, True, "dissatisfied", True),
        (True, True, "very_dissatisfied", True),
        (True, False, "very_satisfied", True),
    ],
)
def test_a_bad_answer_sends_the_order_back(contacted: bool, solved: bool, grade: str, again: bool) -> None:
    assert rules.must_reopen(contacted, solved, grade) is again


def test_silence_says_nothing() -> None:
    assert not rules.says_something(None, None, None)
    assert rules.says_something(False, None, None)
