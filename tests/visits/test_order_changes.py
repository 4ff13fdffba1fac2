"""When the order changes or is called off, the visits follow and those concerned are told."""

from app.orders import changes
from app.visits import dispatching, offers, order_changes, proposing, proving
from tests.visits.town import local

BY = "staff:7"


def accepted(world, **more):
    visit = world.dispatched(**more)
    offers.accept(world.session, world.offer_of(visit), "sms")
    return visit


def change(world, visit, **what):
    order = world.order_of(visit)
    changes.change(world.session, order, what, BY, "she rang again")
    order_changes.changed(world.session, order.id)
    return order


def test_a_cancelled_order_calls_its_visit_off_and_tells_both_sides_once(world):
    world.amir()
    visit = accepted(world)
    order = world.order_of(visit)
    changes.cancel(world.session, order, BY, "not needed any more")
    order_changes.cancelled(world.session, order.id)
    order_changes.cancelled(world.session, order.id)
    assert visit.state == "cancelled"
    assert len(world.written("visit_cancelled")) == len(world.written("visit_called_off")) == 1


def test_a_cancelled_order_takes_its_offer_back(world):
    world.amir()
    visit = world.dispatched()
    offer = world.offer_of(visit)
    changes.cancel(world.session, world.order_of(visit), BY, "not needed any more")
    order_changes.cancelled(world.session, visit.order_id)
    world.session.refresh(offer)
    assert (visit.state, offer.state) == ("cancelled", "withdrawn")
    assert world.written("visit_called_off") == []
    assert offers.accept(world.session, offer, "sms") is None


def test_a_visit_that_has_begun_is_only_shown_to_a_dispatcher(world):
    world.amir()
    visit = accepted(world)
    proving.prove(world.session, visit, visit.code[2:], "worker:1")
    change(world, visit, window=(local("15:00"), local("17:00")))
    assert (visit.state, visit.attention) == ("in_progress", "changed")


def test_a_wider_window_changes_nothing(world):
    world.amir()
    visit = accepted(world)
    events = world.events(visit)
    change(world, visit, window=(local("09:30"), local("12:30")))
    assert (visit.state, visit.window_end) == ("accepted", local("12:30"))
    assert world.events(visit) == events


def test_the_same_worker_is_moved_if_he_can_come_at_the_new_time(world):
    amir = world.amir()
    visit = accepted(world)
    change(world, visit, window=(local("15:00"), local("17:00")))
    assert (visit.state, visit.worker_id, visit.during.lower) == ("accepted", amir.id, local("15:00"))
    assert len(world.written("visit_changed")) == len(world.written("visit_announced_again")) == 1


def test_if_he_cannot_another_is_searched_for(world):
    world.amir(hours=(8, 13))
    lena = world.lena()
    visit = accepted(world)
    order = change(world, visit, window=(local("15:00"), local("17:00")))
    assert visit.state == "cancelled"
    dispatching.dispatch(world.session, order.id)
    assert [(one.state, one.worker_id) for one in world.visits(order)[1:]] == [("offered", lena.id)]
    assert len(world.written("visit_cancelled")) == 1


def test_another_service_needs_another_visit_and_may_be_offered_to_the_same_worker(world):
    amir = world.amir(skills=["haircut", "repairs"])
    visit = accepted(world)
    order = change(world, visit, item_id=world.town.gas.id)
    dispatching.dispatch(world.session, order.id)
    [again] = world.visits(order)[1:]
    assert (again.skill, again.worker_id, again.state) == ("repairs", amir.id, "offered")


def test_while_the_caller_is_on_the_phone_three_choices_are_proposed_and_nothing_is_held(world):
    amir, lena = world.amir(), world.lena()
    window = (local("10:00"), local("12:00"))
    choices = proposing.propose(
        world.session, item_id=world.town.haircut.id, subject_id=world.rosa.id, window=window, n=2
    )
    assert [choice.worker_id for choice in choices] == [amir.id, lena.id]
    assert choices[0].starts_at >= local("10:00")
    assert choices[0].price == sum(choices[0].parts.values()) < choices[1].price
    assert world.written() == []


def test_a_dispatcher_sees_how_everybody_would_fit(world):
    amir = world.amir()
    tom = world.worker("Tom", "+8613800130023", hours=(20, 22))
    lena = world.lena()
    visit = world.dispatched()
    offers.decline(world.session, world.offer_of(visit), "sms")
    dispatching.dispatch(world.session, visit.order_id)
    offers.accept(world.session, world.offer_of(visit), "sms")
    found = {one.worker_id: one for one in proposing.for_visit(world.session, visit).assessments}
    failed = {worker_id: one.failed for worker_id, one in found.items() if one.failed}
    assert failed == {amir.id: "already_offered", tom.id: "shift"}
    assert found[lena.id].best.start == visit.during.lower.timestamp(), "as if she did not have it yet"
