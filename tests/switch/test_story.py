"""One call from end to end, as the house will see it."""

from tests.switch.conftest import AGENT, AMIR, HOTLINE, ROSA

GREETING = """<Response><Gather input="dtmf speech" numDigits="1" timeout="3" action="/step" actionOnEmptyResult="true">
<Say language="cmn-CN" voice="Polly.Zhiyu">您好</Say></Gather></Response>"""


def test_a_caller_presses_a_key_while_agents_are_rung_and_both_meet_in_a_conference(world):
    conference = '<Response><Dial><Conference endConferenceOnExit="true">CA-room</Conference></Dial></Response>'
    rosa = world.call(GREETING)
    heard = rosa.wait("heard")
    assert (heard["text"], heard["language"]) == ("您好", "zh-CN")
    twilio = world.sdk()
    ring = twilio.calls.create(to=AGENT, from_=HOTLINE, twiml=conference, status_callback=f"{world.customer.base}/ring",
                               status_callback_event=["initiated", "ringing", "answered", "completed"])  # fmt: skip
    agent = world.line(AGENT)
    agent.wait("ringing", **{"from": HOTLINE})
    agent.do("answer")
    agent.wait("joined-conference")
    incoming = world.customer.got("/carrier/voice")[0]
    assert incoming.signed
    twilio.calls(incoming.params["CallSid"]).update(twiml=conference)
    rosa.wait("joined-conference", others=[AGENT])
    assert rosa.do("speak", text="水管漏了")["taken"]
    assert agent.wait("heard", verb="speech")["text"] == "水管漏了"
    agent.do("hangup")
    assert rosa.wait("ended")["reason"] == "completed"
    statuses = [r.params["CallStatus"] for r in world.customer.wait("/ring", 4)]
    assert statuses == ["initiated", "ringing", "in-progress", "completed"]
    assert twilio.calls(ring.sid).fetch().status == "completed"


def test_a_text_goes_out_comes_back_and_is_receipted(world):
    world.customer.answers["/carrier/sms"] = "<Response/>"
    receipts = f"{world.customer.base}/r"
    sent = world.sdk().messages.create(to=AMIR, from_=HOTLINE, body="接单回1 27", status_callback=receipts)
    assert sent.status == "queued" and sent.num_segments == "1"
    amir = world.line(AMIR)
    amir.wait("text")
    assert amir.texts() == ["接单回1 27"]
    assert [r.params["MessageStatus"] for r in world.customer.wait("/r", 3)] == ["sending", "sent", "delivered"]
    amir.do("texts", to=HOTLINE, body="1 27")
    reply = world.customer.wait("/carrier/sms")[0]
    assert reply.signed and reply.params["Body"] == "1 27" and reply.params["From"] == AMIR
    assert [m.body for m in world.sdk().messages.list(to=AMIR)] == ["接单回1 27"]


def test_silence_asks_the_action_when_the_clock_is_wound(world):
    rosa = world.call(GREETING, by=ROSA)
    rosa.wait("collecting")
    world.wind(3)
    assert world.customer.wait("/step")[0].params["Digits"] == ""
    assert rosa.wait("ended")["reason"] == "completed"
    assert world.customer.wait("/carrier/call-status")[0].params["CallDuration"] == "3"
