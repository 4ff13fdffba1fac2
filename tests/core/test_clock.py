"""One time for all processes: it stands, runs and is wound through a file."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.core import clock
from tests.conftest import TUESDAY

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def in_another_process(code: str) -> str:
    """What a fresh process prints after ``code`` with the clock at hand."""
    program = f"from datetime import timedelta\nfrom app.core import clock\n{code}"
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_time_stands_still_at_speed_zero() -> None:
    first = clock.now()
    time.sleep(0.01)
    assert clock.now() == first == TUESDAY


def test_another_process_sees_a_winding() -> None:
    clock.wind(timedelta(days=2))
    assert in_another_process("print(clock.now().isoformat())") == (TUESDAY + timedelta(days=2)).isoformat()


def test_we_see_the_winding_of_another_process() -> None:
    in_another_process("clock.wind(timedelta(hours=5))")
    assert clock.now() == TUESDAY + timedelta(hours=5)


def test_windings_of_two_processes_add_up() -> None:
    for _ in range(2):
        clock.wind(timedelta(hours=1))
        in_another_process("clock.wind(timedelta(hours=1))")
    assert clock.now() == TUESDAY + timedelta(hours=4)


def test_winding_back_is_refused() -> None:
    with pytest.raises(ValueError, match="forward"):
        clock.wind(timedelta(seconds=-1))
    assert clock.now() == TUESDAY


def test_time_runs_as_fast_as_it_is_told() -> None:
    clock.start(MONDAY, rate=1000)
    assert clock.speed() == 1000
    before, real = clock.timestamp(), time.time()
    time.sleep(0.02)
    passed, truly = clock.timestamp() - before, time.time() - real
    assert truly * 900 <= passed <= truly * 1100


def test_changing_the_speed_does_not_jump() -> None:
    clock.wind(timedelta(hours=1))
    clock.set_speed(3600)
    clock.set_speed(0)
    assert TUESDAY + timedelta(hours=1) <= clock.now() < TUESDAY + timedelta(hours=2)


def test_winding_keeps_the_speed() -> None:
    clock.start(MONDAY, rate=50)
    clock.wind(timedelta(days=1))
    assert clock.speed() == 50


def test_who_sleeps_is_woken_by_a_winding() -> None:
    sleeper = threading.Thread(target=clock.sleep, args=(3600,), daemon=True)
    sleeper.start()
    sleeper.join(0.05)
    assert sleeper.is_alive()
    clock.wind(timedelta(seconds=3600))
    sleeper.join(5)
    assert not sleeper.is_alive()


def test_a_doze_is_short_while_the_clock_can_be_wound() -> None:
    assert clock.pause(3600) == clock.TICK
    clock.start(MONDAY, rate=1000)
    assert clock.pause(1) == pytest.approx(0.001)
    assert clock.pause(-5) == 0


def test_without_a_file_time_is_real_and_can_not_be_wound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOORLINE_CLOCK_FILE")
    assert abs(clock.timestamp() - time.time()) < 1
    assert (clock.is_adjustable(), clock.speed(), clock.pause(3600), clock.pause(-1)) == (False, 1.0, 3600, 0.0)
    with pytest.raises(RuntimeError, match="DOORLINE_CLOCK_FILE"):
        clock.wind(timedelta(hours=1))


def test_a_missing_file_is_real_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOORLINE_CLOCK_FILE", str(tmp_path / "none"))
    assert abs(clock.timestamp() - time.time()) < 1


def test_the_present_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_no_draft_of_the_file_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOORLINE_CLOCK_FILE", str(tmp_path / "clock.json"))
    clock.start(MONDAY)
    clock.wind(timedelta(hours=1))
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]
