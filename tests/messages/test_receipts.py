"""Receipts come late, twice and out of order, and before our own record of the sending."""

from itertools import permutations

import pytest

from app.core import db, queue
from app.gateways import errors
from app.gateways.errors import GatewayError
from app.messages import outbox
from app.messages.models import Message
from app.messages.receipts import receipt
from tests.messages.conftest import events, state, written

pytestmark = pytest.mark.usefixtures("live")

SID = "SM" + "1" * 32


def claimed() -> int:
    message_id = written()
    claim(message_id)
    return message_id


def claim(message_id: int) -> None:
    with db.unit_of_work() as session:
        assert outbox.claim(session, message_id) is not None


def handed_over() -> int:
    message_id = claimed()
    with db.unit_of_work() as session:
        outbox.sent(session, message_id, SID)
    return message_id


def told(
    status: str,
    error: GatewayError | None = None,
    *,
    sid: str = SID,
    message_id: int | None = None,
    attempt: int | None = None,
) -> Message | None:
    with db.unit_of_work() as session:
        return receipt(session, sid, status, error, message_id, attempt)


def test_delivered() -> None:
    message_id = handed_over()
    told("delivered")
    assert state(message_id) == "delivered"


@pytest.mark.parametrize("order", sorted(set(permutations(["queued", "sent", "delivered", "delivered"]))))
def test_any_order_ends_the_same(order: tuple[str, ...]) -> None:
    message_id = handed_over()
    for status in order:
        told(status)
    assert (state(message_id), events(message_id).count("delivered")) == ("delivered", 1)


@pytest.mark.parametrize("status", ["queued", "sent", "undelivered", "failed"])
def test_a_late_status_never_overwrites_a_final_one(status: str) -> None:
    message_id = handed_over()
    told("delivered")
    told(status, errors.from_code(30003))
    assert state(message_id) == "delivered"


def test_an_unknown_sid_is_no_error() -> None:
    assert told("delivered", sid="SM" + "9" * 32) is None


def test_an_unknown_status_changes_nothing() -> None:
    message_id = handed_over()
    assert told("exploded") is None
    assert state(message_id) == "sent"


def test_a_receipt_may_come_before_our_own_record() -> None:
    message_id = claimed()
    told("sent", message_id=message_id, attempt=1)
    assert state(message_id) == "sent"
    told("delivered", message_id=message_id, attempt=1)
    with db.unit_of_work() as session:
        outbox.sent(session, message_id, SID)
    assert (state(message_id), events(message_id).count("sent")) == ("delivered", 1)


def test_a_receipt_settles_what_nobody_knew() -> None:
    message_id = claimed()
    with db.unit_of_work() as session:
        outbox.lost(session, message_id)
    told("delivered", message_id=message_id, attempt=1)
    assert state(message_id) == "delivered"


def test_a_handset_that_is_off_is_tried_again() -> None:
    message_id = handed_over()
    told("undelivered", errors.from_code(30003))
    assert events(message_id)[-1] == "postponed"
    assert state(message_id) == "queued"


def test_a_receipt_that_it_is_a_landline_makes_it_a_call() -> None:
    message_id = handed_over()
    with db.unit_of_work() as session:
        receipt(session, SID, "undelivered", errors.from_code(30006))
        assert queue.waiting(session) == [("hotline.place_call", (message_id,))]
    with db.unit_of_work() as session:
        assert session.get_one(Message, message_id).kind == "voice"


def test_the_same_failure_told_twice_counts_once() -> None:
    message_id = handed_over()
    for _ in range(2):
        told("undelivered", errors.from_code(30003), message_id=message_id, attempt=1)
    assert events(message_id).count("postponed") == 1


def test_a_failure_of_an_earlier_attempt_does_not_touch_the_present_one() -> None:
    message_id = claimed()
    with db.unit_of_work() as session:
        outbox.failed(session, message_id, errors.Passing("20429"))
        session.get_one(Message, message_id).due_at = outbox.clock.now()
    claim(message_id)
    told("failed", errors.from_code(30006), sid="SM" + "2" * 32, message_id=message_id, attempt=1)
    assert state(message_id) == "sending"


def test_an_earlier_attempt_that_arrived_after_all_ends_the_trying() -> None:
    message_id = claimed()
    with db.unit_of_work() as session:
        outbox.failed(session, message_id, errors.Passing("20429"))
    told("delivered", sid="SM" + "2" * 32, message_id=message_id, attempt=1)
    assert state(message_id) == "delivered"
