"""Late, missed and endless visits are noticed, told, and made up for."""

from datetime import timedelta

import pytest

from app.core import clock
from app.visits import alarms, assigning, dispatching, offers, visiting
from tests.visits.town import wind

BY = "worker:1"


@pytest.fixture
def accepted(world):
    world.amir()
    visit = world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    clock.wind(visit.during.lower - clock.now())
    return visit


def test_a_punctual_visit_alarms_nobody(world, accepted):
    wind(minutes=14)
    assert alarms.due(world.session) == []
    assert alarms.check(world.session, accepted.id) is None
    visiting.arrive(world.session, accepted, BY)
    wind(minutes=10)
    assert alarms.due(world.session) == []


def test_fifteen_minutes_late_is_told_once(world, accepted):
    wind(minutes=15)
    assert alarms.due(world.session) == [accepted.id]
    assert alarms.check(world.session, accepted.id) == "late"
    assert (accepted.state, accepted.attention) == ("accepted", "late")
    assert len(world.written("visit_late")) == 1
    assert alarms.due(world.session) == []
    assert alarms.check(world.session, accepted.id) is None
    assert world.events(accepted).count("late") == 1


def test_close_to_the_end_of_the_window_the_resident_hears_it_before_that_end(world, accepted):
    accepted.window_end = accepted.during.lower + timedelta(minutes=18)
    wind(minutes=7)
    assert alarms.check(world.session, accepted.id) is None
    wind(minutes=1)
    assert alarms.due(world.session) == [accepted.id]
    assert alarms.check(world.session, accepted.id) == "late"
    assert clock.now() < accepted.window_end


def test_nobody_is_late_before_five_minutes_have_gone(world, accepted):
    accepted.window_end = accepted.during.lower + timedelta(minutes=1)
    wind(minutes=4)
    assert alarms.check(world.session, accepted.id) is None


def test_a_second_delay_of_the_same_visit_is_told_as_well(world, accepted):
    wind(minutes=15)
    alarms.check(world.session, accepted.id)
    assigning.move(world.session, accepted, clock.now() + timedelta(minutes=20), "staff:1", "traffic")
    wind(minutes=35)
    assert alarms.check(world.session, accepted.id) == "late"
    assert len(world.written("visit_late")) == 2


@pytest.mark.parametrize("asked", [True, False], ids=["somebody is asked", "nobody is left"])
def test_a_resident_for_whom_nobody_comes_hears_it_before_the_window_ends(world, asked):
    if asked:
        world.amir()
    visit = world.dispatched()
    assert visit.state == ("offered" if asked else "attention")
    clock.wind(visit.window_end - clock.now() - timedelta(minutes=31))
    assert alarms.due(world.session) == []
    wind(minutes=1)
    assert alarms.due(world.session) == [visit.id]
    assert alarms.check(world.session, visit.id) == "unfilled"
    assert [message.recipient for message in world.written("visit_unfilled")] == [f"resident:{world.rosa.id}"]
    assert alarms.due(world.session) == [] and alarms.check(world.session, visit.id) is None


def test_who_comes_at_last_may_be_late_as_anybody(world):
    world.amir()
    visit = world.dispatched()
    clock.wind(visit.window_end - clock.now() - timedelta(minutes=30))
    alarms.check(world.session, visit.id)
    offers.accept(world.session, world.offer_of(visit), "sms")
    wind(minutes=25)
    assert alarms.check(world.session, visit.id) == "late"


def test_a_promise_that_nobody_takes_over_is_told_at_once(world, accepted):
    visiting.give_back(world.session, accepted, BY)
    dispatching.dispatch(world.session, accepted.order_id)
    assert accepted.state == "attention"
    assert len(world.written("visit_unfilled")) == 1
    assert alarms.due(world.session) == []


def test_where_nobody_opened_the_resident_is_not_told_that_nobody_came(world, accepted):
    visiting.fail(world.session, accepted, "nobody_home", BY)
    clock.wind(accepted.window_end - clock.now() + timedelta(hours=1))
    assert alarms.due(world.session) == []


def test_the_expected_time_counts_from_the_departure(world, accepted):
    wind(minutes=10)
    visiting.depart(world.session, accepted, BY)
    accepted.travel_seconds = 1800
    wind(minutes=5)
    alarms.check(world.session, accepted.id)
    assert world.written("visit_late")[0].params["when"] == (accepted.departed_at + timedelta(minutes=30)).isoformat()


def test_a_late_worker_who_comes_is_no_longer_on_the_list(world, accepted):
    wind(minutes=15)
    alarms.check(world.session, accepted.id)
    visiting.arrive(world.session, accepted, BY)
    assert accepted.attention is None


def test_a_missed_visit_stays_for_the_count_and_somebody_else_comes(world, accepted):
    lena = world.lena()
    clock.wind(accepted.window_end - clock.now())
    assert alarms.due(world.session) == [accepted.id]
    assert alarms.check(world.session, accepted.id) == "missed"
    order = world.order_of(accepted)
    _, second = world.visits(order)
    assert (accepted.state, second.state, order.state) == ("missed", "open", "open")
    assert len(world.written("visit_missed")) == len(world.written("relative_missed")) == 1
    assert world.written("visit_cancelled")[0].recipient == f"worker:{world.people['Amir'].id}"
    dispatching.dispatch(world.session, order.id)
    assert (second.worker_id, second.window_end) == (lena.id, clock.now() + timedelta(hours=2))
    assert second.code != accepted.code
    assert alarms.check(world.session, accepted.id) is None
    assert len(world.visits(order)) == 2


def test_who_is_on_the_way_is_given_time_for_it(world, accepted):
    clock.wind(accepted.window_end - clock.now() - timedelta(minutes=5))
    visiting.depart(world.session, accepted, BY)
    wind(minutes=10)
    assert alarms.check(world.session, accepted.id) == "late"
    assert accepted.state == "en_route"


def test_a_visit_that_does_not_end_is_looked_after(world, accepted):
    visiting.begin(world.session, accepted, BY, "code")
    wind(minutes=accepted.minutes + 14)
    assert alarms.due(world.session) == []
    wind(minutes=1)
    assert alarms.due(world.session) == [accepted.id]
    assert alarms.check(world.session, accepted.id) == "overrun"
    assert accepted.attention == "overrun"
    assert alarms.due(world.session) == []


def test_an_overrun_that_somebody_has_looked_at_is_not_raised_again(world, accepted):
    visiting.begin(world.session, accepted, BY, "code")
    wind(minutes=accepted.minutes + 15)
    assert alarms.check(world.session, accepted.id) == "overrun"
    assigning.settle_attention(world.session, accepted, "staff:1", "he stays until her son comes")
    wind(minutes=1)
    assert alarms.due(world.session) == []
    assert alarms.check(world.session, accepted.id) is None


def test_an_unknown_visit_alarms_nobody(world):
    assert alarms.check(world.session, 12345) is None
