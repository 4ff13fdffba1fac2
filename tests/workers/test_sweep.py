"""Each look rings for what is due and for nothing else; that is why losing Redis loses nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.core import clock, db, queue, site
from app.hotline import arrivals, endings, inbound, rings
from app.hotline.call_rows import Opening, create
from app.hotline.models import Call
from app.messages import outbox
from app.quality import follow_ups
from app.visits import offers
from tests.databases import Database
from tests.hotline import office
from tests.people import cast
from tests.visits.town import World, wind
from workers import sweep

Scene = Callable[[World], None]


def order_waits(world: World) -> None:
    world.order()
    wind(seconds=6)


def offer_ran_out(world: World) -> None:
    world.amir()
    visit = world.dispatched()
    clock.wind(world.offer_of(visit).expires_at - clock.now())


def visit_is_late(world: World) -> None:
    world.amir()
    visit = world.dispatched()
    offers.accept(world.session, world.offer_of(visit), "sms")
    assert visit.during is not None
    clock.wind(visit.during.upper - clock.now() + timedelta(minutes=30))


def visit_is_done(world: World) -> None:
    cast.finished_visit(world.session, world.order(), world.amir())


def follow_up_is_due(world: World) -> None:
    assert follow_ups.plan(world.session, cast.finished_visit(world.session, world.order(), world.amir()))
    wind(hours=1)


def text_is_unread(world: World) -> None:
    inbound.receive(world.session, "SM1", cast.EVE, "hello")
    wind(seconds=6)


def caller_waits(world: World) -> None:
    office.agent(world.session)
    office.caller(world.session, cast.EVE)


def caller_was_answered(world: World) -> None:
    caller_waits(world)
    [ring] = office.rung(world.session, world.session.get_one(Call, 1))
    rings.answer(world.session, ring.id)
    wind(seconds=6)


def caller_waits_for_nobody(world: World) -> None:
    office.caller(world.session, cast.EVE)


def call_fell_silent(world: World) -> None:
    arrivals.arrive(world.session, "CA1", cast.EVE)
    wind(minutes=11)


def voice_call(world: World, sid: str | None) -> int:
    message = outbox.write(
        world.session,
        key="notice:1",
        template="order_cancelled",
        recipient=f"resident:{world.rosa.id}",
        number=cast.ROSA,
        language="zh-CN",
        params={"number": "12345675"},
    )
    assert message is not None
    message.state = "sending"
    opening = Opening("notice", "notice", cast.ROSA, {}, "zh-CN", message_id=message.id)
    call_id = create(world.session, opening, "outbound", sid)
    assert call_id is not None
    return call_id


def call_was_never_placed(world: World) -> None:
    voice_call(world, None)
    wind(seconds=61)


def call_is_over(world: World) -> None:
    endings.status(world.session, voice_call(world, "CA1"), "no-answer")
    wind(seconds=6)


def nothing(world: World) -> None:
    wind(days=1)


RUNG: list[tuple[Scene, set[tuple[str, tuple[int, ...]]]]] = [
    (nothing, set()),
    (order_waits, {("visits.dispatch", (1,))}),
    (offer_ran_out, {("visits.expire_offer", (1,))}),
    (visit_is_late, {("visits.alarm", (1,))}),
    (visit_is_done, {("quality.follow_up", (1,))}),
    (follow_up_is_due, {("quality.begin", (1,))}),
    (text_is_unread, {("hotline.read_text", (1,))}),
    (caller_waits, {("hotline.ring_agents", (1,))}),
    (caller_waits_for_nobody, set()),
    (caller_was_answered, {("hotline.join_caller", (1,))}),
    (call_fell_silent, {("hotline.ask_carrier", (1,))}),
    (call_was_never_placed, {("hotline.find_call", (1,))}),
    (call_is_over, {("hotline.call_over", (1,))}),
]


@pytest.mark.parametrize(("scene", "expected"), RUNG, ids=[scene.__name__ for scene, _ in RUNG])
def test_what_is_due_is_rung_and_nothing_else(
    database: Database, scene: Scene, expected: set[tuple[str, tuple[int, ...]]]
) -> None:
    with db.unit_of_work() as session:
        site.put(session, "live", True)
        scene(World.build(session))
    queue.connection().flushdb()
    for look in sweep.LOOKS:
        look()
    jobs = {(job.func_name.removeprefix("workers."), tuple(job.args)) for job in queue.pending()}
    of_messages = ("messages.send", "hotline.place_call")
    assert {job for job in jobs if job[0] not in of_messages} == expected
