"""The REST subset through Twilio's own SDK; tests/switch/contract.py holds each exchange against the description.

Pages: https://www.twilio.com/docs/usage/api and the resources' own below it.
"""

import json
import wave
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException

from app.core import clock
from tests.switch.conftest import ACCOUNT, AGENT, AMIR, HOTLINE, KEY, LENA, ROSA, SECRET, TOKEN

PAUSE = '<Response><Pause length="600"/></Response>'
ERRORS = json.loads((Path(__file__).parent / "cases" / "rest_errors.json").read_text(encoding="utf-8"))


def refusal(work) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        work()
    return caught.value.status, caught.value.code


@pytest.mark.parametrize("case", ERRORS, ids=[f"{case['code']} {case['what']}" for case in ERRORS])
def test_a_bad_request_gets_twilios_code(world, case):
    """https://www.twilio.com/docs/iam/test-credentials and https://www.twilio.com/docs/api/errors"""
    resource = getattr(world.sdk(), case["what"])
    assert refusal(lambda: resource.create(**case["send"])) == (case["status"], case["code"])


def test_too_long_a_text_is_21617(world):
    """https://www.twilio.com/docs/api/errors/21617"""
    twilio = world.sdk()
    assert refusal(lambda: twilio.messages.create(to=AMIR, from_=HOTLINE, body="好" * 1601)) == (400, 21617)
    assert twilio.messages.create(to=AMIR, from_=HOTLINE, body="好" * 1600).num_segments == "24"


def test_wrong_credentials_are_20003_and_a_key_pair_is_as_good_as_the_token(world):
    """https://www.twilio.com/docs/usage/requests-to-twilio#credentials"""
    for user, password in ((ACCOUNT, "wrong"), (KEY, TOKEN)):
        assert refusal(world.sdk(user, password).messages("SM" + "0" * 32).fetch) == (401, 20003)
    assert world.sdk(KEY, SECRET).messages.list() == []
    assert httpx.get(f"{world.base}/2010-04-01/Accounts/{ACCOUNT}/Messages.json").status_code == 401


def test_an_unknown_sid_is_20404(world):
    """https://www.twilio.com/docs/api/errors/20404"""
    twilio = world.sdk()
    for one in (twilio.messages("SM" + "0" * 32), twilio.calls("CA" + "0" * 32), twilio.recordings("RE" + "0" * 32),
                twilio.conferences("CF" + "0" * 32), twilio.incoming_phone_numbers("PN" + "0" * 32)):  # fmt: skip
        assert refusal(one.fetch) == (404, 20404)


def test_texts_are_listed_by_number_and_time_youngest_first_page_by_page(world):
    """https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources"""
    twilio = world.sdk()
    for number in range(3):
        twilio.messages.create(to=AMIR, from_=HOTLINE, body=f"text {number}")
    world.wind(86_400)
    twilio.messages.create(to=LENA, from_=HOTLINE, body="next day")
    assert [m.body for m in twilio.messages.list(to=AMIR, page_size=2)] == ["text 2", "text 1", "text 0"]
    assert len(twilio.messages.list(limit=3, page_size=1)) == 3
    today = clock.now().date()
    assert [m.body for m in twilio.messages.list(date_sent=today)] == ["next day"]
    assert len(twilio.messages.list(date_sent_before=clock.now() - timedelta(hours=1))) == 3
    assert [m.to for m in twilio.messages.list(date_sent_after=clock.now() - timedelta(hours=1))] == [LENA]


def test_a_text_can_be_fetched_and_deleted(world):
    """https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource"""
    twilio = world.sdk()
    sid = twilio.messages.create(to=AMIR, from_=HOTLINE, body="hello").sid
    world.line(AMIR).wait("text")
    fetched = twilio.messages(sid).fetch()
    assert (fetched.status, fetched.direction, fetched.error_code) == ("delivered", "outbound-api", None)
    assert fetched.date_sent == datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert twilio.messages(sid).delete()
    assert refusal(twilio.messages(sid).fetch) == (404, 20404)


def test_a_call_goes_through_its_states(world):
    """https://www.twilio.com/docs/voice/api/call-resource#call-status-values"""
    twilio = world.sdk()
    call = twilio.calls.create(to=AMIR, from_=HOTLINE, twiml=PAUSE, machine_detection="Enable", timeout=20)
    assert (call.status, call.direction) == ("queued", "outbound-api")
    amir = world.line(AMIR)
    amir.wait("ringing", **{"from": HOTLINE})
    assert twilio.calls(call.sid).fetch().status == "ringing"
    amir.do("answer")
    amir.wait("connected")
    assert twilio.calls(call.sid).fetch().status == "in-progress"
    world.wind(61)
    assert twilio.calls(call.sid).update(status="completed").status == "completed"
    fetched = twilio.calls(call.sid).fetch()
    assert (fetched.status, fetched.duration) == ("completed", "61")
    assert [c.sid for c in twilio.calls.list(to=AMIR, status="completed")] == [call.sid]
    assert twilio.calls.list(to=LENA) == []


def test_a_call_is_listed_by_the_day_it_began(world):
    """https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources"""
    twilio = world.sdk()
    twilio.calls.create(to=AMIR, from_=HOTLINE, twiml=PAUSE)
    yesterday = clock.now() - timedelta(days=1)
    assert len(twilio.calls.list(start_time_after=yesterday)) == 1
    assert twilio.calls.list(start_time_before=yesterday) == []


@pytest.mark.parametrize(
    ("behaviour", "status"),
    [({"answers": "busy"}, "busy"), ({"answers": "unreachable"}, "failed"), ({"answers": "never"}, "no-answer")],
)
def test_a_call_that_is_not_answered_says_why(world, behaviour, status):
    """https://www.twilio.com/docs/voice/api/call-resource#call-status-values; Timeout: 20 s here, 60 s by default"""
    world.line(AMIR).behave(**behaviour)
    url = f"{world.customer.base}/s"
    world.sdk().calls.create(to=AMIR, from_=HOTLINE, twiml=PAUSE, timeout=20, status_callback=url)
    world.wind(20)
    assert [r.params["CallStatus"] for r in world.customer.wait("/s")] == [status]


def test_a_call_rings_for_a_minute_by_default(world):
    """https://www.twilio.com/docs/voice/api/call-resource#timeout"""
    sid = world.sdk().calls.create(to=AMIR, from_=HOTLINE, twiml=PAUSE).sid
    world.line(AMIR).wait("ringing")
    world.wind(59)
    assert world.sdk().calls(sid).fetch().status == "ringing"
    world.wind(1)
    assert world.sdk().calls(sid).fetch().status == "no-answer"


def test_a_queued_call_can_be_canceled_and_a_running_one_not(world):
    """https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource"""
    twilio = world.sdk()
    ringing = twilio.calls.create(to=AMIR, from_=HOTLINE, twiml=PAUSE)
    world.line(AMIR).wait("ringing")
    assert twilio.calls(ringing.sid).update(status="canceled").status == "canceled"
    assert world.line(AMIR).wait("ended")["reason"] == "canceled"
    world.line(LENA).behave(answers="itself")
    running = twilio.calls.create(to=LENA, from_=HOTLINE, twiml=PAUSE)
    world.line(LENA).wait("connected")
    assert twilio.calls(running.sid).update(status="canceled").status == "in-progress"


def test_changing_a_call_that_is_over_or_not_yet_answered_is_21220(world):
    """https://www.twilio.com/docs/api/errors/21220"""
    twilio = world.sdk()
    call = twilio.calls.create(to=AMIR, from_=HOTLINE, twiml=PAUSE)
    world.line(AMIR).wait("ringing")
    assert refusal(lambda: twilio.calls(call.sid).update(twiml=PAUSE)) == (400, 21220)
    twilio.calls(call.sid).update(status="completed")
    assert refusal(lambda: twilio.calls(call.sid).update(status="completed")) == (400, 21220)


def test_a_call_is_moved_to_a_url(world):
    """https://www.twilio.com/docs/voice/tutorials/how-to-modify-calls-in-progress"""
    world.customer.answers["/moved"] = "<Response><Say>Moved</Say></Response>"
    rosa = world.call("<Response><Say>Hold on</Say><Pause length=\"60\"/></Response>")
    rosa.wait("connected")
    sid = world.customer.got("/carrier/voice")[0].params["CallSid"]
    world.sdk().calls(sid).update(url=f"{world.customer.base}/moved?a=1", method="POST")
    assert rosa.wait("heard", text="Moved")
    assert world.customer.got("/moved")[0].signed


def test_only_events_asked_for_are_told_and_numbered_from_nought(world):
    """https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent"""
    world.line(AMIR).behave(answers="itself")
    url = f"{world.customer.base}/s"
    twiml = "<Response><Hangup/></Response>"
    world.sdk().calls.create(
        to=AMIR, from_=HOTLINE, twiml=twiml, status_callback=url, status_callback_event=["answered", "completed"]
    )
    told = [(r.params["CallStatus"], r.params["SequenceNumber"]) for r in world.customer.wait("/s", 2)]
    assert told == [("in-progress", "0"), ("completed", "1")]
    world.sdk().calls.create(to=AMIR, from_=HOTLINE, twiml=twiml, status_callback=f"{world.customer.base}/default")
    assert [r.params["CallStatus"] for r in world.customer.wait("/default")] == ["completed"]


def conference(world, name="CA-room"):
    """Rosa and agent 7 in a conference."""
    document = f'<Response><Dial><Conference statusCallback="/room" \
statusCallbackEvent="start end join leave mute hold">{name}</Conference></Dial></Response>'
    rosa = world.call(document)
    rosa.wait("joined-conference")
    agent = world.line(AGENT)
    agent.behave(answers="itself")
    world.sdk().calls.create(to=AGENT, from_=HOTLINE, twiml=document.replace("/room", f"{world.customer.base}/room"))
    agent.wait("joined-conference", others=[ROSA])
    return rosa, agent, world.sdk().conferences.list(friendly_name=name)[0]


def test_a_conference_is_listed_with_its_participants(world):
    """https://www.twilio.com/docs/voice/api/conference-resource"""
    _, _, room = conference(world)
    assert room.status == "in-progress"
    assert len(world.sdk().conferences(room.sid).participants.list()) == 2
    assert world.sdk().conferences.list(status="completed") == []


def test_a_muted_participant_is_not_heard_and_a_held_one_hears_nothing(world):
    """https://www.twilio.com/docs/voice/api/conference-participant-resource#update-a-participant-resource"""
    rosa, agent, room = conference(world)
    participants = world.sdk().conferences(room.sid).participants
    sid = world.customer.got("/carrier/voice")[0].params["CallSid"]
    assert participants(sid).update(muted=True).muted is True
    rosa.wait("muted")
    assert not rosa.do("speak", text="Can you hear me?")["taken"]
    participants(sid).update(muted=False, hold=True)
    rosa.wait("held")
    assert not agent.do("speak", text="One moment")["taken"]
    participants(sid).update(hold=False)
    assert agent.do("speak", text="Here I am")["taken"]
    assert rosa.wait("heard", verb="speech")["text"] == "Here I am"
    events = [r.params["StatusCallbackEvent"] for r in world.customer.wait("/room", 7)]
    assert events == ["participant-join", "participant-join", "conference-start", "participant-mute",
                      "participant-unmute", "participant-hold", "participant-unhold"]  # fmt: skip


def test_somebody_is_called_into_a_conference_by_its_name(world):
    """https://www.twilio.com/docs/voice/api/conference-participant-resource#create-a-participant"""
    rosa, agent, room = conference(world)
    participants = world.sdk().conferences("CA-room").participants
    made = participants.create(from_=HOTLINE, to="120", label="ambulance", early_media=True)
    assert (made.status, made.label, made.conference_sid) == ("queued", "ambulance", room.sid)
    ambulance = world.line("120")
    ambulance.wait("ringing")
    ambulance.do("answer")
    ambulance.wait("joined-conference")
    assert ambulance.do("speak", text="Where are you?")["taken"]
    assert rosa.wait("heard", verb="speech")["from"] == "120"
    assert agent.wait("heard", verb="speech")["text"] == "Where are you?"
    assert world.sdk().conferences(room.sid).participants("ambulance").fetch().status == "connected"


def test_one_who_is_called_in_and_does_not_come_is_no_participant_any_more(world):
    """https://www.twilio.com/docs/voice/api/conference-participant-resource#create-a-participant"""
    _, _, room = conference(world)
    participants = world.sdk().conferences(room.sid).participants
    participants.create(from_=HOTLINE, to=AMIR, timeout=15)
    world.line(AMIR).wait("ringing")
    assert len(participants.list()) == 3
    world.wind(15)
    assert len(participants.list()) == 2


def test_a_conference_to_which_nobody_came_is_over(world):
    """https://www.twilio.com/docs/voice/api/conference-participant-resource#create-a-participant"""
    world.line(AMIR).behave(answers="busy")
    room = world.sdk().conferences("empty").participants.create(from_=HOTLINE, to=AMIR).conference_sid
    world.settle()
    assert world.sdk().conferences(room).fetch().status == "completed"


def test_a_participant_is_put_out_and_its_call_goes_on_without(world):
    """https://www.twilio.com/docs/voice/api/conference-participant-resource#delete-a-participant-resource"""
    rosa, agent, room = conference(world)
    sid = world.customer.got("/carrier/voice")[0].params["CallSid"]
    assert world.sdk().conferences(room.sid).participants(sid).delete()
    assert rosa.wait("ended")["reason"] == "completed"
    assert agent.state["state"] == "connected"


def test_a_conference_ends_with_one_who_ends_it(world):
    """https://www.twilio.com/docs/voice/twiml/conference#attributes-endConferenceOnExit"""
    rosa, agent, room = conference(world)
    sid = world.customer.got("/carrier/voice")[0].params["CallSid"]
    world.sdk().conferences(room.sid).participants(sid).update(end_conference_on_exit=True)
    rosa.do("hangup")
    assert agent.wait("ended")["reason"] == "completed"
    ended = world.sdk().conferences(room.sid).fetch()
    assert (ended.status, ended.call_sid_ending_conference) == ("completed", sid)
    assert ended.reason_conference_ended == "participant-with-end-conference-on-exit-left"


def test_a_conference_is_ended_by_rest(world):
    """https://www.twilio.com/docs/voice/api/conference-resource#update-a-conference-resource"""
    rosa, agent, room = conference(world)
    assert world.sdk().conferences(room.sid).update(status="completed").status == "completed"
    assert {line.wait("ended")["reason"] for line in (rosa, agent)} == {"completed"}


def test_an_announcement_is_heard_by_all(world):
    """https://www.twilio.com/docs/voice/api/conference-resource#announceurl"""
    world.customer.answers["/announce"] = "<Response><Say>This call is recorded</Say></Response>"
    rosa, agent, room = conference(world)
    world.sdk().conferences(room.sid).update(announce_url=f"{world.customer.base}/announce")
    assert rosa.wait("heard", verb="say")["text"] == agent.wait("heard", verb="say")["text"] == "This call is recorded"


def test_a_recording_is_listed_fetched_played_and_deleted(world):
    """https://www.twilio.com/docs/voice/api/recording"""
    world.customer.answers["/done"] = "<Response/>"
    rosa = world.call('<Response><Record action="/done"/></Response>')
    rosa.wait("recording")
    rosa.do("speak", text="My tap leaks, please send somebody")
    rosa.do("press", digits="#")
    told = world.customer.wait("/done")[0].params
    sound = httpx.get(told["RecordingUrl"].replace("http://127.0.0.1:8090", world.base) + ".wav", auth=(ACCOUNT, TOKEN))
    with wave.open(BytesIO(sound.content)) as opened:
        assert opened.getnframes() == opened.getframerate() * int(told["RecordingDuration"])
    twilio = world.sdk()
    assert [r.sid for r in twilio.recordings.list(call_sid=told["CallSid"])] == [told["RecordingSid"]]
    assert twilio.recordings(told["RecordingSid"]).fetch().duration == told["RecordingDuration"]
    assert world.http.get(f"/recordings/{told['RecordingSid']}").json()["text"] == "My tap leaks, please send somebody"
    assert twilio.recordings(told["RecordingSid"]).delete()
    assert twilio.recordings.list() == []


def test_the_number_is_found_and_its_urls_set(world):
    """https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""
    twilio = world.sdk()
    number = twilio.incoming_phone_numbers.list(phone_number=HOTLINE)[0]
    assert number.voice_url == f"{world.customer.base}/carrier/voice"
    assert number.sms_url == f"{world.customer.base}/carrier/sms"
    changed = twilio.incoming_phone_numbers(number.sid).update(
        voice_url=f"{world.customer.base}/other", sms_url=f"{world.customer.base}/sms2"
    )
    assert changed.voice_url == f"{world.customer.base}/other"
    world.customer.answers["/other"] = "<Response><Say>Other</Say></Response>"
    assert world.call().wait("heard")["text"] == "Other"
    world.line(AMIR).do("texts", to=HOTLINE, body="hello")
    assert world.customer.wait("/sms2")[0].params["Body"] == "hello"
    assert refusal(lambda: twilio.incoming_phone_numbers(number.sid).update(voice_url="nonsense")) == (400, 20001)
