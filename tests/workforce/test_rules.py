"""On duty or not, and how coarsely a position is kept."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from app.workforce import rules


@dataclass
class Row:
    kind: str
    starts_at: datetime
    ends_at: datetime


def hour(number):
    return datetime(2026, 11, 24, number, tzinfo=UTC)


AMIRS_DAY = [Row("work", hour(1), hour(9)), Row("break", hour(4), hour(5))]


@pytest.mark.parametrize(("at", "on_duty"), [(0, False), (1, True), (4, True), (8, True), (9, False)])
def test_one_is_on_duty_from_the_beginning_to_before_the_end_breaks_included(at, on_duty):
    assert rules.is_on_duty(AMIRS_DAY, hour(at)) is on_duty


def test_leave_ends_duty():
    assert not rules.is_on_duty([*AMIRS_DAY, Row("leave", hour(6), hour(9))], hour(7))


def test_without_a_shift_nobody_is_on_duty():
    assert not rules.is_on_duty([], hour(3))


@given(st.floats(18, 53), st.floats(74, 134))
def test_a_kept_position_is_close_but_not_exact(latitude, longitude):
    assert geodesic((latitude, longitude), rules.coarse(latitude, longitude)).meters < 80
