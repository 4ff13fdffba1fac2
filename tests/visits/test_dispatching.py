"""From an open order to an offer, or to the dispatchers' list, with all reasons kept."""

from datetime import timedelta

from sqlalchemy import select

from app.core import clock
from app.messages.models import Message
from app.organisations.models import Organisation
from app.people import staff
from app.visits import dispatching, links, offers
from app.visits.matching.problem import Problem
from app.visits.models import Decision, Offer
from tests.visits.town import local, wind


def test_the_nearest_able_worker_is_asked_by_text(world):
    amir, _ = world.amir(), world.lena()
    visit = world.dispatched()
    offer = world.offer_of(visit)
    assert (visit.state, visit.worker_id, offer.worker_id, offer.state) == ("offered", amir.id, amir.id, "sent")
    assert visit.during.lower >= local("10:00")
    assert visit.during.upper - visit.during.lower == timedelta(minutes=visit.minutes)
    [message] = world.written("offer")
    assert message.params["code"] == offer.code
    assert message.params["link"] == links.url(visit.id, amir.id)
    assert world.asked_for("messages.send") == [(message.id,)]
    assert world.order_of(visit).responded_at == clock.now()
    assert world.events(visit) == ["created", "offered", "decided"]


def test_dispatching_twice_asks_once(world):
    world.amir()
    visit = world.dispatched()
    dispatching.dispatch(world.session, visit.order_id)
    assert len(world.visits(world.order_of(visit))) == 1
    assert len(world.written("offer")) == 1


def test_a_stored_decision_replayed_gives_the_same_choice(world):
    world.amir(), world.lena(), world.worker("Tom", "+8613800130023", hours=(20, 22))
    visit = world.dispatched()
    decision = world.session.scalars(select(Decision).where(Decision.visit_id == visit.id)).one()
    world.session.refresh(decision)
    again = dispatching.PLANNER.propose(Problem.from_json(decision.problem))
    assert decision.planner == dispatching.PLANNER.name
    assert again.proposals[0].worker_ids == (decision.chosen_worker_id,)
    by_worker = {one["worker_id"]: one for one in decision.candidates}
    assert decision.candidates[0]["worker_id"] == world.people["Amir"].id
    assert by_worker[world.people["Lena"].id]["parts"]["travel"] > by_worker[world.people["Amir"].id]["parts"]["travel"]
    assert by_worker[world.people["Tom"].id] == {"worker_id": world.people["Tom"].id, "failed": "shift"}


def test_the_next_one_is_asked_after_a_no_and_the_first_is_not_asked_again(world):
    amir, lena = world.amir(), world.lena()
    visit = world.dispatched()
    assert offers.decline(world.session, world.offer_of(visit), "sms", "busy")
    assert world.asked_for("visits.dispatch")[-1] == (visit.order_id,)
    dispatching.dispatch(world.session, visit.order_id)
    assert (visit.state, visit.worker_id) == ("offered", lena.id)
    offers.decline(world.session, world.offer_of(visit), "phone")
    dispatching.dispatch(world.session, visit.order_id)
    assert (visit.state, visit.attention, visit.worker_id) == ("attention", "nobody_left", None)
    asked = world.session.scalars(select(Offer.worker_id).where(Offer.visit_id == visit.id))
    assert sorted(asked) == sorted([amir.id, lena.id])
    last = world.session.scalars(select(Decision).order_by(Decision.id.desc())).first()
    assert {one["failed"] for one in last.candidates} == {"already_offered"}


def test_with_nobody_able_the_dispatchers_list_says_why(world):
    world.amir(skills=["repairs"])
    visit = world.dispatched()
    assert (visit.state, visit.attention) == ("attention", "nobody_left")
    assert dispatching.waiting(world.session, clock.now() + timedelta(hours=1)) == []
    dispatching.dispatch(world.session, visit.order_id)
    assert world.written() == []


def test_with_nobody_left_a_dispatcher_with_a_phone_is_told_once(world):
    member = staff.create(
        world.session, username="dispatcher9", password="a-long-quiet-word", name="戴文杰", role="dispatcher",
        number="13800130077", by="system:test",
    )  # fmt: skip
    visit = world.dispatched()
    dispatching.dispatch(world.session, visit.order_id)
    told = world.session.scalars(select(Message).where(Message.template == "dispatcher_needed")).all()
    assert [(one.recipient, one.number, one.kind) for one in told] == [(f"staff:{member.id}", "+8613800130077", "text")]


def test_the_sweep_finds_orders_nobody_looked_after(world):
    order = world.order()
    assert dispatching.waiting(world.session, clock.now()) == []
    wind(minutes=1)
    assert dispatching.waiting(world.session, clock.now()) == [order.id]
    world.amir()
    dispatching.dispatch(world.session, order.id)
    assert dispatching.waiting(world.session, clock.now()) == []


def test_cancelled_orders_are_left_alone(world):
    world.amir()
    order = world.order()
    order.state = "cancelled"
    dispatching.dispatch(world.session, order.id)
    assert world.visits(order) == []


def test_a_second_order_goes_around_the_first_ones_time(world):
    world.amir()
    first, second = world.dispatched(), world.dispatched()
    assert first.worker_id == second.worker_id
    assert second.during.lower >= first.during.upper
    assert world.offer_of(first).code != world.offer_of(second).code
    assert first.code[:2] != second.code[:2]


def test_wishes_and_the_usual_worker_are_heeded(world):
    amir, lena = world.amir(), world.lena()
    world.rosa.usual_worker_id = lena.id
    assert world.dispatched().worker_id == lena.id
    world.rosa.wishes = {"forbidden_workers": [lena.id]}
    assert world.dispatched().worker_id == amir.id


def test_a_promise_made_during_the_call_is_kept(world):
    world.amir()
    lena = world.lena()
    visit = world.dispatched(worker_id=lena.id, starts_at=local("10:50"), window=None)
    assert (visit.worker_id, visit.during.lower) == (lena.id, local("10:50"))


def test_two_people_are_asked_for_one_start_and_the_second_keeps_to_the_first(world):
    world.town.haircut.workers_needed = 2
    people = [world.amir(), world.lena(), world.worker("Third", "+8613800130029", east=4000)]
    order = world.order()
    dispatching.dispatch(world.session, order.id)
    one, other = world.visits(order)
    assert one.during == other.during
    assert {one.worker_id, other.worker_id} == {people[0].id, people[1].id}
    offers.accept(world.session, world.offer_of(one), "sms")
    assert order.state == "open"
    offers.decline(world.session, world.offer_of(other), "sms")
    dispatching.dispatch(world.session, order.id)
    assert (other.worker_id, other.during.lower) == (people[2].id, one.during.lower)
    offers.accept(world.session, world.offer_of(other), "sms")
    assert order.state == "scheduled"


def test_an_offer_in_the_night_waits_for_the_morning_with_its_answer_time(world):
    world.amir()
    wind(hours=14)
    visit = world.dispatched(window=(local("10:00", days=1), local("12:00", days=1)))
    [message] = world.written("offer")
    assert message.due_at == local("06:30", days=1)
    assert world.offer_of(visit).expires_at == local("06:45", days=1)
    assert world.asked_for("messages.send") == []


def test_workers_of_an_organisation_without_licence_are_not_sent(world):
    amir = world.amir()
    lapsed = Organisation(code="O1", name="甲", name_en="A", kind="care", licence_until=local("08:00").date())
    world.session.add(lapsed)
    world.session.flush()
    amir.organisation_id = lapsed.id
    assert world.dispatched().worker_id == amir.id
    lapsed.licence_until -= timedelta(days=1)
    assert world.dispatched().state == "attention"


def test_nobody_is_sent_out_of_his_area(world):
    amir = world.amir(area_id=world.town.river.id)
    assert world.dispatched().state == "attention"
    amir.area_id = world.town.subdistrict.id
    assert world.dispatched().worker_id == amir.id


def test_who_is_with_somebody_is_asked_when_he_is_done(world):
    world.amir()
    visit = world.dispatched(window=(local("09:10"), local("09:40")))
    visit.state = "in_progress"
    world.session.flush()
    later = world.dispatched(window=(local("14:00"), local("16:00")))
    message = world.written("offer")[-1]
    assert message.due_at == visit.during.upper
    assert world.offer_of(later).expires_at == visit.during.upper + timedelta(minutes=15)
