"""What stays due is rung ever more rarely; what is due anew is rung at once."""

from datetime import timedelta

import pytest
import structlog

from app.core import clock, queue
from workers import patience
from workers.patience import FIRST_WAIT, LONGEST_WAIT, Patience

DUE = [(1,), (2,)]


class Wall:
    """The wall's clock, wound by hand."""

    seconds = 1000.0


@pytest.fixture(autouse=True)
def wall(monkeypatch: pytest.MonkeyPatch) -> type[Wall]:
    monkeypatch.setattr(patience.time, "monotonic", lambda: Wall.seconds)
    return Wall


def passes(seconds: float) -> None:
    clock.wind(timedelta(seconds=seconds))


def test_a_row_that_stays_due_is_not_rung_at_every_look() -> None:
    known = Patience()
    assert known.ripe("visits.dispatch", DUE) == DUE
    for _ in range(10):
        passes(FIRST_WAIT / 11)
        assert known.ripe("visits.dispatch", DUE) == []
    passes(FIRST_WAIT)
    assert known.ripe("visits.dispatch", DUE) == DUE


def test_each_ring_in_vain_doubles_the_wait_up_to_a_bound() -> None:
    known, rung = Patience(), 0
    for _ in range(3600):
        rung += len(known.ripe("visits.dispatch", [(1,)]))
        passes(1)
    assert 12 < rung < 22
    passes(LONGEST_WAIT)
    assert known.ripe("visits.dispatch", [(1,)]) == [(1,)]


def test_bells_that_nobody_heard_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Patience()
    assert known.ripe("visits.dispatch", DUE) == DUE
    monkeypatch.setattr(queue, "_silent", True)
    for _ in range(20):  # a minute without Redis
        passes(FIRST_WAIT)
        assert known.ripe("visits.dispatch", DUE) == DUE
    monkeypatch.setattr(queue, "_silent", False)
    passes(FIRST_WAIT)
    assert known.ripe("visits.dispatch", DUE) == DUE


def test_a_row_that_was_not_due_in_between_is_rung_at_once() -> None:
    known = Patience()
    known.ripe("visits.dispatch", DUE)
    assert known.ripe("visits.dispatch", [(2,)]) == []
    assert known.ripe("visits.dispatch", DUE) == [(1,)]


def test_jobs_are_apart() -> None:
    known = Patience()
    known.ripe("visits.dispatch", DUE)
    assert known.ripe("visits.alarm", DUE) == DUE


def test_where_time_stands_still_the_walls_clock_counts(wall: type[Wall]) -> None:
    known = Patience()
    known.ripe("visits.dispatch", DUE)
    wall.seconds += FIRST_WAIT
    assert known.ripe("visits.dispatch", DUE) == DUE


def test_a_caller_who_waits_is_looked_after_steadily() -> None:
    known, rung = Patience(), 0
    for _ in range(60):
        rung += len(known.ripe("hotline.ring_agents", [(1,)], first_wait=1, grows=False))
        passes(1)
    assert rung == 60


def test_a_job_that_seems_to_fail_is_told_of_once() -> None:
    known = Patience()
    with structlog.testing.capture_logs() as told:
        for _ in range(600):
            known.ripe("visits.dispatch", [(7,)])
            passes(1)
    assert [(line["event"], line["job"], line["row"]) for line in told] == [("row_stays_due", "visits.dispatch", (7,))]
