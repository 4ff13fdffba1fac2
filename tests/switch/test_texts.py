"""Texts: receipts, what cannot be delivered, texts in, answers by TwiML, STOP, and handset to handset."""

import pytest

from app.switch import segments
from tests.switch.conftest import AMIR, EVE, HOTLINE, LENA
from tests.switch.test_rest import refusal


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("hello", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        ("好" * 70, 1), ("好" * 71, 2), ("好" * 134, 2), ("好" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2),
    ],
)  # fmt: skip
def test_parts_are_counted_as_twilio_counts_them(body, parts):
    """https://www.twilio.com/docs/glossary/what-sms-character-limit"""
    assert segments.count(body) == parts


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        ({"fault": {"what": "undeliver", "code": 30008}}, "30008"),
        ({"fault": {"what": "undeliver", "code": 30006, "number": AMIR}}, "30006"),
        ({"behaviour": {"texts": False}}, "30006"),
        ({"behaviour": {"answers": "unreachable"}}, "30003"),
    ],
)
def test_what_cannot_be_delivered_is_accepted_and_told_later(world, cause, code):
    """https://www.twilio.com/docs/messaging/api/message-resource#message-status-values"""
    if "fault" in cause:
        world.fault(**cause["fault"])
    else:
        world.line(AMIR).behave(**cause["behaviour"])
    twilio = world.sdk()
    sent = twilio.messages.create(to=AMIR, from_=HOTLINE, body="hi", status_callback=f"{world.customer.base}/r")
    told = world.customer.wait("/r", 3)[-1].params
    assert (told["MessageStatus"], told["ErrorCode"], told["MessageSid"]) == ("undelivered", code, sent.sid)
    fetched = twilio.messages(sent.sid).fetch()
    assert (fetched.status, fetched.error_code) == ("undelivered", int(code))
    assert world.line(AMIR).texts() == []


def test_a_text_in_carries_what_twilio_sends(world):
    """https://www.twilio.com/docs/messaging/guides/webhook-request"""
    world.line(AMIR).do("texts", to=HOTLINE, body="接单 27")
    got = world.customer.wait("/carrier/sms")[0]
    assert got.signed
    assert {key: got.params[key] for key in ("From", "To", "Body", "NumMedia", "NumSegments", "SmsStatus")} == {
        "From": AMIR, "To": HOTLINE, "Body": "接单 27", "NumMedia": "0", "NumSegments": "1", "SmsStatus": "received",
    }  # fmt: skip
    sids = {got.params[name] for name in ("MessageSid", "SmsSid", "SmsMessageSid")}
    assert len(sids) == 1
    assert world.sdk().messages(sids.pop()).fetch().direction == "inbound"


def test_an_answer_in_twiml_is_sent_as_a_text(world):
    """https://www.twilio.com/docs/messaging/twiml/message"""
    world.customer.answers["/carrier/sms"] = "<Response><Message>Thank you</Message></Response>"
    world.line(AMIR).do("texts", to=HOTLINE, body="hello")
    amir = world.line(AMIR)
    amir.wait("text")
    world.settle()
    assert amir.texts() == ["hello", "Thank you"]


def test_a_text_the_app_cannot_take_goes_to_its_fallback(world):
    """https://www.twilio.com/docs/usage/webhooks/messaging-webhooks"""
    number = world.sdk().incoming_phone_numbers.list()[0]
    world.sdk().incoming_phone_numbers(number.sid).update(sms_fallback_url=f"{world.customer.base}/sms-fallback")
    world.customer.answers["/carrier/sms"] = (500, "")
    world.line(AMIR).do("texts", to=HOTLINE, body="hello")
    assert world.customer.wait("/sms-fallback")[0].params["ErrorCode"] == "11200"
    assert world.errors() == [11200]


def test_one_handset_texts_another_and_the_app_sees_nothing(world):
    world.line(AMIR).do("texts", to=LENA, body="coffee?")
    assert world.line(LENA).wait("text")["text"]["from"] == AMIR
    assert world.line(LENA).texts() == world.line(AMIR).texts() == ["coffee?"]
    world.settle()
    assert world.customer.requests == [] and world.sdk().messages.list() == []


def test_a_handset_shows_only_its_own_texts_and_only_what_arrived(world):
    world.line(LENA).behave(texts=False)
    for to in (AMIR, LENA):
        world.sdk().messages.create(to=to, from_=HOTLINE, body=f"to {to}")
    world.settle()
    assert [world.line(number).texts() for number in (AMIR, LENA, EVE)] == [[f"to {AMIR}"], [], []]


def test_stop_is_an_ordinary_text_unless_the_carrier_takes_it_for_itself(world):
    world.line(AMIR).do("texts", to=HOTLINE, body="STOP")
    assert world.customer.wait("/carrier/sms")[0].params["Body"] == "STOP"
    assert world.sdk().messages.create(to=AMIR, from_=HOTLINE, body="hi").status == "queued"


class TestOptOut:
    @pytest.fixture
    def options(self):
        return {"speech": "instant", "opt_out": True}

    def test_after_stop_texts_are_refused_until_start(self, world):
        """https://www.twilio.com/docs/api/errors/21610 and https://www.twilio.com/docs/messaging/tutorials/advanced-opt-out"""
        twilio = world.sdk()
        world.line(AMIR).do("texts", to=HOTLINE, body=" stop ")
        assert refusal(lambda: twilio.messages.create(to=AMIR, from_=HOTLINE, body="hi")) == (400, 21610)
        assert twilio.messages.create(to=LENA, from_=HOTLINE, body="hi").status == "queued"
        world.line(AMIR).do("texts", to=HOTLINE, body="START")
        assert twilio.messages.create(to=AMIR, from_=HOTLINE, body="hi").status == "queued"
        assert len(world.customer.wait("/carrier/sms", 2)) == 2
