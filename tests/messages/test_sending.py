"""The job that sends, killed at every line: nothing is sent twice and nothing is lost."""

from datetime import timedelta

import pytest

from app.core import clock, db, queue
from app.gateways import errors
from app.messages import outbox, sweep
from app.messages.models import Message
from tests.fake_carrier import FakeCarrier, Killed
from tests.messages.conftest import ROSA, events, state, written
from workers import messages as jobs

pytestmark = pytest.mark.usefixtures("live")


def run_what_is_due() -> list[str]:
    """Let the sweep ring and carry out the jobs of messages that it names; returns their names."""
    with db.unit_of_work() as session:
        due = sweep.due(session)
    for name, message_id in due:
        getattr(jobs, name.partition(".")[2])(message_id)
    return [name for name, _ in due]


def wait(seconds: float) -> None:
    clock.wind(timedelta(seconds=seconds))


def sid(message_id: int) -> str | None:
    with db.unit_of_work() as session:
        return session.get_one(Message, message_id).sid


def test_a_text_goes_out_once(fake: FakeCarrier) -> None:
    message_id = written()
    for _ in range(3):
        jobs.send(message_id)
    assert [(text.to, text.sid) for text in fake.texts] == [(ROSA, sid(message_id))]
    assert state(message_id) == "sent"


def test_our_id_and_attempt_ride_in_the_callback(fake: FakeCarrier) -> None:
    message_id = written()
    jobs.send(message_id)
    assert fake.status_urls == [f"https://doorline.example/carrier/sms-status?m={message_id}&a=1#rc=5&rp=all"]


def test_a_lost_doorbell_is_rung_again(fake: FakeCarrier) -> None:
    message_id = written()
    assert run_what_is_due() == []
    wait(11)
    assert run_what_is_due() == ["messages.send"]
    assert run_what_is_due() == []
    assert state(message_id) == "sent"


def test_killed_before_the_claim(fake: FakeCarrier) -> None:
    """The job never began: the sweep rings again."""
    written()
    wait(11)
    run_what_is_due()
    assert len(fake.texts) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_between_claim_and_record(fake: FakeCarrier, moment: str) -> None:
    message_id = written()
    fake.die = moment
    with pytest.raises(Killed):
        jobs.send(message_id)
    fake.die = ""
    assert state(message_id) == "sending"
    jobs.send(message_id)
    wait(30)
    assert run_what_is_due() == []
    wait(31)
    assert run_what_is_due() == ["messages.reconcile"]
    if moment == "before":
        assert events(message_id)[-1] == "repeated"
        wait(11)
        run_what_is_due()
    assert state(message_id) == "sent"
    assert len(fake.texts) == 1
    assert sid(message_id) == fake.texts[0].sid


def test_killed_in_the_middle_of_asking(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    message_id = written()
    fake.die = "after"
    with pytest.raises(Killed):
        jobs.send(message_id)
    wait(61)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(sweep, "settle", killed)
        with pytest.raises(Killed):
            run_what_is_due()
    assert state(message_id) == "sending"
    wait(61)
    run_what_is_due()
    assert (state(message_id), len(fake.texts)) == ("sent", 1)


def test_an_answer_that_never_came_is_asked_for(fake: FakeCarrier) -> None:
    message_id = written()
    fake.refuse = [errors.Unclear("no_answer")]
    jobs.send(message_id)
    assert state(message_id) == "sending"
    wait(61)
    run_what_is_due()
    assert events(message_id)[-1] == "repeated"


def test_an_incomplete_listing_proves_nothing(fake: FakeCarrier) -> None:
    message_id = written()
    fake.refuse = [errors.Unclear("no_answer")]
    fake.complete = False
    jobs.send(message_id)
    wait(61)
    with db.unit_of_work() as session:
        assert sweep.settle(session, message_id, [], complete=False) == "lost"
        assert queue.waiting(session) == [("hotline.tell_person", (message_id,))]
    assert (state(message_id), fake.texts) == ("unknown", [])
    wait(600)
    assert run_what_is_due() == []


def test_a_carrier_that_cannot_be_asked_is_asked_again_and_then_a_person(fake: FakeCarrier) -> None:
    message_id = written()
    fake.refuse = [errors.Unclear("no_answer")] * 40
    jobs.send(message_id)
    for _ in range(29):
        wait(61)
        assert run_what_is_due() == ["messages.reconcile"]
        assert state(message_id) == "sending"
    wait(61)
    run_what_is_due()
    assert state(message_id) == "unknown"


def test_two_messages_with_the_same_words_are_told_apart(fake: FakeCarrier) -> None:
    """Both died after the claim; only one had gone out: the listing's one text belongs to one of them only."""
    first, second = written(), written(key="2")
    fake.die = "after"
    with pytest.raises(Killed):
        jobs.send(first)
    fake.die = "before"
    with pytest.raises(Killed):
        jobs.send(second)
    fake.die = ""
    wait(61)
    run_what_is_due()
    assert sorted([state(first), state(second)]) == ["queued", "sent"]
    wait(11)
    run_what_is_due()
    assert (state(first), state(second), len(fake.texts)) == ("sent", "sent", 2)


def test_an_earlier_attempt_does_not_count_as_the_present_one(fake: FakeCarrier) -> None:
    message_id = written()
    jobs.send(message_id)
    with db.unit_of_work() as session:
        message = outbox.locked(session, message_id)
        assert message is not None
        outbox.fall_back(session, message, errors.from_code(30003))
    wait(16)
    fake.die = "before"
    with pytest.raises(Killed):
        run_what_is_due()
    fake.die = ""
    wait(61)
    assert run_what_is_due() == ["messages.reconcile"]
    assert events(message_id)[-1] == "repeated"


def test_a_postponed_message_is_rung_when_its_time_comes_and_not_before(fake: FakeCarrier) -> None:
    message_id = written()
    fake.refuse = [errors.Passing("20429")]
    jobs.send(message_id)
    wait(14)
    assert run_what_is_due() == []
    wait(2)
    assert run_what_is_due() == ["messages.send"]
    assert state(message_id) == "sent"


def test_an_open_session_is_never_held_while_calling_out(fake: FakeCarrier, monkeypatch: pytest.MonkeyPatch) -> None:
    def send_text(*_: object) -> str:
        assert db.engine().pool.checkedout() == 0  # type: ignore[attr-defined]
        return "SM1"

    monkeypatch.setattr(fake, "send_text", send_text)
    message_id = written()
    jobs.send(message_id)
    assert state(message_id) == "sent"
