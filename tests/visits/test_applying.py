"""What a plan does to visits, and that it does all of it or nothing, against real PostgreSQL."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock, site
from app.messages.models import Message
from app.visits import absences, applying, assigning, dispatching, offers, planning, rows, visiting
from app.visits.dayplan.changes import Change
from app.visits.dayplan.explaining import Reasons
from app.visits.dayplan.plan import plan as search
from app.visits.models import DayPlan, Decision, Visit
from app.visits.planner.search import Limits
from app.workforce.models import Worker
from tests.visits.plans import TEN, accepted, is_away, run_plan, said, specialist, tap_order, wanted
from tests.visits.town import World, local, wind


@pytest.fixture(autouse=True)
def _quick(world):
    """A search of a tenth of a second is enough for days of this size."""
    site.put(world.session, "dispatch_plan", {"seconds": 0.1})


def test_the_plan_makes_room_gives_the_promised_visit_to_somebody_else_and_tells_everybody(world):
    amir, lena = specialist(world)
    hair = accepted(world, **TEN)
    before = len(said(world))
    code = hair.code
    tap = tap_order(world)
    dispatching.dispatch(world.session, tap.id)
    plan = run_plan(world)
    [visit] = world.visits(tap)
    assert plan.state == "applied" and plan.unserved == 0
    assert (visit.state, visit.worker_id, visit.no_room_at) == ("offered", amir.id, None)
    assert (hair.state, hair.worker_id, rows.starts_at(hair)) == ("accepted", lena.id, local("10:00"))
    assert hair.code != code
    assert sorted(set(said(world)[before:])) == [
        "offer",
        "relative_accepted",
        "visit_announced_again",
        "visit_cancelled",
        "visit_given",
    ]
    assert {change["why"] for change in plan.changes} == {"room", "free"}


def test_each_change_keeps_its_reasons_and_leads_to_the_plan(world):
    amir, _ = specialist(world)
    hair = accepted(world, **TEN)
    tap = tap_order(world)
    dispatching.dispatch(world.session, tap.id)
    plan = run_plan(world)
    decisions = world.session.scalars(select(Decision).where(Decision.plan_id == plan.id)).all()
    assert {one.visit_id for one in decisions} == {hair.id, world.visits(tap)[0].id}
    [about_tap] = [one for one in decisions if one.visit_id != hair.id]
    assert (about_tap.chosen_worker_id, about_tap.candidates[0]["worker_id"]) == (amir.id, amir.id)
    assert about_tap.candidates[0]["parts"]["travel"] > 0
    assert {one.get("failed") for one in about_tap.candidates[1:]} == {"skill"}


def test_who_is_away_has_his_visits_taken_over_and_everybody_is_told(world):
    amir, lena = world.amir(), world.lena()
    visit = accepted(world)
    before = len(said(world))
    is_away(world, amir.id, local("09:00"), local("18:00"), "staff:1", "ill")
    plan = run_plan(world)
    assert plan.state == "applied" and [one["why"] for one in plan.changes] == ["absent"]
    assert (visit.state, visit.worker_id) == ("offered", lena.id)
    assert sorted(said(world)[before:]) == ["offer", "visit_cancelled"]
    offers.accept(world.session, world.offer_of(visit), "sms")
    assert {"offer_accepted", "visit_announced_again"} <= set(said(world)[before + 2 :])


def test_an_absence_takes_even_what_is_near_pinned_or_given_by_hand(world):
    amir, lena = world.amir(), world.lena()
    near = accepted(world, window=(local("09:30"), local("11:00")))
    assigning.pin(world.session, near, "staff:1", "she waits for him")
    by_hand = world.dispatched(window=(local("14:00"), local("16:00")))
    assigning.assign(world.session, by_hand, amir.id, local("14:30"), "staff:1", "knows her")
    is_away(world, amir.id, clock.now(), local("18:00"), "staff:1", "ill")
    run_plan(world)
    assert {near.worker_id, by_hand.worker_id} == {lena.id}


def test_of_two_who_come_together_one_is_away_and_the_other_goes_later_with_somebody_else(world):
    amir, lena = world.amir(), world.lena()
    world.town.haircut.workers_needed = 2
    order = world.order(window=(local("10:00"), local("12:00")))
    dispatching.dispatch(world.session, order.id)
    pair = world.visits(order)
    for visit in pair:
        assert offers.accept(world.session, world.offer_of(visit), "sms")
    tom = world.worker("Tom", "+8613800130077", hours=(11, 20))
    ill = world.session.get_one(Worker, pair[0].worker_id)
    is_away(world, ill.id, clock.now(), local("18:00"), "staff:1", "ill")
    plan = run_plan(world)
    assert plan.state == "applied"
    assert {visit.worker_id for visit in pair} == {amir.id, lena.id, tom.id} - {ill.id}
    assert [visit.state for visit in pair] == ["offered", "accepted"]
    assert len({rows.starts_at(visit) for visit in pair}) == 1 and rows.starts_at(pair[0]) >= local("11:00")


def test_who_is_about_to_set_out_on_a_long_way_keeps_what_he_promised(world):
    world.amir(east=9000)
    visit = accepted(world, window=(local("11:30"), local("11:40")))
    assert visit.travel_seconds > 2400
    planning.want(world.session, "asked")
    assert run_plan(world).requests == 1
    wind(minutes=85)
    planning.want(world.session, "asked")
    assert run_plan(world).requests == 0


def test_without_anybody_else_the_absent_ones_visit_goes_to_the_dispatchers_and_the_resident_hears_of_it(world):
    amir = world.amir()
    visit = accepted(world)
    is_away(world, amir.id, clock.now(), local("18:00"), "staff:1", "ill")
    run_plan(world)
    assert (visit.state, visit.attention, visit.worker_id) == ("attention", "nobody_left", None)
    assert said(world)[-1] == "visit_unfilled"


def test_pinned_near_and_given_by_hand_are_left_alone(world):
    amir, _lena = specialist(world)
    hair = accepted(world, **TEN)
    assigning.pin(world.session, hair, "staff:1", "she waits for him")
    dispatching.dispatch(world.session, tap_order(world).id)
    assert run_plan(world).changes == []
    assert hair.worker_id == amir.id


def test_a_site_may_forbid_that_promises_are_moved(world):
    amir, _lena = specialist(world)
    hair = accepted(world, **TEN)
    site.put(world.session, "dispatch_plan", {"seconds": 0.1, "moves_promises": False})
    dispatching.dispatch(world.session, tap_order(world).id)
    assert run_plan(world).changes == []
    assert hair.worker_id == amir.id


def test_offers_of_the_night_are_planned_in_the_morning_before_anybody_reads_them(world):
    amir, lena = world.amir(), world.lena(east=400)
    wind(hours=14)
    first = world.dispatched(window=(local("09:00", 1), local("09:10", 1)))
    assert first.worker_id == amir.id and first.state == "offered"
    is_away(world, amir.id, local("06:00", 1), local("20:00", 1), "staff:1", "ill")
    run_plan(world)
    assert (first.state, first.worker_id) == ("offered", lena.id)
    live = [one for one in world.session.scalars(select(Message)) if one.state == "queued"]
    assert [one.recipient for one in live] == [f"worker:{lena.id}"]


def held_up(world: World, meanwhile) -> tuple[DayPlan, bool]:
    """A plan during whose search something happens: (plan, whether it was carried out)."""
    world.session.commit()
    plan = wanted(world)
    problem = planning.begin(world.session, plan.id).problem
    found = search(problem, plan.id, Limits(seconds=0.1))
    answers = {one.visit_id: Reasons(found).of(one) for one in found.changes}
    assert found.changes
    meanwhile()
    return plan, applying.apply(world.session, plan.id, found, answers)


def upset(world: World, what: str, hair: Visit, tap: Visit, amir, lena) -> None:
    if what == "on the way":
        visiting.depart(world.session, hair, f"worker:{amir.id}")
    elif what == "pinned":
        assigning.pin(world.session, hair, "staff:1", "so")
    elif what == "moved by hand":
        assigning.move(world.session, hair, local("10:05"), "staff:1", "so")
    elif what == "cancelled":
        world.order_of(tap).state = "cancelled"
    elif what == "given by hand":
        assigning.assign(world.session, tap, lena.id, local("10:00"), "staff:1", "so")
    elif what == "somebody is busier":
        other = world.dispatched(window=(local("12:00"), local("12:10")))
        assigning.assign(world.session, other, lena.id, local("10:05"), "staff:1", "so")


@pytest.mark.parametrize(
    "what", ["on the way", "pinned", "moved by hand", "cancelled", "given by hand", "somebody is busier"]
)
def test_a_plan_that_was_overtaken_changes_nothing_and_is_made_again(world, what):
    amir, lena = specialist(world)
    hair = accepted(world, **TEN)
    order = tap_order(world)
    dispatching.dispatch(world.session, order.id)
    [tap] = world.visits(order)
    seen = {}

    def meanwhile():
        upset(world, what, hair, tap, amir, lena)
        world.session.flush()
        seen["before"] = (hair.state, hair.worker_id, hair.during, tap.state, tap.worker_id, len(said(world)))

    plan, carried_out = held_up(world, meanwhile)
    assert not carried_out and plan.state == "outdated"
    after = (hair.state, hair.worker_id, hair.during, tap.state, tap.worker_id, len(said(world)))
    assert after == seen["before"]
    following = wanted(world)
    assert (following.why, following.tries) == (["outdated"], 2)


def test_a_result_that_comes_after_the_plan_was_given_up_is_thrown_away(world):
    specialist(world)
    hair = accepted(world, **TEN)
    dispatching.dispatch(world.session, tap_order(world).id)

    def meanwhile():
        wind(minutes=11)
        planning.give_up_lost(world.session, planning.lost(world.session)[0])

    had = hair.worker_id
    plan, carried_out = held_up(world, meanwhile)
    assert (carried_out, plan.state, hair.worker_id) == (False, "lost", had)


def test_who_is_back_is_planned_with_again(world):
    amir = world.amir()
    leave = is_away(world, amir.id, clock.now(), local("18:00"), "staff:1", "ill")
    visit = world.dispatched()
    assert visit.attention == "nobody_left"
    wind(minutes=5)
    assert absences.end(world.session, leave.id, "staff:1")
    assert not absences.end(world.session, leave.id, "staff:1")
    run_plan(world)
    assert (visit.state, visit.worker_id, visit.attention) == ("offered", amir.id, None)


def test_two_exchange_their_visits(world):
    """Each alone would be in two places for a moment; carried out together nobody is."""
    amir, lena = world.amir(), world.lena(east=500)
    one, other = accepted(world, **TEN), accepted(world, **TEN)
    assert {one.worker_id, other.worker_id} == {amir.id, lena.id}
    planning.want(world.session, "asked")
    world.session.commit()
    plan = wanted(world)
    problem = planning.begin(world.session, plan.id).problem
    found = search(problem, plan.id, Limits(seconds=0.1))
    crossed = exchanged(problem, found)
    answers = {change.visit_id: Reasons(crossed).of(change) for change in crossed.changes}
    assert applying.apply(world.session, plan.id, crossed, answers)
    assert (one.worker_id, other.worker_id) == (lena.id, amir.id)


def exchanged(problem, found):
    """A plan in which two holders of visits at the same time change places."""
    first, second = problem.requests
    changes = (
        Change(first, second.held.worker_id, first.held.start, "room"),
        Change(second, first.held.worker_id, second.held.start, "room"),
    )
    placed = {one.visit_id: (one.worker_id, one.start) for one in changes}
    return replace(found, problem=problem, changes=changes, placed=placed)


def test_no_earlier_than_a_minute_before_the_offer_goes_out_it_is_taken_back(world):
    amir = world.amir()
    visit = world.dispatched()
    planning.want(world.session, "asked")
    assert run_plan(world).requests == 0, "he has been asked, and may answer"
    assert (visit.state, visit.worker_id) == ("offered", amir.id)
    assert clock.now() - visit.created_at < timedelta(minutes=1)
