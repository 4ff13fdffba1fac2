"""The outbox on a real database: written once, claimed once, never at the wrong hour, never stale."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import clock, db, phones, queue, site
from app.core.errors import BadInput
from app.gateways import errors
from app.messages import lines, outbox
from app.messages.models import BadNumber, Message
from app.messages.rules import BACK_OFF
from tests.messages.conftest import ROSA, ROSA_AT_HOME, claimed, events, recorded, row, state, write, written

pytestmark = pytest.mark.usefixtures("live")


# -- writing --------------------------------------------------------------------------------------------------------


def test_a_message_rings_its_job_after_the_commit_only(session: Session) -> None:
    message = write(session)
    assert message is not None
    assert queue.waiting(session) == [("messages.send", (message.id,))]


def test_the_same_key_is_written_once(session: Session) -> None:
    assert write(session) is not None
    assert write(session) is None
    session.commit()
    assert write(session, number=ROSA_AT_HOME) is None
    assert session.scalar(select(func.count(Message.id))) == 1


def test_two_at_once_write_one_message() -> None:
    def attempt(_: int) -> bool:
        with db.unit_of_work() as session:
            return write(session) is not None

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [False, False, False, True]


def test_a_mobile_gets_a_text_and_a_landline_a_call(session: Session) -> None:
    mobile, landline = write(session), write(session, key="2", number=ROSA_AT_HOME)
    assert mobile is not None and landline is not None
    assert (mobile.kind, landline.kind) == ("text", "voice")
    assert queue.waiting(session)[1] == ("hotline.place_call", (landline.id,))


def test_who_said_stop_is_called_instead(session: Session) -> None:
    assert lines.stop(session, outbox.crypto.keyed_hash(ROSA))
    message = write(session)
    assert message is not None and message.kind == "voice"


def test_a_number_marked_bad_is_called_instead(session: Session) -> None:
    lines.mark_bad(session, outbox.crypto.keyed_hash(ROSA), "30006")
    message = write(session)
    assert message is not None and message.kind == "voice"


def test_the_caller_may_choose_voice(session: Session) -> None:
    message = write(session, kind="voice")
    assert message is not None and message.kind == "voice"


def test_an_answer_that_is_only_a_text_is_not_called_out(session: Session) -> None:
    assert write(session, template="offer_expired", params={"code": "27"}, number=ROSA_AT_HOME) is None


def test_the_confirmation_of_stop_is_the_one_text_after_it(session: Session) -> None:
    lines.stop(session, outbox.crypto.keyed_hash(ROSA))
    message = write(session, template="stopped", params={})
    assert message is not None and message.kind == "text"


def test_wrong_parameters_write_nothing(session: Session) -> None:
    with pytest.raises(BadInput):
        write(session, params={"code": "1"})
    assert session.scalar(select(func.count(Message.id))) == 0


def test_number_and_words_are_ciphertext_in_the_database(session: Session) -> None:
    message_id = written()
    claimed(message_id)
    stored = session.execute(text("SELECT number, params, body FROM message")).one()
    for value in stored:
        assert ROSA not in value and "12345675" not in value
    assert row(message_id).number == ROSA


# -- claiming -------------------------------------------------------------------------------------------------------


def test_a_claim_hands_out_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMS_SIGNATURE", "【春晓街道】")
    outbox.settings.current.cache_clear()
    outgoing = claimed(written())
    assert outgoing is not None
    assert outgoing.body.startswith("【春晓街道】") and "12345675" in outgoing.body
    assert (outgoing.number, outgoing.attempt, outgoing.kind) == (ROSA, 1, "text")
    assert row(outgoing.id).segments == 1
    monkeypatch.undo()
    outbox.settings.current.cache_clear()


def test_only_one_of_many_claims_succeeds() -> None:
    message_id = written()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: claimed(message_id), range(8)))
    assert len([outgoing for outgoing in found if outgoing]) == 1
    assert events(message_id) == ["written", "claimed"]


def test_what_does_not_exist_is_not_claimed() -> None:
    assert claimed(999) is None


def test_a_stale_message_is_withdrawn_and_a_person_told() -> None:
    message_id = written()
    clock.wind(timedelta(days=2))
    with db.unit_of_work() as session:
        assert outbox.claim(session, message_id) is None
        assert queue.waiting(session) == [("hotline.tell_person", (message_id,))]
    assert state(message_id) == "withdrawn"


def test_a_stale_offer_troubles_nobody() -> None:
    late = clock.now() + timedelta(minutes=10)
    message_id = written(
        template="visit_given",
        params={"service": "清洁", "when": late, "community": "春晓", "link": "https://x/1"},
        recipient="worker:1",
        good_until=late,
    )
    clock.wind(timedelta(minutes=11))
    with db.unit_of_work() as session:
        assert outbox.claim(session, message_id) is None
        assert queue.waiting(session) == []
    assert state(message_id) == "withdrawn"


def test_a_message_can_be_taken_back_until_it_went_out() -> None:
    first, second = written(), written(key="2")
    claimed(second)
    with db.unit_of_work() as session:
        assert outbox.withdraw(session, "order:1:confirmed") is True
        assert outbox.withdraw(session, "2") is False
        assert outbox.withdraw(session, "no such key") is False
    assert (state(first), state(second)) == ("withdrawn", "sending")


def test_before_going_live_only_listed_numbers_are_contacted() -> None:
    with db.unit_of_work() as session:
        site.put(session, "live", False)
        site.put(session, "allow_list", ["+8613900139000"])
    stranger, listed = written(), written(key="2", number="+8613900139000")
    assert claimed(stranger) is None
    assert claimed(listed) is not None
    assert state(stranger) == "withheld"
    assert events(stranger)[-1] == "withheld"


# -- recording ------------------------------------------------------------------------------------------------------


def test_sent_keeps_the_sid_once() -> None:
    message_id = written()
    claimed(message_id)
    for _ in range(2):
        recorded(lambda session, row_id: outbox.sent(session, row_id, "SM1"), message_id)
    assert (row(message_id).sid, events(message_id)) == ("SM1", ["written", "claimed", "sent"])


def test_a_passing_error_is_tried_again_later_with_a_cap() -> None:
    message_id = written()
    for wait in BACK_OFF:
        assert claimed(message_id) is not None
        recorded(lambda session, row_id: outbox.failed(session, row_id, errors.Passing("20429")), message_id)
        assert claimed(message_id) is None, "not before its time"
        assert row(message_id).due_at == clock.now() + timedelta(seconds=wait)
        clock.wind(timedelta(seconds=wait))
    assert claimed(message_id) is not None
    bells = recorded(lambda session, row_id: outbox.failed(session, row_id, errors.Passing("20429")), message_id)
    assert bells == [("hotline.tell_person", (message_id,))]
    assert state(message_id) == "failed"


def test_an_error_worth_one_more_try_gets_one() -> None:
    message_id = written()
    claimed(message_id)
    recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(30008)), message_id)
    clock.wind(timedelta(minutes=1))
    assert claimed(message_id) is not None
    recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(30008)), message_id)
    assert state(message_id) == "failed"


@pytest.mark.parametrize("code", ["21211", "21614", "30005", "30006"])
def test_a_line_without_texts_is_marked_and_the_message_becomes_a_call(code: str) -> None:
    message_id = written()
    claimed(message_id)
    bells = recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(code)), message_id)
    assert bells == [("hotline.place_call", (message_id,))]
    message = row(message_id)
    assert (message.kind, message.state, message.attempts, message.body) == ("voice", "queued", 0, None)
    with db.unit_of_work() as session:
        assert session.scalar(select(BadNumber.error)) == code
        assert lines.kind_for(session, ROSA) == "voice"


def test_a_refused_body_does_not_mark_the_number() -> None:
    message_id = written()
    claimed(message_id)
    recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(30007)), message_id)
    with db.unit_of_work() as session:
        assert lines.kind_for(session, ROSA) == "text"
    assert row(message_id).kind == "voice"


def test_who_opted_out_at_the_carrier_is_opted_out_here() -> None:
    message_id = written()
    claimed(message_id)
    recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(21610)), message_id)
    with db.unit_of_work() as session:
        assert lines.has_stopped(session, ROSA)
        assert lines.start(session, outbox.crypto.keyed_hash(ROSA))
        assert lines.kind_for(session, ROSA) == "text"


def test_a_mere_answer_that_cannot_be_texted_ends_quietly() -> None:
    message_id = written(template="help_resident", params={})
    claimed(message_id)
    bells = recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(21614)), message_id)
    assert (bells, state(message_id)) == ([], "failed")


def test_our_own_fault_waits_without_using_up_the_tries() -> None:
    message_id = written()
    for _ in range(len(BACK_OFF) + 3):
        assert claimed(message_id) is not None
        recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(20003)), message_id)
        clock.wind(timedelta(minutes=5))
    assert claimed(message_id) is not None


def test_no_answer_leaves_the_row_alone() -> None:
    message_id = written()
    claimed(message_id)
    assert (
        recorded(lambda session, row_id: outbox.failed(session, row_id, errors.Unclear("no_answer")), message_id) == []
    )
    assert (state(message_id), claimed(message_id)) == ("sending", None)


def test_a_call_refused_for_good_goes_to_a_person() -> None:
    message_id = written(number=ROSA_AT_HOME)
    claimed(message_id)
    bells = recorded(lambda session, row_id: outbox.failed(session, row_id, errors.from_code(21217)), message_id)
    assert bells == [("hotline.tell_person", (message_id,))]
    with db.unit_of_work() as session:
        assert session.scalar(select(func.count(BadNumber.number_hash))) == 0, "it may well take texts"


def test_a_call_nobody_answered_is_tried_again_but_not_at_noon() -> None:
    clock.wind(timedelta(hours=2, minutes=45))
    message_id = rung(written(number=ROSA_AT_HOME))
    assert recorded(lambda session, row_id: outbox.not_reached(session, row_id, "no-answer"), message_id) == []
    clock.wind(timedelta(minutes=30))
    assert claimed(message_id) is None
    clock.wind(timedelta(hours=2))
    outgoing = claimed(message_id)
    assert outgoing is not None and outgoing.attempt == 2


def rung(message_id: int) -> int:
    """A voice message whose call the carrier has taken."""
    assert claimed(message_id) is not None
    recorded(lambda session, row_id: outbox.sent(session, row_id, f"CA{clock.timestamp()}"), message_id)
    return message_id


def test_after_three_calls_a_person_takes_over() -> None:
    message_id = rung(written(number=ROSA_AT_HOME))
    for _ in range(2):
        assert recorded(lambda session, row_id: outbox.not_reached(session, row_id, "busy"), message_id) == []
        clock.wind(timedelta(minutes=30))
        rung(message_id)
    bells = recorded(lambda session, row_id: outbox.not_reached(session, row_id, "busy"), message_id)
    assert (bells, state(message_id)) == ([("hotline.tell_person", (message_id,))], "undelivered")
    assert recorded(lambda session, row_id: outbox.not_reached(session, row_id, "busy"), message_id) == []


def test_what_was_heard_is_not_said_again() -> None:
    message_id = rung(written(number=ROSA_AT_HOME))
    recorded(outbox.told, message_id)
    recorded(lambda session, row_id: outbox.not_reached(session, row_id, "completed"), message_id)
    assert state(message_id) == "delivered"


def test_a_text_that_became_a_call_is_handed_to_the_hotline() -> None:
    message_id = written(number=ROSA_AT_HOME)
    with db.unit_of_work() as session:
        assert outbox.claim_text(session, message_id) is None
        assert queue.waiting(session) == [("hotline.place_call", (message_id,))]
    assert state(message_id) == "queued"


def test_numbers_of_the_cast_are_what_they_seem() -> None:
    assert (phones.parse(ROSA).kind, phones.parse(ROSA_AT_HOME).kind) == ("mobile", "landline")


def test_who_says_stop_before_a_text_went_out_hears_it_instead() -> None:
    with db.unit_of_work() as session:
        message = write(session)
        assert message is not None
        lines.stop(session, message.number_hash)
    with db.unit_of_work() as session:
        assert outbox.claim_text(session, message.id) is None
    assert (row(message.id).kind, row(message.id).state) == ("voice", "queued")
