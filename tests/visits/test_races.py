"""Two at once: nobody is booked twice, nobody is asked twice, and the one who comes second looks again."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.core import db
from app.visits import dispatching, offers
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


def test_a_yes_pressed_four_times_at_once_is_one_yes(world: World, crowd):
    dispatching.dispatch(world.session, crowd[0])
    world.session.commit()
    offer_id = world.session.scalars(select(Offer.id)).one()
    said = [lambda session: offers.accept(session, session.get_one(Offer, offer_id), "link") is not None] * 4
    assert all_at_once(said) == [True] * 4
    assert len(world.written("visit_announced")) == len(world.written("offer_accepted")) == 1
