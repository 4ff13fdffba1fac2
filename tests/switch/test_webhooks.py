"""Webhooks: signature, what they carry, time-outs and retries by fragment, and faults on demand."""

import httpx
import pytest
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from app.switch import overrides
from tests.switch.conftest import ACCOUNT, AMIR, HOTLINE, LENA, ROSA, TOKEN, eventually

SAY = "<Response><Say>Hello</Say></Response>"
VECTOR_URL = "https://mycompany.com/myapp.php?foo=1&bar=2"


@pytest.mark.parametrize(
    ("params", "signature"),
    [
        (
            [("CallSid", "CA1234567890ABCDE"), ("Caller", "+14158675309"), ("Digits", "1234"),
             ("From", "+14158675309"), ("To", "+18005551212")],
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        (
            [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234"), ("Digits", "1234")],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
)  # fmt: skip
def test_the_published_signatures_are_what_the_sdk_computes_for_us(params, signature):
    """https://www.twilio.com/docs/usage/security#explore-the-algorithm-yourself and the SDKs' own test"""
    assert RequestValidator("12345").compute_signature(VECTOR_URL, MultiDict(params)) == signature


def test_the_first_request_of_a_call_carries_what_twilio_sends(world):
    """https://www.twilio.com/docs/voice/twiml#request-parameters"""
    world.call(SAY)
    got = world.customer.wait("/carrier/voice")[0]
    assert got.signed and got.method == "POST"
    assert got.params["CallSid"].startswith("CA") and len(got.params["CallSid"]) == 34
    assert {key: got.params[key] for key in ("AccountSid", "From", "To", "Caller", "Called")} == {
        "AccountSid": ACCOUNT, "From": ROSA, "To": HOTLINE, "Caller": ROSA, "Called": HOTLINE,
    }  # fmt: skip
    assert {key: got.params[key] for key in ("CallStatus", "Direction", "ApiVersion")} == {
        "CallStatus": "ringing", "Direction": "inbound", "ApiVersion": "2010-04-01",
    }  # fmt: skip
    assert "I-Twilio-Idempotency-Token" in got.headers


def test_the_end_of_a_call_is_told_with_its_length(world):
    """https://www.twilio.com/docs/voice/api/call-resource#statuscallback"""
    rosa = world.call('<Response><Say>Hold</Say><Pause length="61"/></Response>')
    rosa.wait("heard")
    world.wind(61)
    told = world.customer.wait("/carrier/call-status")[0].params
    assert (told["CallStatus"], told["CallDuration"], told["Duration"]) == ("completed", "61", "2")
    assert told["Timestamp"] == "Tue, 24 Nov 2026 01:01:01 +0000"
    assert told["CallbackSource"] == "call-progress-events"


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", overrides.Overrides()),
        ("#ct=2000&rt=5000&rc=2&rp=ct,rt,5xx", overrides.Overrides(2, 5, 15, 2, frozenset({"ct", "rt", "5xx"}))),
        ("#rc=5&rp=all", overrides.Overrides(retries=5, policy=frozenset({"all"}))),
        ("#rc=9&rt=20&tt=99999", overrides.Overrides(read=0.1, total=15, retries=5)),
        ("#rp=nonsense&rc=x", overrides.Overrides()),
    ],
)
def test_the_fragment_is_read_within_twilios_bounds_and_is_no_part_of_the_url(fragment, expected):
    """https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides"""
    assert overrides.split(f"https://x.example/a?b=1{fragment}") == ("https://x.example/a?b=1", expected)


def test_a_server_error_is_tried_again_if_the_fragment_says_so(world):
    """https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides"""
    world.customer.answers["/again"] = [(500, ""), (503, ""), SAY]
    rosa = world.call("<Response><Redirect>/again#rc=2&amp;rp=5xx</Redirect></Response>")
    rosa.wait("heard", text="Hello")
    tries = world.customer.got("/again")
    assert len(tries) == 3 and all(got.signed for got in tries)
    assert len({got.headers["I-Twilio-Idempotency-Token"] for got in tries}) == 1


def test_a_server_error_is_not_tried_again_by_itself(world):
    """https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides: rp is ct by default"""
    world.customer.answers["/carrier/voice/fallback"] = SAY
    rosa = world.call([500, ""])
    rosa.wait("heard", text="Hello")
    assert len(world.customer.got("/carrier/voice")) == 1


def test_a_slow_answer_is_11200_and_a_late_one_is_tried_again_on_rt(world):
    """https://www.twilio.com/docs/api/errors/11200"""
    world.customer.answers.update({"/slow": SAY, "/carrier/voice/fallback": SAY})
    world.customer.slow["/slow"] = 0.4
    rosa = world.call("<Response><Redirect>/slow#rt=100&amp;rc=1&amp;rp=rt</Redirect></Response>")
    rosa.wait("heard", text="Hello")
    assert len(world.customer.got("/slow")) == 2
    assert world.customer.got("/carrier/voice/fallback")[0].params["ErrorCode"] == "11200"


def test_too_large_a_document_is_11750(world):
    """https://www.twilio.com/docs/api/errors/11750"""
    world.customer.answers["/carrier/voice/fallback"] = SAY
    rosa = world.call(f"<Response><Say>{'a' * 66_000}</Say></Response>")
    rosa.wait("heard", text="Hello")
    assert world.errors() == [11750]


def test_a_dead_app_is_tried_once_more_then_the_fallback_then_the_apology(world):
    """https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides: one retry of a connection by default"""
    number = world.sdk().incoming_phone_numbers.list()[0]
    dead = "http://127.0.0.1:9/voice"
    world.sdk().incoming_phone_numbers(number.sid).update(voice_url=dead, voice_fallback_url=dead)
    rosa = world.call()
    assert rosa.wait("ended")["reason"] == "failed"
    assert world.errors() == [11205, 11205]
    tried = [sent["url"] for sent in world.http.get("/webhooks").json()["webhooks"] if sent["kind"] == "voice"]
    assert tried == [dead] * 4


def send(world, to=AMIR, body="hello"):
    world.sdk().messages.create(to=to, from_=HOTLINE, body=body, status_callback=f"{world.customer.base}/r")


def statuses(world):
    return [got.params["MessageStatus"] for got in world.customer.got("/r")]


def test_a_lost_callback_never_comes(world):
    world.fault("lose", kind="receipt", times=2)
    send(world)
    world.settle()
    assert statuses(world) == ["delivered"]


def test_a_doubled_callback_comes_twice(world):
    world.fault("double", kind="receipt", number=AMIR, times=-1)
    send(world)
    world.customer.wait("/r", 6)
    assert statuses(world) == ["sending", "sending", "sent", "sent", "delivered", "delivered"]
    send(world, to=LENA)
    world.settle()
    assert len(statuses(world)) == 9


def test_a_delayed_callback_is_overtaken(world):
    world.fault("delay", kind="receipt", seconds=60)
    send(world)
    world.settle()
    assert statuses(world) == ["sent", "delivered"]
    world.wind(60)
    assert statuses(world) == ["sent", "delivered", "sending"]


def test_two_callbacks_are_swapped(world):
    world.fault("swap", kind="receipt")
    send(world)
    world.customer.wait("/r", 3)
    assert statuses(world)[:2] == ["sent", "sending"]


def test_a_voice_request_can_be_doubled_and_the_last_answer_counts(world):
    world.fault("double", kind="voice")
    rosa = world.line(ROSA)
    world.voice("<Response><Say>First</Say></Response>", "<Response><Say>Second</Say></Response>")
    world.call()
    rosa.wait("ended")
    assert rosa.heard() == ["Second"]


def test_a_lost_voice_request_leads_to_the_fallback(world):
    world.customer.answers["/carrier/voice/fallback"] = SAY
    world.fault("lose", kind="voice")
    world.call("<Response/>").wait("heard", text="Hello")


def test_any_webhook_can_be_sent_again(world):
    world.call(SAY).wait("ended")
    world.customer.wait("/carrier/call-status")
    sent = world.http.get("/webhooks").json()["webhooks"]
    first = next(hook for hook in sent if hook["kind"] == "voice")
    assert world.http.post(f"/webhooks/{first['id']}/again").status_code == 204
    doubled = world.customer.wait("/carrier/voice", 2)
    assert doubled[0].params == doubled[1].params and doubled[1].signed
    assert world.http.post("/webhooks/1/again").status_code == 404


def test_faults_are_listed_and_disarmed(world):
    id_ = world.fault("lose", times=-1)
    world.fault("busy", number=AMIR)
    assert [fault["what"] for fault in world.http.get("/faults").json()["faults"]] == ["lose", "busy"]
    world.http.delete(f"/faults/{id_}")
    assert [fault["what"] for fault in world.http.get("/faults").json()["faults"]] == ["busy"]
    world.http.delete("/faults")
    assert world.http.get("/faults").json()["faults"] == []
    assert world.http.post("/faults", json={"what": "explode"}).status_code == 400
    assert world.http.post("/faults", json={"whatever": "lose"}).status_code == 400


@pytest.mark.parametrize(
    ("code", "status", "shown"), [(21610, 400, 21610), (20429, 429, 20429), (500, 500, 20500), (21614, 400, 21614)]
)
def test_the_next_create_is_refused_with_a_chosen_code(world, code, status, shown):
    """https://www.twilio.com/docs/api/errors"""
    world.fault("refuse", kind="message", code=code)
    body = {"To": AMIR, "From": HOTLINE, "Body": "hello"}
    url = f"{world.base}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    answer = httpx.post(url, data=body, auth=(ACCOUNT, TOKEN))
    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, shown, status)
    assert httpx.post(url, data=body, auth=(ACCOUNT, TOKEN)).status_code == 201


def test_a_connection_can_break_after_the_text_was_accepted(world):
    """Nobody knows then whether it was sent: the reason to list before sending again."""
    world.fault("refuse", kind="message", code=0)
    url = f"{world.base}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    with pytest.raises(httpx.TransportError):
        httpx.post(url, data={"To": AMIR, "From": HOTLINE, "Body": "once"}, auth=(ACCOUNT, TOKEN))
    world.line(AMIR).wait("text")
    assert [text.body for text in world.sdk().messages.list(to=AMIR)] == ["once"]


@pytest.mark.parametrize(("what", "status"), [("busy", "busy"), ("no-answer", "no-answer"), ("unreachable", "failed")])
def test_the_next_call_to_a_number_can_fail(world, what, status):
    world.fault(what, number=AMIR)
    twilio = world.sdk()
    world.line(AMIR).behave(answers="itself")
    sid = twilio.calls.create(to=AMIR, from_=HOTLINE, twiml=SAY, timeout=10).sid
    world.wind(10)
    assert eventually(lambda: twilio.calls(sid).fetch().status == status)
    assert twilio.calls.create(to=AMIR, from_=HOTLINE, twiml=SAY).status == "queued"
    assert world.line(AMIR).wait("heard")["text"] == "Hello"

