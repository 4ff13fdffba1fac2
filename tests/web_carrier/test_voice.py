"""Calls come in by signed webhooks: each step is answered once, whatever is doubled, lost or late."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from app.core import clock, db, settings
from app.hotline.models import Call, CallBack, CallStep, Recording
from app.orders.models import ServiceOrder
from app.web.carrier import twiml
from tests.people import cast
from tests.web_carrier.conftest import Post
from tests.web_carrier.line import Line, jobs
from tests.web_carrier.scenery import count, reasons, the_call
from tests.web_carrier.test_sms_signature import signed

pytestmark = pytest.mark.usefixtures("town")


# -- a call comes in


def test_a_call_is_answered_by_a_greeting_while_agents_are_rung(rosa: Line) -> None:
    assert rosa.verbs == ["Gather", "Redirect"] and "正在为您接通" in rosa.said
    assert rosa.action == "https://doorline.example/carrier/voice/step?call=1&n=1"
    assert jobs() == [("hotline.ring_agents", (1,))]
    call = the_call()
    assert (call.sid, call.number, call.step, call.resident_id) == (rosa.sid, cast.ROSA, 0, 1)
    assert call.waiting_since == clock.now()


def test_asked_again_the_first_answer_is_the_same_and_nothing_happens_twice(rosa: Line) -> None:
    first = rosa.heard
    assert rosa.again() == first
    assert (count(Call), len(jobs())) == (1, 1)


@pytest.mark.parametrize("number", ["anonymous", "+266696687", "", "8621"])
def test_a_number_nobody_can_read_is_answered_as_well(post: Post, number: str) -> None:
    line = Line(post, number)
    assert "Gather" in (line.dial() and line.verbs)
    line.hang_up()
    assert reasons() == ["missed_call"]


def test_nothing_unsigned_is_answered(app: Flask, rosa: Line) -> None:
    before = count(CallStep)
    answer = app.test_client().post("/carrier/voice/step?call=1&n=1", data=rosa.form(Digits="1"))
    assert answer.status_code == 403
    assert count(CallStep) == before


# -- steps


def test_the_usual_service_is_ordered_once_however_often_the_carrier_asks(rosa: Line) -> None:
    assert "理发" in rosa.press("1").decode()
    ordered = rosa.press("1")
    assert "单号" in rosa.said
    for _ in range(3):
        assert rosa.again() == ordered
    assert count(ServiceOrder) == 1
    assert [name for name, _ in jobs()].count("visits.dispatch") == 1


def test_two_identical_webhooks_at_once_get_one_answer_and_one_order(rosa: Line) -> None:
    rosa.press("1")
    address, ready = rosa.action, threading.Barrier(4)

    def press() -> bytes:
        ready.wait()
        return rosa.post(address, **rosa.form(Digits="1")).data

    with ThreadPoolExecutor(4) as pool:
        answers = [one.result() for one in [pool.submit(press) for _ in range(4)]]
    assert len(set(answers)) == 1 and b"Response" in answers[0]
    assert (count(ServiceOrder), the_call().step) == (1, 2)


def test_two_first_webhooks_at_once_make_one_call(post: Post) -> None:
    ready = threading.Barrier(4)

    def dial() -> bytes:
        ready.wait()
        return Line(post, cast.ROSA).dial()

    with ThreadPoolExecutor(4) as pool:
        answers = {one.result() for one in [pool.submit(dial) for _ in range(4)]}
    assert len(answers) == 1
    assert (count(Call), count(CallStep)) == (1, 1)


def test_an_old_step_gets_its_old_answer(rosa: Line) -> None:
    first, address = rosa.press("3"), rosa.asked[-1][0]
    rosa.silence()
    assert rosa.ask(address, Digits="2") == first
    assert the_call().step == 2


@pytest.mark.parametrize("n", [7, 99, -4])
def test_a_step_that_was_never_asked_for_says_the_present_place_again(rosa: Line, n: int) -> None:
    rosa.press("1")
    said = rosa.said
    rosa.ask(f"/carrier/voice/step?call=1&n={n}", Digits="9")
    assert rosa.said == said and rosa.action.endswith("n=3")
    rosa.press("1")
    assert count(ServiceOrder) == 1


@pytest.mark.parametrize("query", ["call=999&n=1", "n=1", "call=0&n=0", "call=x&n=y"])
def test_a_call_that_is_not_ours_ends(post: Post, query: str) -> None:
    line = Line(post, cast.ROSA)
    line.ask(f"/carrier/voice/step?{query}", Digits="1")
    assert line.verbs == ["Hangup"]


@pytest.mark.parametrize("address", ["/carrier/voice?call=999", "/carrier/ring?ring=999"])
def test_a_call_of_ours_that_we_never_placed_ends(post: Post, address: str) -> None:
    line = Line(post, cast.ROSA)
    line.pick_up(address)
    assert line.verbs == ["Hangup"] and count(Call) == 0


def test_speech_is_understood_and_kept(rosa: Line) -> None:
    rosa.say("我想理发")
    rosa.hang_up()
    with db.unit_of_work() as session:
        [row] = session.scalars(select(CallBack))
        assert row.said == "我想理发" and row.call_id == 1


def test_a_voice_order_is_recorded_and_becomes_a_draft(post: Post) -> None:
    shan = Line(post, cast.SHAN)
    shan.dial()
    shan.press("1")
    assert shan.verbs == ["Say", "Record", "Redirect"]
    shan.record(12)
    assert "Gather" in shan.verbs
    with db.unit_of_work() as session:
        [recording] = session.scalars(select(Recording))
        [order] = session.scalars(select(ServiceOrder))
        assert (recording.call_id, recording.seconds, order.state) == (1, 12, "draft")
    assert reasons() == ["drafted_order"]


def test_an_empty_recording_asks_again_then_brings_a_person(post: Post) -> None:
    shan = Line(post, cast.SHAN)
    shan.dial()
    shan.press("1")
    for verbs in (["Say", "Record", "Redirect"], ["Gather", "Redirect"]):
        redirect = shan.tree.find("Redirect")
        shan.ask(redirect.text)
        assert shan.verbs[-3:] == verbs
    assert count(Recording) == 0


def test_a_hang_up_while_recording_keeps_what_was_said_whichever_news_is_first(post: Post) -> None:
    for sid, late in (("CA" + "a" * 32, False), ("CA" + "b" * 32, True)):
        line = Line(post, cast.SHAN, sid)
        line.dial()
        line.press("1")
        if late:
            line.hang_up()
        line.record(7, ref="RE" + sid[2:], CallStatus="completed", Digits="hangup")
        line.again()
        line.hang_up()
    assert reasons() == ["drafted_order", "dropped_call"]
    assert (count(Recording), count(ServiceOrder)) == (2, 2)


def test_words_that_come_after_the_news_of_the_hang_up_are_kept(rosa: Line) -> None:
    address = rosa.action
    rosa.hang_up()
    for _ in range(2):
        rosa.ask(address, SpeechResult="我摔倒了起不来")
        assert rosa.verbs == ["Hangup"]
    with db.unit_of_work() as session:
        [row] = session.scalars(select(CallBack))
        assert (row.reason, row.said) == ("dropped_call", "我摔倒了起不来")


def test_nobody_there_the_duty_phone_is_rung_in_an_emergency(post: Post) -> None:
    line = Line(post, cast.EVE)
    line.dial()
    line.press("9")
    assert line.verbs == ["Say", "Dial"] and line.tree[1][0].text == settings.current().duty_number
    line.ask(line.action, DialCallStatus="no-answer")
    assert reasons() == ["emergency"]
    with db.unit_of_work() as session:
        assert session.scalars(select(CallBack)).one().urgent


@pytest.mark.parametrize("status", ["completed", "answered", "busy", "no-answer", "failed", "canceled", "strange"])
def test_however_the_duty_phone_ends_the_call_goes_on(post: Post, status: str) -> None:
    line = Line(post, cast.EVE)
    line.dial()
    line.press("9")
    line.ask(line.action, DialCallStatus=status)
    assert line.verbs[-1] == "Hangup"


# -- how calls end


def hang_ups() -> list[str]:
    with db.unit_of_work() as session:
        return [call.status for call in session.scalars(select(Call)) if call.finished]


@pytest.mark.parametrize(
    "news",
    [
        ["completed"],
        ["in-progress", "completed", "completed"],
        ["completed", "in-progress", "ringing"],
        ["ringing", "busy", "completed", "failed"],
    ],
)
def test_the_end_of_a_call_is_handled_once_in_whatever_order_the_news_come(rosa: Line, news: list[str]) -> None:
    for status in news:
        assert rosa.hang_up(status).status_code == 204
    call = the_call()
    assert call.finished and call.waiting_since is None and call.ended_at is not None
    assert call.status == next(status for status in news if status not in ("ringing", "in-progress"))
    assert reasons() == ["missed_call"]
    assert [name for name, _ in jobs()].count("hotline.silence") == 1


@pytest.mark.parametrize("status", ["ringing", "in-progress", "completed", "", "never-heard-of"])
def test_news_of_a_call_that_nobody_knows_is_no_error(post: Post, status: str) -> None:
    form = {"CallSid": "CA" + "9" * 32, "CallStatus": status, "From": cast.EVE, "Direction": "outbound-api"}
    for address in ("/carrier/call-status", "/carrier/call-status?call=99", "/carrier/ring-status?ring=99"):
        assert post(address, **form).status_code == 204
    assert count(Call) == 0


def test_who_hung_up_before_we_could_answer_is_rung_back(post: Post) -> None:
    eve = Line(post, cast.EVE)
    assert eve.hang_up("in-progress").status_code == 204
    assert count(Call) == 0
    for _ in range(2):
        assert eve.hang_up().status_code == 204
    assert (count(Call), reasons()) == (1, ["missed_call"])
    eve.dial()
    assert eve.verbs == ["Hangup"]


def test_after_the_end_every_step_ends(rosa: Line) -> None:
    old, address = rosa.heard, rosa.action
    rosa.hang_up()
    assert rosa.ask("/carrier/voice") == old
    rosa.ask(address, Digits="1")
    assert rosa.verbs == ["Hangup"]
    assert count(ServiceOrder) == 0


# -- without a database


def test_without_a_database_the_carrier_is_told_so_and_the_fallback_still_speaks(
    app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = db.make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(db, "engine", lambda: dead)
    line = Line(post, cast.ROSA)
    assert post("/carrier/voice", **line.form()).status_code >= 500
    assert post("/carrier/call-status", **line.form()).status_code >= 500
    for method in ("GET", "POST"):
        headers = {"X-Twilio-Signature": signed("https://doorline.example/carrier/voice/fallback", {})}
        answer = app.test_client().open("/carrier/voice/fallback", method=method, headers=headers)
        assert answer.status_code == 200 and settings.current().duty_number.encode() in answer.data


@pytest.mark.parametrize(
    ("status", "said"), [("completed", ""), ("no-answer", "1 2 0"), ("busy", "1 2 0"), ("", "1 2 0")]
)
def test_a_duty_phone_that_nobody_answers_is_no_silent_end(post: Post, status: str, said: str) -> None:
    line = Line(post, cast.EVE)
    line.ask("/carrier/voice/fallback", ErrorCode="11200")
    assert line.verbs == ["Say", "Say", "Dial"]
    line.ask(line.action, DialCallStatus=status)
    assert said in line.said and bool(line.said) == bool(said)
    assert count(Call) == 0


def test_without_a_duty_phone_the_fallback_says_whom_to_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = settings.current().model_copy(update={"duty_number": ""})
    monkeypatch.setattr(settings, "current", lambda: nobody)
    for document in (twiml.fallback, twiml.unanswered):
        document.cache_clear()
    try:
        assert "1 2 0" in twiml.fallback() and "Dial" not in twiml.fallback()
    finally:
        for document in (twiml.fallback, twiml.unanswered):
            document.cache_clear()
