"""A day of the simulated week in both ways: the same world, nobody in two places, nothing forgotten."""

import pytest
from sqlalchemy import select

from app.core import clock, settings
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.sample.draw import Options
from app.sample.load import is_empty
from app.visits.models import Visit
from benchmarks.week import calls, counting, driving, measure
from benchmarks.week.lots import Lots

pytestmark = [pytest.mark.timeout(600), pytest.mark.usefixtures("compiled")]

SMALL = Options(seed=3, subdistricts=1, communities=4, residents=40, workers=5, organisations=2)


@pytest.fixture
def drawn() -> driving.Week:
    return driving.week(SMALL, days=1, a_day=6, seconds=0.05, zone=settings.current().zone)


def told(session) -> list[tuple]:
    """What the orders of a run say: when, who, what, and the first window of those that wished one."""
    query = select(ServiceOrder.opened_at, Resident.external_id, ServiceOrder.item_id)
    return sorted(map(tuple, session.execute(query.join(Resident, Resident.id == ServiceOrder.subject_id))))


def test_a_day_goes_both_ways_through_the_same_world(drawn, database, session):
    lines: list[str] = []
    found, orders = {}, []
    for name, is_planned in measure.RUNS.items():
        session.rollback()
        database.empty()
        assert is_empty(session)
        driving.fill(drawn)
        found[name] = measure.outcome(drawn, is_planned, lines.append)
        orders.append(told(session))
        assert clock.now() >= drawn.ends
        over = set(session.scalars(select(Visit.state)))
        assert over <= {"done", "not_done", "missed", "cancelled"}
    assert orders[0] == orders[1] and len(orders[0]) == 6
    first, second = (one.counted for one in found.values())
    assert first.wanted == second.wanted > 0 and first.done > 0 and second.done > 0
    assert first.plans.keys() == {"failed"} and "failed" not in second.plans
    assert [one.faults for one in found.values()] == [[], []]
    assert (first.double, second.double) == (0, 0)
    assert (first.open_at_last, second.open_at_last) == (0, 0)
    assert lines[0].startswith("Mon 23 Nov: 6 orders")
    table = list(measure.report(found))
    assert [line.split()[-3:-1] for line in table if line.startswith("orders")] == [["6", "6"]]
    assert len(table) == len(list(counting.rows(first))) + 2
    assert double_after_tampering(session, drawn) > 0


def double_after_tampering(session, drawn: driving.Week) -> int:
    """What is counted when two visits that are done become one worker's: the database itself guards only live ones."""
    one, other = session.scalars(select(Visit).where(Visit.state == "done").order_by(Visit.id).limit(2))
    for name in ("worker_id", "arrived_at", "started_at", "ended_at"):
        setattr(other, name, getattr(one, name))
    session.flush()
    return counting.count(session, drawn.begins, drawn.ends, clock.now(), drawn.zone).double


def test_the_same_question_has_the_same_lot_whatever_was_asked_before():
    lots, again = Lots(7), Lots(7)
    lots.happens(0.5, "anything")
    assert [lots.factor(0.2, "way", n) for n in range(9)] == [again.factor(0.2, "way", n) for n in range(9)]
    assert lots.factor(0.2, "way", 1) != Lots(8).factor(0.2, "way", 1)


def test_wishes_lie_ahead_on_working_days_and_before_the_end(drawn):
    end = driving.FIRST.replace(day=30)
    many = calls.calls(Lots(1), drawn.sample, driving.FIRST, 7, 200, drawn.zone)
    assert [call.at for call in many] == sorted(call.at for call in many)
    wished = [call for call in many if call.window]
    assert len(wished) > 100
    for call in wished:
        start, last = call.window
        assert start >= call.at + calls.SOON or start.date() > call.at.date()
        assert start < last and start.weekday() < 5 and start.date() <= end
    assert sum(call.called_off_at is not None for call in many) > 10
