"""A database that hangs instead of dying: a webhook gives up while the carrier still listens, and loses nothing."""

import re
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import again, db
from app.hotline.models import Call
from app.orders.models import ServiceOrder
from tests.databases import Database
from tests.people import cast
from tests.web_carrier.conftest import Post
from tests.web_carrier.line import Line

ANSWER_MS = int(re.findall(r"rt=(\d+)", again.STEP)[0])
"""So long the carrier waits for the answer to a step."""


@pytest.fixture
def rosa(database: Database, app: Flask, town: None, post: Post) -> Iterator[Line]:
    """Rosa, and the web process as it starts: with an engine made after the application."""
    db.bind(None)
    line = Line(post, cast.ROSA)
    line.dial()
    yield line
    db.bind(None)


def test_a_step_whose_call_somebody_holds_gives_up_before_the_carrier_and_counts_when_it_is_asked_again(
    rosa: Line,
) -> None:
    rosa.press("1")
    form = rosa.form(Digits="1")
    with Session(db.engine()) as other:
        other.scalars(select(Call).where(Call.sid == rosa.sid).with_for_update()).one()
        began = time.monotonic()
        assert rosa.post(rosa.action, **form).status_code == 503
        assert db.LOCK_MS <= (time.monotonic() - began) * 1000 < ANSWER_MS
    rosa.press("1")
    with db.unit_of_work() as session:
        assert session.scalar(select(func.count(ServiceOrder.id))) == 1


def test_every_session_of_the_web_process_has_limits_below_the_carriers(rosa: Line) -> None:
    with db.unit_of_work() as session:
        limits = [session.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "statement_timeout")]
    assert limits == [f"{db.LOCK_MS // 1000}s", f"{db.STATEMENT_MS // 1000}s"]
    assert db.LOCK_MS < db.STATEMENT_MS < ANSWER_MS


def test_workers_and_commands_wait_as_long_as_it_takes(database: Database) -> None:
    with db.make_engine(database.url).connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "0"
