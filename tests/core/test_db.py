"""One unit of work: all of it or nothing, and the doorbells ring only when it stands."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from redis import Redis
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from app.core import clock, db, queue, settings, site
from app.core.db import EncryptedJson, UtcDateTime
from app.core.queue import later
from app.core.site import SiteSetting
from app.messages.models import OptOut
from tests.databases import Database

pytestmark = pytest.mark.usefixtures("database")


def rung() -> list[tuple[str, tuple[object, ...]]]:
    """The jobs that wait in the queue."""
    return [(job.func_name, tuple(job.args)) for job in queue.pending()]


def forget_redis() -> None:
    for cached in (settings.current, queue.connection, queue.jobs):
        cached.cache_clear()


@pytest.fixture
def redis_down(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No Redis answers."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    forget_redis()
    yield
    monkeypatch.undo()
    forget_redis()


@pytest.fixture
def redis_hangs(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Redis takes connections and says nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        monkeypatch.setattr(queue, "_deaf_until", 0.0)
        monkeypatch.setattr(queue, "_silent", False)
        forget_redis()
        yield
    monkeypatch.undo()
    forget_redis()


def test_the_end_of_the_block_commits_and_rings(redis: Redis) -> None:
    with db.unit_of_work() as session:
        site.put(session, "live", True)
        later(session, "visits.dispatch", 7)
        assert rung() == []
    assert rung() == [("workers.visits.dispatch", (7,))]
    with db.unit_of_work() as session:
        assert site.get(session, "live") is True


@pytest.mark.usefixtures("redis_hangs")
def test_a_redis_that_hangs_costs_whoever_is_on_the_line_one_second_and_not_one_for_each_bell() -> None:
    began = time.monotonic()
    for order_id in range(20):
        with db.unit_of_work() as session:
            site.put(session, "live", order_id)
            later(session, "visits.dispatch", order_id)
            later(session, "hotline.ring_agents", order_id)
    assert queue.BELL <= time.monotonic() - began < 2 * queue.BELL + 2
    assert queue.is_silent()
    with db.unit_of_work() as session:
        assert site.get(session, "live") == 19


def test_after_an_error_nothing_has_happened_and_nothing_rings(redis: Redis) -> None:
    with pytest.raises(RuntimeError, match="oh"), db.unit_of_work() as session:
        site.put(session, "live", True)
        later(session, "visits.dispatch", 7)
        raise RuntimeError("oh")
    assert rung() == []
    with db.unit_of_work() as session:
        assert site.get(session, "live") is None


def test_a_killed_process_leaves_nothing_behind(redis: Redis) -> None:
    with pytest.raises(KeyboardInterrupt), db.unit_of_work() as session:
        later(session, "visits.dispatch", 7)
        site.put(session, "live", True)
        raise KeyboardInterrupt
    assert rung() == []


def test_a_commit_that_fails_rings_nothing(redis: Redis) -> None:
    with pytest.raises(IntegrityError), db.unit_of_work() as session:
        later(session, "visits.dispatch", 7)
        now = clock.now()
        session.add_all([OptOut(number_hash="x", at=now), OptOut(number_hash="x", at=now)])
    assert rung() == []


def test_a_savepoint_does_not_ring(redis: Redis) -> None:
    with db.unit_of_work() as session:
        with session.begin_nested():
            later(session, "visits.dispatch", 7)
        assert rung() == []
    assert rung() == [("workers.visits.dispatch", (7,))]


def test_what_was_forgotten_does_not_ring(session: Session, redis: Redis) -> None:
    later(session, "visits.dispatch", 7)
    assert queue.waiting(session) == [("visits.dispatch", (7,))]
    queue.forget(session)
    later(session, "visits.dispatch", 8)
    queue.ring(session)
    queue.ring(session)
    assert rung() == [("workers.visits.dispatch", (8,))]


def test_jobs_ring_in_the_order_they_were_asked_for(redis: Redis) -> None:
    with db.unit_of_work() as session:
        for number in (3, 1, 2):
            later(session, "visits.dispatch", number)
    assert [arguments for _, arguments in rung()] == [(3,), (1,), (2,)]


def test_one_unit_of_work_does_not_ring_for_another(redis: Redis) -> None:
    with db.unit_of_work() as outer:
        later(outer, "visits.dispatch", 1)
        with db.unit_of_work() as inner:
            later(inner, "visits.dispatch", 2)
        assert rung() == [("workers.visits.dispatch", (2,))]
    assert len(rung()) == 2


@pytest.mark.usefixtures("redis_down")
def test_without_redis_the_commit_stands() -> None:
    with db.unit_of_work() as session:
        site.put(session, "live", True)
        later(session, "visits.dispatch", 7)
        later(session, "visits.dispatch", 8)
    with db.unit_of_work() as session:
        assert site.get(session, "live") is True


def test_a_cut_connection_is_noticed_before_it_is_used(database: Database) -> None:
    with db.unit_of_work() as first:
        pid = first.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(database.url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s", (pid,))
    with db.unit_of_work() as again:
        assert again.scalar(text("SELECT 1")) == 1


def test_moments_need_a_time_zone(session: Session) -> None:
    session.add(OptOut(number_hash="x", at=datetime(2026, 11, 24)))
    with pytest.raises(StatementError, match="time zone"):
        session.flush()


def test_moments_come_back_in_utc(session: Session) -> None:
    east = datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    session.add(OptOut(number_hash="x", at=east))
    session.commit()
    session.expire_all()
    stored = session.scalars(select(OptOut)).one().at
    assert stored == east
    assert stored.tzinfo is UTC


def test_nothing_stays_nothing() -> None:
    dialect = db.engine().dialect
    for kind in (UtcDateTime(), db.Encrypted(), EncryptedJson()):
        assert kind.process_bind_param(None, dialect) is None
        assert kind.process_result_value(None, dialect) is None


def test_encrypted_values_come_back_as_they_were() -> None:
    dialect = db.engine().dialect
    value = {"flags": ["watch", "独居"], "place": [31.2, 121.4], "none": None}
    stored = EncryptedJson().process_bind_param(value, dialect)
    assert stored is not None and "独居" not in stored
    assert EncryptedJson().process_result_value(stored, dialect) == value


def test_only_allow_listed_numbers_may_be_contacted_before_going_live(session: Session) -> None:
    site.put(session, "allow_list", ["+8613800138000"])
    assert site.may_contact(session, "+8613800138000")
    assert not site.may_contact(session, "+8613800138001")
    site.put(session, "live", True)
    assert site.may_contact(session, "+8613800138001")


def test_a_site_setting_is_replaced_not_doubled(session: Session) -> None:
    site.put(session, "office_hours", ["08:00", "17:00"])
    site.put(session, "office_hours", ["09:00", "18:00"])
    assert site.get(session, "office_hours") == ["09:00", "18:00"]
    assert len(session.scalars(select(SiteSetting)).all()) == 1
    assert site.get(session, "unknown", 5) == 5


def test_an_unreachable_database_is_told_within_seconds() -> None:
    with pytest.raises(DBAPIError):
        db.make_engine("postgresql://nobody@127.0.0.1:1/none").connect()
