"""A worker's position is kept on duty only, coarsely, and is soon gone."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock
from app.workforce import positions
from app.workforce.models import Position
from tests.people import cast


@pytest.fixture
def amir(session):
    return cast.amir(session, days=1)


def kept(session):
    return {row.worker_id: row.place for row in session.scalars(select(Position))}


def test_on_duty_the_last_place_is_kept_coarsely(session, amir):
    assert positions.seen(session, amir.id, [31.234567, 121.456789])
    assert positions.seen(session, amir.id, [31.2001, 121.4001])
    assert kept(session) == {amir.id: [31.2, 121.4]}


def test_off_duty_nothing_is_kept(session, amir):
    clock.wind(timedelta(hours=12))
    assert not positions.seen(session, amir.id, [31.2, 121.4])
    assert kept(session) == {}


def test_after_the_shift_the_place_is_forgotten(session, amir):
    positions.seen(session, amir.id, [31.2, 121.4])
    assert positions.forget(session) == 0
    clock.wind(timedelta(hours=11))
    assert positions.forget(session) == 1
    assert kept(session) == {}
