"""The visit itself: on the way, at the door, proved, done or not, and what it means for the order."""

import pytest

from app.core import clock
from app.core.errors import BadInput, Refused
from app.visits import assigning, dispatching, listing, offers, proving, rules, visiting
from tests.visits.town import DOOR, local, wind

BY = "worker:1"


@pytest.fixture
def accepted(world):
    world.amir()
    visit = world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    clock.wind(visit.during.lower - clock.now())
    return visit


def wrong_half(visit):
    return next(half for half in ("11", "22") if half != visit.code[2:])


def test_a_whole_visit_leaves_six_facts_and_a_finished_order(world, accepted):
    session, visit = world.session, accepted
    assert visiting.depart(session, visit, BY)
    wind(minutes=5)
    assert visiting.arrive(session, visit, BY, [DOOR[0], DOOR[1]])
    assert world.order_of(visit).state == "under_way"
    assert proving.prove(session, visit, visit.code[2:], BY) == "proved"
    wind(minutes=25)
    assert visiting.finish(session, visit, BY, "hair is cut")
    facts = visiting.six_facts(session, visit)
    assert rules.missing_facts(facts) == ()
    assert facts["provider"] == world.people["Amir"].id
    assert (visit.state, visit.proof, visit.note, visit.attention) == ("done", "code", "hair is cut", None)
    assert (world.order_of(visit).state, world.order_of(visit).resolved_at) == ("done", clock.now())
    assert world.asked_for("quality.follow_up") == [(visit.id,)]
    assert len(world.written("relative_done")) == 1
    assert world.events(visit)[-4:] == ["departed", "arrived", "code_proved", "finished"]


def test_the_date_of_a_visit_is_the_districts(world, accepted):
    accepted.arrived_at = local("07:30", days=1)
    assert visiting.six_facts(world.session, accepted)["date"] == local("12:00", days=1).date()


def test_every_report_may_come_twice(world, accepted):
    session, visit = world.session, accepted
    reports = (
        lambda: visiting.depart(session, visit, BY),
        lambda: visiting.arrive(session, visit, BY),
        lambda: proving.prove(session, visit, visit.code[2:], BY) == "proved",
        lambda: visiting.finish(session, visit, BY),
    )
    for report in reports:
        assert report()
        events = world.events(visit)
        assert report()
        assert world.events(visit) == events
    assert world.asked_for("quality.follow_up") == [(visit.id,)]


def test_the_digits_alone_bring_departure_and_arrival_with_them(world, accepted):
    assert proving.prove(world.session, accepted, accepted.code, BY) == "proved"
    assert accepted.arrived_at == clock.now()


def test_a_visit_without_proof_is_not_done_by_the_workers_word_alone(world, accepted):
    visiting.arrive(world.session, accepted, BY)
    assert not visiting.finish(world.session, accepted, BY)
    assert accepted.state == "arrived"
    assert visiting.finish(world.session, accepted, "staff:7")
    assert (accepted.state, accepted.attention, accepted.proof) == ("done", "unproved", None)


def test_three_wrong_entries_raise_an_alarm_and_end_the_guessing(world, accepted):
    session, wrong = world.session, wrong_half(accepted)
    assert [proving.prove(session, accepted, wrong, BY) for _ in range(3)] == ["wrong", "wrong", "locked"]
    assert proving.prove(session, accepted, accepted.code[2:], BY) == "locked"
    assert accepted.attention == "wrong_codes"
    assert world.asked_for("hotline.task") == [("door_alarm", accepted.order_id)]
    assert accepted.state == "accepted"


def test_the_workers_own_half_proves_nothing(world, accepted):
    assert proving.prove(world.session, accepted, accepted.code[:2], BY) == "wrong"


def test_the_households_password_stands_for_the_code(world, accepted):
    world.rosa.household_password = "白玉兰"
    assert proving.prove_password(world.session, accepted, "茉莉花", BY) == "wrong"
    assert proving.prove_password(world.session, accepted, "白 玉兰", BY) == "proved"
    assert accepted.proof == "password"


def test_ringing_from_the_residents_own_phone_records_the_arrival(world, accepted):
    assert proving.rung_from_home(world.session, accepted, "caller:1")
    assert (accepted.state, accepted.proof) == ("in_progress", "resident_phone")
    assert accepted.arrived_at == clock.now()
    assert proving.rung_from_home(world.session, accepted, "caller:1")
    assert world.events(accepted).count("code_proved") == 1
    assert visiting.finish(world.session, accepted, BY)
    assert not proving.rung_from_home(world.session, accepted, "caller:1")


@pytest.mark.parametrize("reason", rules.NOT_DONE_REASONS)
def test_what_could_not_be_done_waits_for_a_dispatcher(world, accepted, reason):
    assert visiting.fail(world.session, accepted, reason, BY, "rang twice")
    assert (accepted.state, accepted.outcome, accepted.note) == ("not_done", reason, "rang twice")
    order = world.order_of(accepted)
    [_, another] = world.visits(order)
    assert (order.state, another.state, another.attention) == ("open", "attention", reason)
    assert dispatching.waiting(world.session, clock.now()) == []
    assert (("not_reached", order.id) in world.asked_for("hotline.task")) is (reason == "nobody_home")
    assert visiting.fail(world.session, accepted, reason, BY)
    assert len(world.visits(order)) == 2


def test_only_known_reasons_are_kept(world, accepted):
    with pytest.raises(BadInput):
        visiting.fail(world.session, accepted, "tired", BY)


def test_who_gives_a_visit_back_is_not_asked_again_and_his_half_of_the_code_is_worthless(world, accepted):
    lena = world.lena()
    old = accepted.code
    assert visiting.give_back(world.session, accepted, BY, "ill")
    assert (accepted.state, accepted.worker_id, world.order_of(accepted).state) == ("open", None, "open")
    dispatching.dispatch(world.session, accepted.order_id)
    assert accepted.worker_id == lena.id
    offers.accept(world.session, world.offer_of(accepted), "sms")
    assert accepted.code != old
    assert world.written("visit_announced_again")[0].params["code"] == accepted.code


def test_nothing_is_given_back_once_it_has_begun(world, accepted):
    proving.prove(world.session, accepted, accepted.code[2:], BY)
    assert not visiting.give_back(world.session, accepted, BY)


def test_far_away_and_too_short_visits_are_looked_at(world, accepted):
    visiting.arrive(world.session, accepted, BY, [DOOR[0] + 0.02, DOOR[1]])
    assert accepted.attention == "far_away"
    proving.prove(world.session, accepted, accepted.code[2:], BY)
    wind(minutes=2)
    visiting.finish(world.session, accepted, BY)
    assert accepted.attention == "too_short"
    assert [(line.visit, line.why) for line in listing.needing_attention(world.session)] == [(accepted, "too_short")]
    assigning.settle_attention(world.session, accepted, "staff:1", "the daughter says he was there")
    assert listing.needing_attention(world.session) == []
    with pytest.raises(Refused):
        assigning.settle_attention(world.session, accepted, "staff:2", "nobody told me that it was")


@pytest.mark.parametrize("moot", ["late", "overrun"])
def test_what_the_end_of_a_visit_settles_is_looked_at_no_more(world, accepted, moot):
    proving.prove(world.session, accepted, accepted.code[2:], BY)
    accepted.attention = moot
    wind(minutes=30)
    visiting.finish(world.session, accepted, BY)
    assert listing.needing_attention(world.session) == []


def test_doubts_about_what_is_over_come_after_what_is_to_be_done(world, accepted):
    proving.prove(world.session, accepted, accepted.code[2:], BY)
    visiting.finish(world.session, accepted, BY)
    accepted.urgent = True
    nobodys = world.dispatched(item_id=world.town.gas.id, window=None)
    lines = listing.needing_attention(world.session)
    assert [line.visit.state for line in lines] == ["attention", "done"]
    assert lines[0].visit is nobodys


def test_the_first_visit_finds_a_door_of_which_only_the_community_was_known(world):
    world.amir()
    world.rosa.approximate, door = True, [DOOR[0] + 0.004, DOOR[1]]
    visit = world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    visiting.arrive(world.session, visit, BY, door)
    assert visit.attention is None
    proving.prove(world.session, visit, visit.code[2:], BY)
    assert (world.rosa.place, world.rosa.approximate) == (door, False)


def test_a_known_door_is_not_moved_by_a_visit(world, accepted):
    before = world.rosa.place
    visiting.arrive(world.session, accepted, BY, [DOOR[0] + 0.001, DOOR[1]])
    proving.prove(world.session, accepted, accepted.code[2:], BY)
    assert world.rosa.place == before


def test_the_worker_is_asked_about_what_he_is_at(world, accepted):
    amir = world.people["Amir"]
    second = world.dispatched()
    offers.accept(world.session, world.offer_of(second), "sms")
    assert visiting.current(world.session, amir.id) is accepted
    visiting.depart(world.session, second, BY)
    assert visiting.current(world.session, amir.id) is second
    assert visiting.current(world.session, 999) is None


def test_duress_alarms_a_person_and_shows_nothing(world, accepted):
    visiting.duress(world.session, accepted, BY)
    assert accepted.state == "accepted"
    assert world.asked_for("hotline.task") == [("duress", accepted.order_id)]


def test_of_two_people_the_order_is_done_when_both_are(world):
    world.town.haircut.workers_needed = 2
    world.amir(), world.lena()
    order = world.order()
    dispatching.dispatch(world.session, order.id)
    one, other = world.visits(order)
    for visit in (one, other):
        offers.accept(world.session, world.offer_of(visit), "sms")
        proving.prove(world.session, visit, visit.code[2:], BY)
    visiting.finish(world.session, one, BY)
    assert order.state == "under_way"
    visiting.finish(world.session, other, BY)
    assert order.state == "done"
