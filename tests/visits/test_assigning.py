"""A dispatcher decides by hand, always with a reason; nobody is ever in two places."""

import pytest

from app.core import clock
from app.core.errors import BadInput, NotFound, Refused
from app.core.moves import NotAllowed
from app.orders import changes
from app.visits import assigning, dispatching, offers, proving, visiting
from tests.visits.town import local

BY = "staff:7"


def give(world, visit, worker, at="10:30", reason="she asked for him"):
    return assigning.assign(world.session, visit, worker.id, local(at), BY, reason)


def test_a_visit_nobody_was_left_for_is_given_away_by_hand(world):
    tom = world.worker("Tom", "+8613800130023", skills=[])
    visit = world.dispatched()
    assert visit.state == "attention"
    give(world, visit, tom)
    assert (visit.state, visit.worker_id, visit.attention) == ("accepted", tom.id, None)
    assert visit.during.lower == local("10:30")
    assert world.order_of(visit).state == "scheduled"
    assert len(world.written("visit_given")) == len(world.written("visit_announced")) == 1


def test_somebody_elses_offer_is_withdrawn(world):
    amir, lena = world.amir(), world.lena()
    visit = world.dispatched()
    offer = world.offer_of(visit)
    world.written("offer")[0].state = "sent"
    give(world, visit, lena)
    world.session.refresh(offer)
    assert offer.state == "withdrawn"
    assert world.written("offer_withdrawn")[0].recipient == f"worker:{amir.id}"
    assert offers.accept(world.session, offer, "sms") is None


def test_who_had_promised_hears_that_it_is_not_his_and_his_half_is_worthless(world):
    amir, lena = world.amir(), world.lena()
    visit = world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    old = visit.code
    give(world, visit, lena)
    assert visit.code != old
    assert world.written("visit_cancelled")[0].recipient == f"worker:{amir.id}"
    assert world.written("visit_announced_again")[0].params["code"] == visit.code


def test_a_visit_of_a_cancelled_order_is_given_to_nobody(world):
    amir = world.amir()
    visit = world.dispatched()
    changes.cancel(world.session, world.order_of(visit), BY, "she is better")
    with pytest.raises(Refused, match=r"order\.over"):
        give(world, visit, amir)


def test_nobody_is_in_two_places_by_hand_either(world):
    amir, lena = world.amir(), world.lena()
    first, second = world.dispatched(), world.dispatched()
    give(world, first, lena)
    second_before = (second.state, second.worker_id, second.during)
    with pytest.raises(Refused, match=r"visit\.double_booked"):
        give(world, second, lena, "10:45")
    world.session.refresh(second)
    assert second.state in ("offered", "open") and second.worker_id == second_before[1]
    give(world, second, amir)


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_done(world, reason):
    amir = world.amir()
    visit = world.dispatched()
    for act in (
        lambda: give(world, visit, amir, reason=reason),
        lambda: assigning.move(world.session, visit, local("11:00"), BY, reason),
        lambda: assigning.withdraw(world.session, visit, BY, reason),
        lambda: assigning.pin(world.session, visit, BY, reason),
        lambda: assigning.settle_attention(world.session, visit, BY, reason),
    ):
        with pytest.raises(BadInput, match=r"reason\.missing"):
            act()


def test_only_workers_there_are_can_be_sent(world):
    amir = world.amir(active=False)
    visit = world.dispatched()
    with pytest.raises(NotFound):
        give(world, visit, amir)


def test_what_has_begun_is_not_given_to_somebody_else(world):
    world.amir()
    lena, visit = world.lena(), world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    proving.prove(world.session, visit, visit.code[2:], "worker:1")
    with pytest.raises(NotAllowed):
        give(world, visit, lena)


def test_moving_tells_both_sides(world):
    world.amir()
    visit = world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    assigning.move(world.session, visit, local("11:40"), BY, "the doctor comes at ten")
    assert (visit.state, visit.during.lower) == ("accepted", local("11:40"))
    assert len(world.written("visit_changed")) == len(world.written("visit_announced_again")) == 1


def test_taking_a_visit_away_searches_for_another_and_does_not_ask_him_again(world):
    world.amir(), world.worker("Far", "+8613800130029", east=6000)
    lena = world.lena()
    visit = world.dispatched()
    give(world, visit, lena)
    assert assigning.withdraw(world.session, visit, BY, "her e-bike is broken")
    dispatching.dispatch(world.session, visit.order_id)
    assert visit.worker_id == world.people["Far"].id, "neither Lena, though nearer, nor Amir, who was asked before"
    assert [message.recipient for message in world.written("visit_cancelled")] == [f"worker:{lena.id}"]


def test_taking_away_an_offer_says_so_once(world):
    world.amir()
    visit = world.dispatched()
    world.written("offer")[0].state = "sent"
    assert assigning.withdraw(world.session, visit, BY, "wrong service")
    assert (visit.state, visit.worker_id) == ("open", None)
    assert len(world.written("offer_withdrawn")) == 1
    assert world.written("visit_cancelled") == []
    assert not assigning.withdraw(world.session, visit, BY, "again")


def test_a_visit_on_the_list_can_be_searched_for_again(world):
    visit = world.dispatched()
    amir = world.amir()
    assert assigning.retry(world.session, visit, BY)
    assert not assigning.retry(world.session, visit, BY)
    dispatching.dispatch(world.session, visit.order_id)
    assert (visit.state, visit.worker_id, visit.attention) == ("offered", amir.id, None)


def test_pinning_is_kept_with_its_reason(world):
    world.amir()
    visit = world.dispatched()
    assigning.pin(world.session, visit, BY, "her daughter is there then")
    assigning.pin(world.session, visit, BY, "again")
    assert visit.pinned
    assigning.unpin(world.session, visit, BY, "not any more")
    assert not visit.pinned
    assert world.events(visit)[-2:] == ["pinned", "unpinned"]


def test_a_look_settles_what_was_noticed_but_not_a_visit_without_anybody(world):
    world.amir()
    visit = world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    visiting.arrive(world.session, visit, "worker:1")
    visit.attention = "far_away"
    assigning.settle_attention(world.session, visit, BY, "the courtyard is large")
    assert visit.attention is None
    world.session.flush()
    assert clock.now() == visit.arrived_at
    nobodys = world.dispatched(item_id=world.town.gas.id, window=None)
    with pytest.raises(Refused):
        assigning.settle_attention(world.session, nobodys, BY, "never mind")
