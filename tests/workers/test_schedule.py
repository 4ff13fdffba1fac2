"""The clock process: it waits an outage out, says so once, and one look that fails does not stop the others."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
import structlog
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.core import queue
from tests.databases import Database
from workers import sweep
from workers.schedule import Rounds

STOP = threading.Event()


def failing(error: Exception, times: list[int]) -> Callable[[], None]:
    def look() -> None:
        times.append(1)
        if len(times) <= 3:
            raise error

    return look


def lines(looks: list[Callable[[], None]], rounds: int) -> list[str]:
    going = Rounds(looks)
    with structlog.testing.capture_logs() as told:
        for _ in range(rounds):
            going.go(STOP)
    return [line["event"] for line in told]


def test_an_outage_is_told_once_and_so_is_its_end() -> None:
    tried: list[int] = []
    others: list[int] = []
    looks = [failing(OperationalError("", {}, Exception("gone")), tried), lambda: others.append(1)]
    assert lines(looks, 6) == ["sweep_postponed", "sweep_resumed"]
    assert (len(tried), len(others)) == (6, 3)


@pytest.mark.parametrize("error", [ValueError("罗莎"), ProgrammingError("", {}, Exception("罗莎"))])
def test_a_look_that_fails_does_not_stop_the_others(error: Exception) -> None:
    tried: list[int] = []
    others: list[int] = []
    assert lines([failing(error, tried), lambda: others.append(1)], 6) == ["sweep_failed"]
    assert (len(tried), len(others)) == (6, 6)


def test_a_stop_is_heeded_between_looks() -> None:
    stop, seen = threading.Event(), []
    Rounds([stop.set, lambda: seen.append(1)]).go(stop)
    assert seen == []


def test_without_redis_the_looks_go_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep.dispatching, "waiting", lambda *_: [1, 2])
    dead = queue.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(queue, "connection", lambda url=None: dead)
    queue.jobs.cache_clear()
    try:
        with structlog.testing.capture_logs() as told:
            Rounds().go(STOP)
        assert {line["event"] for line in told} == {"doorbell_silent"}
    finally:
        queue.jobs.cache_clear()


def test_the_process_waits_for_its_database_and_stops_at_once() -> None:
    env = os.environ | {
        "DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "clock"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line)
        if "sweep_postponed" in line:
            break
    time.sleep(0.5)  # another process: the clock that can be wound is not what it waits on
    process.send_signal(signal.SIGTERM)
    told += process.communicate(timeout=10)[0].splitlines()
    assert process.returncode == 0
    assert sum("sweep_postponed" in line for line in told) == 1
