"""Work for a person that arises elsewhere: a row of the worklist with whom to ring, once each time."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.hotline import sweep, tasks
from app.hotline.models import CallBack
from app.messages import outbox
from app.messages.models import Message
from app.quality import follow_ups
from tests.people import cast
from tests.visits.town import World


@pytest.fixture
def world(session: Session) -> World:
    return World.build(session)


def test_the_orders_resident_is_listed_with_a_number(world: World) -> None:
    order = world.order()
    row = tasks.open_task(world.session, "people_only", order.id)
    assert (row.resident_id, row.order_id, row.number) == (world.rosa.id, order.id, cast.ROSA)
    assert tasks.open_task(world.session, "people_only", order.id) is row


def test_the_contact_of_the_order_comes_before_the_residents_own_number(world: World) -> None:
    row = tasks.open_task(world.session, "bad_grade", world.order(contact=cast.DAUGHTER).id)
    assert row.number == cast.DAUGHTER


def test_each_time_that_the_order_is_open_again_it_is_a_task_of_its_own(world: World) -> None:
    order = world.order()
    first = tasks.open_task(world.session, "bad_grade", order.id)
    order.reopened += 1
    assert tasks.open_task(world.session, "bad_grade", order.id) is not first


def message(world: World, state: str, recipient: str, number: str = cast.ROSA) -> Message:
    written = outbox.write(
        world.session,
        key="notice:1",
        template="order_cancelled",
        recipient=recipient,
        number=number,
        language="zh-CN",
        params={"number": "12345675"},
    )
    assert written is not None
    written.state = state
    world.session.flush()
    return written


@pytest.mark.parametrize(
    ("state", "reason", "relatives"),
    [("undelivered", "not_reached", 1), ("unknown", "message_unknown", 0), ("failed", "not_reached", 0)],
)
def test_what_did_not_get_through_is_told_by_a_person(world: World, state: str, reason: str, relatives: int) -> None:
    undelivered = message(world, state, f"resident:{world.rosa.id}")
    for _ in range(2):
        tasks.tell_person(world.session, undelivered.id)
    [row] = world.session.scalars(select(CallBack))
    assert (row.reason, row.number, row.resident_id) == (reason, cast.ROSA, world.rosa.id)
    assert len(world.written("relative_wanted")) == relatives


def test_a_relative_without_consent_hears_nothing(world: World) -> None:
    shan = cast.mr_shan(world.session, world.town)
    tasks.tell_person(world.session, message(world, "undelivered", f"resident:{shan.id}", cast.SHAN).id)
    assert world.written("relative_wanted") == []


def test_a_stranger_or_a_worker_is_listed_by_his_number(world: World) -> None:
    row = tasks.tell_person(world.session, message(world, "undelivered", "worker:1", cast.AMIR).id)
    assert row is not None and (row.number, row.resident_id) == (cast.AMIR, None)


def test_a_follow_up_that_waits_for_a_person_and_stands_on_no_list_is_found(world: World) -> None:
    world.rosa.flags = ["people_only"]
    follow_ups.plan(world.session, cast.finished_visit(world.session, order := world.order(), world.amir()))
    world.session.flush()
    assert sweep.unlisted_tasks(world.session) == [("people_only", order.id)]
    tasks.open_task(world.session, "people_only", order.id)
    assert sweep.unlisted_tasks(world.session) == []
