"""Two at once: nobody is booked twice, nobody is asked twice, and the one who comes second looks again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.core import db
from app.core.errors import Refused
from app.orders import changes
from app.orders.models import ServiceOrder
from app.visits import assigning, dispatching, offers, order_changes
from app.visits.matching.insertion import CheapestInsertion
from app.visits.models import Offer, Visit
from app.visits.rules import VISIT
from tests.visits.town import World, local

AT_ONCE = 6


@pytest.fixture
def crowd(world):
    """Six orders for the same hour, and three workers who can each take two of them in it."""
    world.amir(), world.lena(), world.worker("Third", "+8613800130029", east=900)
    orders = [world.order(window=(local("10:00"), local("10:30"))).id for _ in range(AT_ONCE)]
    world.session.commit()
    return orders


class Meeting:
    """A planner at which all wait for one another before the first answer is used: all decide by the same facts."""

    name = CheapestInsertion.name

    def __init__(self, parties):
        self._barrier = Barrier(parties)
        self._calls = Counter()

    def propose(self, problem, n=3):
        answer = CheapestInsertion().propose(problem, n)
        self._calls[problem.request.visit_id] += 1
        if self._calls[problem.request.visit_id] == 1:
            self._barrier.wait(10)
        return answer


def all_at_once(jobs):
    def run(job):
        with db.unit_of_work() as session:
            return job(session)

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [one.result(30) for one in [pool.submit(run, job) for job in jobs]]


def overlapping(session):
    """Pairs of live visits of one worker at the same time."""
    live = select(Visit).where(Visit.state.in_(VISIT.live)).subquery()
    other = select(Visit).where(Visit.state.in_(VISIT.live)).subquery()
    pairs = (live.c.worker_id == other.c.worker_id) & (live.c.id < other.c.id) & live.c.during.op("&&")(other.c.during)
    return session.scalar(select(func.count()).select_from(live).join(other, pairs))


def test_dispatches_at_the_same_moment_never_double_book(world, crowd, monkeypatch):
    monkeypatch.setattr(dispatching, "PLANNER", Meeting(AT_ONCE))
    all_at_once([lambda session, order=order: dispatching.dispatch(session, order) for order in crowd])
    for order in dispatching.waiting(world.session, local("23:00")):
        all_at_once([lambda session, order=order: dispatching.dispatch(session, order)])
    visits = world.session.scalars(select(Visit)).all()
    assert len(visits) == AT_ONCE
    assert overlapping(world.session) == 0
    offered = Counter(visit.worker_id for visit in visits if visit.state == "offered")
    assert len(offered) == 3, "everybody was first taken for the nearest worker, and then for the others"


def test_one_order_dispatched_by_two_workers_at_once_is_offered_once(world, crowd):
    all_at_once([lambda session: dispatching.dispatch(session, crowd[0])] * 4)
    assert world.session.scalar(select(func.count()).select_from(Visit)) == 1
    assert world.session.scalar(select(func.count()).select_from(Offer)) == 1


def test_a_yes_and_the_end_of_the_offer_at_once_give_one_of_the_two(world, crowd):
    dispatching.dispatch(world.session, crowd[0])
    offer = world.session.scalars(select(Offer)).one()
    offer.expires_at = local("08:00")
    world.session.commit()

    def accept(session):
        return offers.accept(session, session.get_one(Offer, offer.id), "sms") is not None

    def expire(session):
        return offers.expire(session, offer.id)

    def decline(session):
        return offers.decline(session, session.get_one(Offer, offer.id), "link")

    accepted, expired, declined = all_at_once([accept, expire, decline])
    assert accepted + expired + declined == 1
    world.session.refresh(offer)
    assert offer.state == {(1, 0): "accepted", (0, 1): "expired"}.get((accepted, expired), "declined")


def test_a_no_by_text_and_by_link_at_once_is_one_no(world, crowd):
    dispatching.dispatch(world.session, crowd[0])
    world.session.commit()
    offer_id = world.session.scalars(select(Offer.id)).one()
    said = [
        lambda session, via=via: offers.decline(session, session.get_one(Offer, offer_id), via)
        for via in ("sms", "link", "sms")
    ]
    assert all_at_once(said) == [True] * 3
    visit = world.session.scalars(select(Visit)).one()
    assert world.events(visit).count("declined") == 1


def test_two_dispatchers_who_give_two_visits_to_one_worker_at_once(world, crowd):
    for order in crowd[:2]:
        dispatching.dispatch(world.session, order)
    third = world.people["Third"].id
    visits = world.session.scalars(select(Visit.id)).all()
    world.session.commit()

    def give(session, visit_id):
        try:
            assigning.assign(session, session.get_one(Visit, visit_id), third, local("10:00"), "staff:1", "wish")
        except Refused:
            session.rollback()
            return False
        return True

    given = all_at_once([lambda session, visit=visit: give(session, visit) for visit in visits])
    assert sorted(given) == [False, True]
    assert overlapping(world.session) == 0


@pytest.mark.parametrize("rival", ["accept", "assign", "dispatch"])
def test_a_cancellation_at_the_same_moment_leaves_no_visit_behind(world, crowd, rival):
    if rival != "dispatch":
        dispatching.dispatch(world.session, crowd[0])
    world.session.commit()

    def cancel(session):
        return changes.cancel(session, session.get_one(ServiceOrder, crowd[0]), "staff:1", "better")

    def go_on(session):
        if rival == "dispatch":
            return dispatching.dispatch(session, crowd[0])
        offer = session.scalars(select(Offer)).one()
        if rival == "accept":
            return offers.accept(session, offer, "sms")
        try:
            visit = session.get_one(Visit, offer.visit_id)
            return assigning.assign(session, visit, world.people["Lena"].id, local("10:00"), "staff:2", "wish")
        except Refused:
            session.rollback()

    cancelled, _ = all_at_once([cancel, go_on])
    order = world.session.get_one(ServiceOrder, crowd[0], populate_existing=True)
    if not cancelled:  # the other one had moved the order meanwhile: who cancelled is told, and does it again
        assert changes.cancel(world.session, order, "staff:1", "better")
    order_changes.cancelled(world.session, order.id)
    assert order.state == "cancelled"
    assert {visit.state for visit in world.visits(order)} <= {"cancelled"}
    assert world.session.scalar(select(func.count()).where(Offer.state == "sent")) == 0


def test_a_yes_pressed_four_times_at_once_is_one_yes(world: World, crowd):
    dispatching.dispatch(world.session, crowd[0])
    world.session.commit()
    offer_id = world.session.scalars(select(Offer.id)).one()
    said = [lambda session: offers.accept(session, session.get_one(Offer, offer_id), "link") is not None] * 4
    assert all_at_once(said) == [True] * 4
    assert len(world.written("visit_announced")) == len(world.written("offer_accepted")) == 1
