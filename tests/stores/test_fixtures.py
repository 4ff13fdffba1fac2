"""The fixtures keep their promises: migrated, empty, and as weak as the application's role is."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy import insert, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.core import clock, site
from app.core.moves import History
from app.core.site import SiteSetting
from tests.conftest import TUESDAY


@pytest.mark.parametrize("again", [1, 2])
def test_a_test_finds_no_rows_of_the_one_before(session: Session, redis: Redis, again: int) -> None:
    assert session.scalars(select(SiteSetting)).all() == []
    assert redis.dbsize() == 0
    site.put(session, "left", again)
    session.commit()
    redis.set("left", again)


@pytest.mark.parametrize("again", [1, 2])
def test_ids_and_order_numbers_begin_at_one(session: Session, again: int) -> None:
    history = {"thing": "visit", "thing_id": 7, "event": "noted", "by": "system:test", "at": clock.now()}
    row = session.scalar(insert(History).values(history).returning(History.id))
    assert (row, session.scalar(text("SELECT nextval('order_number')"))) == (1, 1)
    session.rollback()


def test_the_application_may_not_change_history(session: Session) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("DELETE FROM history"))


def test_time_stands_still_until_it_is_wound() -> None:
    assert clock.now() == TUESDAY
    clock.wind(timedelta(hours=3))
    assert clock.now() == TUESDAY + timedelta(hours=3)


def test_child_processes_see_the_wound_clock() -> None:
    clock.wind(timedelta(days=1))
    child = "from app.core import clock; print(clock.now().isoformat())"
    said = subprocess.run([sys.executable, "-c", child], env=os.environ, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == (TUESDAY + timedelta(days=1)).isoformat()
