"""Messages that a call carries: placed once, heard or not, and a person takes over where the machine can't."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import again, clock, db, site
from app.gateways.errors import Misconfigured, Passing, Permanent, Unclear
from app.hotline import call_rows, calls, endings, outbound
from app.hotline.models import Call, CallBack
from app.messages import outbox
from app.messages import sweep as messages_sweep
from app.messages.models import Message
from app.web.carrier.voice import render
from ivr_flows.inputs import HangUp, Keys, Silence
from tests.databases import Database
from tests.fake_carrier import FakeCarrier, Killed
from tests.messages.conftest import events, fake, state  # noqa: F401
from tests.people import cast
from workers import hotline as jobs
from workers import sweep


@pytest.fixture
def rosa(database: Database) -> int:
    """Rosa, on a landline, with a daughter who may hear; the hotline is live."""
    with db.unit_of_work() as session:
        site.put(session, "live", True)
        return cast.rosa(session, cast.town(session)).id


def written(rosa: int, **more: object) -> int:
    """A notice for Rosa, to be told by phone."""
    values: dict[str, object] = {
        "key": "notice:1",
        "template": "order_cancelled",
        "recipient": f"resident:{rosa}",
        "number": cast.ROSA,
        "language": "zh-CN",
        "params": {"number": "12345675"},
    }
    with db.unit_of_work() as session:
        message = outbox.write(session, **(values | more))  # type: ignore[arg-type]
    assert message is not None and message.kind == "voice"
    return message.id


def the_call(session: Session) -> Call:
    return session.scalars(select(Call).order_by(Call.id)).all()[-1]


def goes(*inputs: object) -> None:
    """She picks up and does this."""
    with db.unit_of_work() as session:
        call = the_call(session)
        calls.begin(session, call.id, render)
        for n, given in enumerate(inputs, start=1):
            calls.advance(session, call.id, n, given, render)  # type: ignore[arg-type]


def ends(status: str = "completed") -> None:
    """The call is over, told twice."""
    with db.unit_of_work() as session:
        call_id = the_call(session).id
    for _ in range(2):
        with db.unit_of_work() as session:
            endings.status(session, call_id, status)
        jobs.call_over(call_id)


def reasons() -> list[str]:
    with db.unit_of_work() as session:
        return list(session.scalars(select(CallBack.reason).order_by(CallBack.id)))


def test_a_message_is_rung_once_however_often_the_job_runs(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = written(rosa)
    for _ in range(3):
        jobs.place_call(message_id)
    assert [call.to for call in fake.calls] == [cast.ROSA]
    assert fake.urls == ["https://doorline.example/carrier/voice?call=1" + again.STEP]
    assert fake.status_urls == ["https://doorline.example/carrier/call-status?call=1" + again.STATUS]
    assert state(message_id) == "sent"


def test_heard_and_confirmed_by_a_key_it_is_delivered(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = written(rosa)
    jobs.place_call(message_id)
    goes(Keys("1"))
    ends()
    assert state(message_id) == "delivered" and reasons() == []


@pytest.mark.parametrize("how", ["no-answer", "busy", "failed", "canceled", "completed"])
def test_not_heard_it_is_tried_three_times_then_a_relative_and_a_person_are_told(
    rosa: int,
    fake: FakeCarrier,  # noqa: F811
    how: str,
) -> None:
    message_id = written(rosa)
    for _ in range(3):
        clock.wind(timedelta(minutes=31))
        jobs.place_call(message_id)
        if how == "completed":
            goes(Silence(), Silence())
        ends(how)
    assert len(fake.calls) == 3 and state(message_id) == "undelivered"
    for _ in range(2):
        jobs.tell_person(message_id)
    assert reasons() == ["not_reached"]
    with db.unit_of_work() as session:
        [relative] = session.scalars(select(Message).where(Message.template == "relative_wanted"))
        assert relative.number == cast.DAUGHTER


def test_hanging_up_at_once_is_not_heard(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = written(rosa)
    jobs.place_call(message_id)
    goes(HangUp())
    ends()
    assert state(message_id) == "queued" and events(message_id).count("postponed") == 1


def test_who_asks_for_a_person_was_reached(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = written(rosa)
    jobs.place_call(message_id)
    goes(Keys("0"))
    ends()
    assert state(message_id) == "delivered" and reasons() == ["missed_call"]


def test_nobody_is_rung_at_noon_or_at_night(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = written(rosa)
    clock.wind(timedelta(hours=3, minutes=1))
    jobs.place_call(message_id)
    assert fake.calls == [] and state(message_id) == "queued"
    clock.wind(timedelta(hours=2))
    jobs.place_call(message_id)
    assert len(fake.calls) == 1


def test_a_phone_on_which_we_talk_is_not_rung(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    first, second = written(rosa), written(rosa, key="notice:2")
    jobs.place_call(first)
    jobs.place_call(second)
    assert len(fake.calls) == 1
    ends("no-answer")
    jobs.place_call(second)
    assert len(fake.calls) == 2


@pytest.mark.parametrize(
    ("error", "then"),
    [(Passing("20429"), "queued"), (Permanent("21214"), "failed"), (Misconfigured("20003"), "queued"),
     (Unclear("timeout"), "sending")],
)  # fmt: skip
def test_what_the_carrier_refuses_is_understood(
    rosa: int,
    fake: FakeCarrier,  # noqa: F811
    error: Passing,
    then: str,
) -> None:
    message_id = written(rosa)
    fake.refuse = [error]
    jobs.place_call(message_id)
    assert state(message_id) == then
    with db.unit_of_work() as session:
        assert the_call(session).finished is (then != "sending")


def killed_while_placing(rosa: int, fake: FakeCarrier, when: str) -> int:  # noqa: F811
    message_id = written(rosa)
    fake.die = when
    with pytest.raises(Killed):
        jobs.place_call(message_id)
    fake.die = ""
    assert state(message_id) == "sending"
    clock.wind(timedelta(seconds=61))
    return message_id


def find() -> None:
    """What the clock rings for."""
    with db.unit_of_work() as session:
        call_id = the_call(session).id
    jobs.find_call(call_id)


def test_a_call_that_was_placed_before_the_crash_is_found_and_not_rung_again(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = killed_while_placing(rosa, fake, "after")
    find()
    find()
    assert state(message_id) == "sent" and len(fake.calls) == 1
    with db.unit_of_work() as session:
        assert the_call(session).sid == fake.calls[0].sid


def test_a_call_that_was_not_placed_before_the_crash_is_tried_again(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = killed_while_placing(rosa, fake, "before")
    find()
    assert state(message_id) == "queued" and fake.calls == []


def test_its_own_webhook_tells_of_a_call_whose_placing_nobody_recorded(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = killed_while_placing(rosa, fake, "after")
    with db.unit_of_work() as session:
        call_rows.picked_up(session, 1, fake.calls[0].sid)
    goes(Keys("1"))
    ends()
    find()
    assert state(message_id) == "delivered" and len(fake.calls) == 1


def test_a_carrier_that_cannot_be_asked_is_asked_again_and_after_long_a_person_is_told(
    rosa: int,
    fake: FakeCarrier,  # noqa: F811
) -> None:
    message_id = killed_while_placing(rosa, fake, "after")
    fake.refuse = [Passing("20429")]
    find()
    assert state(message_id) == "sending"
    clock.wind(outbound.HOPELESS)
    fake.refuse = [Passing("20429")]
    find()
    assert state(message_id) == "unknown"
    jobs.tell_person(message_id)
    assert reasons() == ["message_unknown"]


def test_a_call_that_is_never_answered_and_of_which_no_news_come_is_asked_about(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = written(rosa)
    jobs.place_call(message_id)
    clock.wind(timedelta(minutes=11))
    with db.unit_of_work() as session:
        assert endings.silent_since(session, clock.now() - sweep.SILENT_CALL) == [1]
    fake.refuse = [Passing("20429")]
    jobs.ask_carrier(1)
    assert state(message_id) == "sent"
    fake.refuse = [Permanent("20404")]
    jobs.ask_carrier(1)
    jobs.call_over(1)
    assert state(message_id) == "queued"


def test_a_call_that_goes_on_is_left_alone(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    jobs.place_call(written(rosa))
    goes()
    jobs.ask_carrier(1)
    with db.unit_of_work() as session:
        assert not the_call(session).finished


def test_an_ended_call_whose_settling_was_lost_is_found(rosa: int, fake: FakeCarrier) -> None:  # noqa: F811
    message_id = written(rosa)
    jobs.place_call(message_id)
    with db.unit_of_work() as session:
        endings.status(session, 1, "busy")
    clock.wind(timedelta(seconds=6))
    with db.unit_of_work() as session:
        assert messages_sweep.due(session) == []
    sweep.ended_calls()
    jobs.call_over(1)
    assert state(message_id) == "queued"
