"""A yes, a no, a silence: each counts once, whoever is quicker, and the right people are told."""

from datetime import timedelta

import pytest

from app.core import clock
from app.core.errors import BadInput
from app.orders import changes
from app.people.models import ResidentPhone
from app.visits import dispatching, links, offers, order_changes
from tests.people.cast import DAUGHTER, ROSA
from tests.visits.town import wind


@pytest.fixture
def offered(world):
    world.amir()
    return world.dispatched()


def test_a_yes_makes_the_visit_his_and_everybody_is_told(world, offered):
    offer = world.offer_of(offered)
    assert offers.accept(world.session, offer, "sms") is offered
    assert (offered.state, offer.state, offer.answered_by) == ("accepted", "accepted", "sms")
    assert world.order_of(offered).state == "scheduled"
    [to_worker] = world.written("offer_accepted")
    assert to_worker.params["code_half"] == offered.code[:2]
    [to_rosa] = world.written("visit_announced")
    assert (to_rosa.kind, to_rosa.number, to_rosa.params["code"]) == ("voice", ROSA, offered.code)
    [to_daughter] = world.written("relative_accepted")
    assert to_daughter.number == DAUGHTER
    assert offered.code not in str(to_daughter.params)


def test_a_yes_to_an_order_that_is_being_cancelled_promises_nothing(world, offered):
    order = world.order_of(offered)
    changes.cancel(world.session, order, "staff:1", "she is better")
    assert offers.accept(world.session, world.offer_of(offered), "sms") is None
    assert world.written("visit_announced") == world.written("offer_accepted") == []
    order_changes.cancelled(world.session, order.id)
    assert (offered.state, world.offer_of(offered).state) == ("cancelled", "withdrawn")


def test_a_no_gives_one_of_the_reasons_or_none(world, offered):
    with pytest.raises(BadInput, match=r"reason\.unknown"):
        offers.decline(world.session, world.offer_of(offered), "link", "x" * 50)
    assert offers.decline(world.session, world.offer_of(offered), "link", "too_far")


def test_the_whole_code_is_never_told_to_the_worker(world, offered):
    offers.accept(world.session, world.offer_of(offered), "link")
    for message in world.written():
        if message.recipient.startswith("worker:"):
            assert offered.code not in str(message.params)
            assert message.params.get("code_half") != offered.code[2:]


def test_a_yes_said_twice_is_one_yes(world, offered):
    offer = world.offer_of(offered)
    assert offers.accept(world.session, offer, "sms")
    written = len(world.written())
    assert offers.accept(world.session, offer, "link") is offered
    assert len(world.written()) == written
    assert world.events(offered).count("accepted") == 1


def test_a_yes_after_a_no_or_after_the_end_is_gone(world, offered):
    offer = world.offer_of(offered)
    offers.decline(world.session, offer, "sms")
    assert offers.accept(world.session, offer, "sms") is None
    assert offered.state == "open"


def test_a_no_said_twice_is_one_no_and_comes_too_late_after_a_yes(world, offered):
    offer = world.offer_of(offered)
    assert offers.decline(world.session, offer, "phone", "ill")
    assert offers.decline(world.session, offer, "phone")
    assert (offer.state, offer.reason) == ("declined", "ill")
    assert len(world.asked_for("visits.dispatch")) == 2  # from intake, and from the no


def test_a_no_to_what_one_has_accepted_is_refused(world, offered):
    offer = world.offer_of(offered)
    offers.accept(world.session, offer, "sms")
    assert not offers.decline(world.session, offer, "sms")
    assert offered.state == "accepted"


def test_an_offer_runs_out_once_its_time_is_over(world, offered):
    offer = world.offer_of(offered)
    assert not offers.expire(world.session, offer.id)
    assert offers.overdue(world.session) == []
    clock.wind(offer.expires_at - clock.now())
    assert offers.overdue(world.session) == [offer.id]
    assert offers.expire(world.session, offer.id)
    assert not offers.expire(world.session, offer.id)
    assert (offer.state, offered.state, offered.worker_id) == ("expired", "open", None)
    assert offers.accept(world.session, offer, "sms") is None


def test_an_offer_that_never_went_out_is_taken_back_and_not_apologised_for(world, offered):
    clock.wind(timedelta(minutes=16))
    offers.expire(world.session, world.offer_of(offered).id)
    assert world.written("offer")[0].state == "withdrawn"
    assert world.written("offer_expired") == []


def test_a_worker_who_got_the_offer_hears_that_it_is_over(world, offered):
    world.written("offer")[0].state = "sent"
    clock.wind(timedelta(minutes=16))
    offers.expire(world.session, world.offer_of(offered).id)
    assert world.written("offer_expired")[0].params == {"code": world.offer_of(offered).code}


def test_a_yes_before_anybody_noticed_the_end_still_counts(world, offered):
    clock.wind(timedelta(minutes=16))
    assert offers.accept(world.session, world.offer_of(offered), "sms")


def test_an_urgent_offer_leaves_time_for_two_more(world):
    world.amir(skills=["repairs"])
    visit = world.dispatched(item_id=world.town.gas.id, window=None)
    assert visit.urgent
    assert world.offer_of(visit).expires_at == clock.now() + timedelta(minutes=4)
    assert world.written("offer")[0].urgent


def test_an_offer_is_found_by_its_code_or_as_the_only_one(world, offered):
    amir = world.people["Amir"]
    first = world.offer_of(offered)
    assert offers.by_code(world.session, amir.id, None) is first
    second = world.offer_of(world.dispatched())
    assert offers.by_code(world.session, amir.id, None) is None
    assert offers.by_code(world.session, amir.id, second.code) is second
    assert offers.by_code(world.session, amir.id, "99") is None
    assert offers.live_of(world.session, amir.id) == [first, second]


def test_nobody_answers_for_somebody_else(world, offered):
    lena = world.lena()
    assert offers.by_code(world.session, lena.id, world.offer_of(offered).code) is None


def test_who_wants_people_only_is_rung_by_an_agent(world, offered):
    world.rosa.flags = ["people_only"]
    offers.accept(world.session, world.offer_of(offered), "sms")
    assert world.written("visit_announced") == []
    assert ("people_only", offered.order_id) in world.asked_for("hotline.task")


def test_the_code_goes_to_the_residents_own_phone_not_to_a_neighbours(world):
    world.amir()
    visit = world.dispatched(contact="+8613912345678")
    offers.accept(world.session, world.offer_of(visit), "sms")
    assert world.written("visit_announced")[0].number == ROSA


def test_without_a_phone_of_his_own_a_person_must_tell_the_resident(world, offered):
    for phone in world.session.query(ResidentPhone):
        world.session.delete(phone)
    world.session.flush()
    world.session.expire(world.rosa)
    offers.accept(world.session, world.offer_of(offered), "sms")
    assert ("people_only", offered.order_id) in world.asked_for("hotline.task")


def test_a_link_opens_for_the_asked_worker_alone_and_until_the_visit_is_over(world, offered):
    amir, lena = world.people["Amir"], world.lena()
    token = links.url(offered.id, amir.id).rsplit("/", 1)[1]
    assert len(token) <= 16
    assert links.read(world.session, token) == (offered, amir)
    for wrong in (links.token(offered.id, lena.id), token[:-1] + "_", "zzz", "", "1-", token.replace("-", "--")):
        with pytest.raises(BadInput, match=r"link\.invalid"):
            links.read(world.session, wrong)
    offers.decline(world.session, world.offer_of(offered), "link")
    assert links.read(world.session, token) == (offered, amir)
    dispatching.dispatch(world.session, offered.order_id)
    offered.state, offered.ended_at = "cancelled", clock.now()
    world.session.flush()
    wind(hours=2)
    with pytest.raises(BadInput):
        links.read(world.session, token)
