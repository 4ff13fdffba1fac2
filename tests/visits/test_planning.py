"""The life of a day plan: wanted, searched for by one at a time, ended in any way; against real PostgreSQL."""

import pytest
from sqlalchemy import select

from app.core import clock, site
from app.visits import absences, alarms, dispatching, planning
from app.visits.dayplan.plan import solve
from app.visits.matching.problem import Problem
from app.visits.models import DayPlan
from app.visits.planner.search import Limits
from tests.visits.plans import TEN, accepted, is_away, run_plan, said, specialist, tap_order, wanted
from tests.visits.town import local, wind
from workers import visits as jobs


@pytest.fixture(autouse=True)
def _quick(world):
    """A search of a tenth of a second is enough for days of this size."""
    site.put(world.session, "dispatch_plan", {"seconds": 0.1})


def test_an_order_without_room_waits_for_a_plan_and_nobody_is_alarmed_before(world):
    amir, _lena = specialist(world)
    hair = accepted(world, **TEN)
    assert hair.worker_id == amir.id
    tap = tap_order(world)
    dispatching.dispatch(world.session, tap.id)
    [visit] = world.visits(tap)
    assert (visit.state, visit.no_room_at) == ("open", clock.now())
    assert said(world).count("dispatcher_needed") == 0
    dispatching.dispatch(world.session, tap.id)
    assert world.session.scalars(select(DayPlan.state)).all() == ["wanted"]


def test_a_kept_plan_is_found_again(world):
    specialist(world)
    accepted(world, **TEN)
    dispatching.dispatch(world.session, tap_order(world).id)
    plan = run_plan(world)
    again = solve(Problem.from_json(plan.problem), plan.id, Limits(laps=plan.laps))
    assert [(one.visit_id, one.worker_id, one.start) for one in again.changes] == [
        (one["visit_id"], one["worker_id"], one["start"]) for one in plan.changes
    ]
    assert round(again.price) == plan.price


def test_what_no_plan_finds_a_place_for_goes_to_the_dispatchers_once(world):
    world.amir()
    accepted(world, **TEN)
    other = world.order(**TEN)
    dispatching.dispatch(world.session, other.id)
    plan = run_plan(world)
    [visit] = world.visits(other)
    assert plan.state == "kept" and (visit.state, visit.attention) == ("attention", "nobody_left")
    assert world.events(visit)[-1] == "nobody_left"
    dispatching.dispatch(world.session, other.id)
    assert planning.is_pending(world.session) is False


def test_after_a_failed_search_an_order_without_room_is_not_left_waiting(world, monkeypatch):
    world.amir()
    accepted(world, **TEN)
    other = world.order(**TEN)
    dispatching.dispatch(world.session, other.id)
    monkeypatch.setattr(jobs, "search", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_plan(world)
    assert world.session.scalars(select(DayPlan.state)).all() == ["failed"]
    dispatching.dispatch(world.session, other.id)
    assert world.visits(other)[0].attention == "nobody_left"


def test_the_morning_is_planned_once_and_only_if_there_is_something(world):
    planning.plan_the_morning(world.session)
    assert not planning.is_pending(world.session), "there is nothing to be planned"
    world.amir()
    world.dispatched(window=(local("10:00", 1), local("12:00", 1)))
    planning.plan_the_morning(world.session)
    assert not planning.is_pending(world.session), "the order came after the morning's plan was due"
    wind(hours=20)
    planning.plan_the_morning(world.session)
    assert not planning.is_pending(world.session), "it is five in the morning"
    wind(hours=2)
    planning.plan_the_morning(world.session)
    assert run_plan(world).why == ["morning"]
    planning.plan_the_morning(world.session)
    assert not planning.is_pending(world.session)


def test_many_reasons_make_one_plan(world):
    planning.want(world.session, "late")
    planning.want(world.session, "absence", local("10:00", 9))
    planning.want(world.session, "late")
    [plan] = world.session.scalars(select(DayPlan))
    assert (sorted(plan.why), plan.until) == (["absence", "late"], local("10:00", 9))


def test_one_plan_at_a_time_and_the_next_is_rung_when_it_ends(world):
    planning.want(world.session, "asked")
    [first] = world.session.scalars(select(DayPlan))
    assert planning.begin(world.session, first.id) is not None
    assert planning.begin(world.session, first.id) is None
    planning.want(world.session, "late")
    second = wanted(world)
    assert planning.begin(world.session, second.id) is None and second.state == "wanted"
    rung = world.asked_for("visits.plan").count((second.id,))
    planning.end(world.session, first, "kept")
    assert world.asked_for("visits.plan").count((second.id,)) == rung + 1
    assert planning.begin(world.session, second.id) is not None


def test_a_search_whose_process_is_gone_is_begun_again_but_not_for_ever(world):
    planning.want(world.session, "asked")
    for tries in (1, 2, 3):
        plan = wanted(world)
        assert plan.tries == tries
        planning.begin(world.session, plan.id)
        planning.give_up_lost(world.session, plan.id)
        assert plan.state == "searching", "it may still be at it"
        wind(minutes=11)
        assert planning.lost(world.session) == [plan.id]
        planning.give_up_lost(world.session, plan.id)
        assert plan.state == "lost"
    assert not planning.is_pending(world.session)


def test_a_late_visit_has_the_day_planned_anew(world):
    world.amir()
    visit = accepted(world, **TEN)
    wind(hours=1, minutes=20)
    assert alarms.check(world.session, visit.id) == "late"
    assert world.session.scalars(select(DayPlan)).one().why == ["late"]


@pytest.mark.parametrize(
    ("first", "last", "reason", "code"),
    [
        (local("09:00"), local("08:00"), "ill", "absence.over"),
        (local("07:00"), local("08:00"), "ill", "absence.over"),
        (local("10:00"), local("10:00", 400), "ill", "absence.long"),
        (local("10:00"), local("12:00"), "  ", "reason.missing"),
    ],
)
def test_an_absence_that_can_not_be_is_refused(world, first, last, reason, code):
    with pytest.raises(Exception, match=code):
        is_away(world, world.amir().id, first, last, "staff:1", reason)


def test_whoever_is_away_loses_his_visits_even_if_no_plan_can_be_made(world, monkeypatch):
    amir, lena = world.amir(), world.lena()
    visit = accepted(world)
    assert visit.worker_id == amir.id
    is_away(world, amir.id, clock.now(), local("18:00"), "staff:1", "ill")
    assert planning.overlooked(world.session) == [], "a plan is coming"
    assert not absences.release(world.session, visit.id)
    monkeypatch.setattr(jobs, "search", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_plan(world)
    assert planning.overlooked(world.session) == [visit.id]
    jobs.release(visit.id)
    world.session.expire_all()
    assert (visit.state, visit.worker_id) == ("open", None)
    dispatching.dispatch(world.session, visit.order_id)
    assert (visit.state, visit.worker_id) == ("offered", lena.id)
    assert planning.overlooked(world.session) == []
