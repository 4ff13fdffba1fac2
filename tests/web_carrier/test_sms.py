"""Texts and receipts come in by signed webhooks; asked again the answer is the same and nothing happens twice."""

from itertools import permutations
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from app.core import db, queue
from app.hotline.models import InboundText
from app.messages.models import Message
from tests.databases import Database
from tests.fake_carrier import FakeCarrier
from tests.messages.conftest import fake, live, state, written  # noqa: F401
from tests.web_carrier.conftest import Post
from workers import messages as jobs

SM = "SM" + "1" * 32


def texts() -> list[tuple[str, str]]:
    with db.unit_of_work() as session:
        return [(text.number, text.body) for text in session.scalars(select(InboundText))]


def test_a_text_is_kept_once_and_rung_for(database: Database, post: Post) -> None:
    for _ in range(2):
        answer = post("/carrier/sms", MessageSid=SM, From="+8613800138000", To="+862155512349", Body="１ ２７")
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        assert answer.data == b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
    assert texts() == [("+8613800138000", "１ ２７")]
    assert [job.func_name for job in queue.pending()] == ["workers.hotline.read_text"]


def test_a_text_from_a_number_nobody_can_read_is_kept_too(database: Database, post: Post) -> None:
    post("/carrier/sms", MessageSid=SM, From="106900001", Body="")
    assert len(texts()) == 1


@pytest.mark.usefixtures("live")
@pytest.mark.parametrize("order", sorted(set(permutations(["sent", "delivered", "delivered"]))))
def test_receipts_in_any_order(post: Post, fake: FakeCarrier, order: tuple[str, ...]) -> None:  # noqa: F811
    message_id = written()
    jobs.send(message_id)
    for status in order:
        address = urlsplit(fake.status_urls[0])
        answer = post(f"{address.path}?{address.query}", MessageSid=fake.texts[0].sid, MessageStatus=status)
        assert answer.status_code == 204
    assert state(message_id) == "delivered"


@pytest.mark.usefixtures("live", "fake")
@pytest.mark.parametrize(
    ("code", "kind", "ends"), [("30006", "voice", "queued"), ("30003", "text", "queued"), ("", "text", "queued")]
)
def test_a_failure_is_understood(post: Post, code: str, kind: str, ends: str) -> None:
    message_id = written()
    jobs.send(message_id)
    form = {"ErrorCode": code} if code else {}
    post(
        f"/carrier/sms-status?m={message_id}&a=1", MessageSid="SM" + "0" * 31 + "1", MessageStatus="undelivered", **form
    )
    with db.unit_of_work() as session:
        message = session.get_one(Message, message_id)
        assert (message.kind, message.state) == (kind, ends)


def test_an_unknown_message_is_answered_all_the_same(database: Database, post: Post) -> None:
    assert post("/carrier/sms-status", MessageSid=SM, MessageStatus="delivered").status_code == 204
    assert post("/carrier/sms-status?m=999&a=1", MessageSid=SM, MessageStatus="delivered").status_code == 204
