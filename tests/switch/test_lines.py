"""The lines' interface, as README.md of the switch promises it."""

import json
import threading

import httpx
import pytest

from tests.switch.conftest import AGENT, AMIR, HOTLINE, LENA, ROSA

MENU = """<Response><Gather input="dtmf speech" numDigits="1" timeout="9" action="/step">
<Say>Hello</Say></Gather></Response>"""


def test_a_line_exists_as_soon_as_it_is_named(world):
    assert world.line(ROSA).state == {
        "number": ROSA, "state": "idle", "call": None, "with": None, "last": 0,
        "behaviour": {"answers": "by-hand", "after": 0, "presses": "", "says": "", "texts": True},
    }  # fmt: skip
    assert world.http.get("/lines/%2B8613800138004").json()["number"] == LENA
    assert [line["number"] for line in world.http.get("/lines").json()["lines"]] == [ROSA, LENA]


@pytest.mark.parametrize("name", ["nobody", "+0123", "client:", "client:a b", "+86138001380001234567"])
def test_what_is_no_number_is_no_line(world, name):
    answer = world.http.get(f"/lines/{name}")
    assert answer.status_code == 404


def test_a_line_goes_from_idle_to_calling_to_connected_and_back(world):
    world.customer.slow["/carrier/voice"] = 0.2
    rosa = world.call(MENU)
    assert (rosa.state["state"], rosa.state["with"]) == ("calling", HOTLINE)
    rosa.wait("connected")
    assert rosa.state["state"] == "connected"
    rosa.do("hangup")
    assert rosa.wait("ended")["reason"] == "hung-up"
    assert rosa.state["state"] == "idle"
    assert [event["type"] for event in rosa.events()] == ["calling", "connected", "collecting", "heard", "ended"]


def test_what_collects_is_described(world):
    collecting = world.call(MENU).wait("collecting")
    described = {key: collecting[key] for key in ("kinds", "timeout", "num_digits", "finish_on_key")}
    assert described == {"kinds": ["dtmf", "speech"], "timeout": 9, "num_digits": 1, "finish_on_key": "#"}


@pytest.mark.parametrize(
    ("path", "body", "status", "error"),
    [
        ("dial", {"to": "+8613800138009"}, 404, "unknown-number"),
        ("dial", {}, 404, "unknown-number"),
        ("press", {"digits": "1"}, 409, "no-call"),
        ("press", {"digits": "1a"}, 400, "no-keys"),
        ("speak", {"text": "hello"}, 409, "no-call"),
        ("answer", {}, 409, "no-call"),
        ("reject", {}, 409, "no-call"),
        ("hangup", {}, 409, "no-call"),
        ("texts", {"to": HOTLINE}, 400, "to-and-body-expected"),
        ("texts", {"to": "x", "body": "y"}, 400, "to-and-body-expected"),
    ],
)
def test_what_cannot_be_done_says_why(world, path, body, status, error):
    answer = world.http.post(f"/lines/{ROSA}/{path}", json=body)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_a_line_holds_one_call(world):
    rosa = world.call(MENU)
    rosa.wait("connected")
    assert world.http.post(f"/lines/{ROSA}/dial", json={"to": HOTLINE}).json() == {"error": "line-busy"}
    url = f"{world.customer.base}/s"
    world.sdk().calls.create(to=ROSA, from_=HOTLINE, twiml=MENU, status_callback=url)
    assert world.customer.wait("/s")[0].params["CallStatus"] == "busy"
    assert rosa.state["state"] == "connected"


def test_an_answering_line_acts_by_itself_once(world):
    world.line(AMIR).behave(answers="itself", after=3, presses="1")
    world.customer.answers["/step"] = MENU
    world.sdk().calls.create(to=AMIR, from_=HOTLINE, twiml=MENU.replace("/step", f"{world.customer.base}/step"))
    amir = world.line(AMIR)
    amir.wait("ringing")
    assert amir.state["state"] == "ringing"
    world.wind(3)
    assert world.customer.wait("/step")[0].params["Digits"] == "1"
    world.settle()
    assert len(amir.events("pressed")) == 1


def test_an_unknown_behaviour_is_refused(world):
    for wrong in ({"answers": "sometimes"}, {"colour": "red"}):
        assert world.http.put(f"/lines/{AMIR}/behaviour", json=wrong).status_code == 400


def test_the_log_goes_on_after_an_id_and_can_be_narrowed(world):
    rosa = world.call(MENU)
    heard = rosa.wait("heard")
    rosa.do("press", digits="1")
    rosa.wait("ended")
    log = world.http.get(f"/lines/{ROSA}/log", params={"since": heard["id"], "types": "ended"}).json()
    assert [event["type"] for event in log["events"]] == ["ended"]
    assert world.http.get(f"/lines/{ROSA}/log", params={"since": log["last"]}).json()["events"] == []


def test_a_patient_reader_is_answered_as_soon_as_there_is_something(world):
    found = []

    def read() -> None:
        url = f"{world.base}/lines/{AGENT}/log"
        found.append(httpx.get(url, params={"wait": 5, "types": "ringing"}, timeout=6).json())

    reader = threading.Thread(target=read)
    reader.start()
    world.sdk().calls.create(to=AGENT, from_=HOTLINE, twiml=MENU)
    reader.join(5)
    assert [event["type"] for event in found[0]["events"]] == ["ringing"]


def test_the_stream_replays_what_a_reader_missed(world):
    rosa = world.call(MENU)
    first = rosa.wait("calling")["id"]
    rosa.wait("heard")
    for known in ({"params": {"since": first}}, {"headers": {"Last-Event-ID": str(first)}},
                  {"params": {"since": 0}, "headers": {"Last-Event-ID": str(first)}}):  # fmt: skip
        with world.http.stream("GET", f"/lines/{ROSA}/events", **known) as stream:
            assert stream.headers["content-type"] == "text/event-stream"
            lines = (line for line in stream.iter_lines() if line.startswith("data: "))
            types = [json.loads(next(lines).removeprefix("data: "))["type"] for _ in range(3)]
            assert types == ["connected", "collecting", "heard"]


def test_pages_of_the_app_may_use_the_lines_and_others_may_not(world):
    app, stranger = world.customer.base, "http://evil.example"
    allowed = world.http.options(f"/lines/{ROSA}/dial", headers={"Origin": app})
    assert allowed.status_code == 204 and allowed.headers["access-control-allow-origin"] == app
    assert world.http.get("/lines", headers={"Origin": app}).headers["access-control-allow-origin"] == app
    by_name = app.replace("127.0.0.1", "localhost")
    assert world.http.get("/lines", headers={"Origin": by_name}).headers["access-control-allow-origin"] == by_name
    refused = world.http.get("/lines", headers={"Origin": stranger})
    assert refused.status_code == 403 and "access-control-allow-origin" not in refused.headers


def test_a_strangers_name_that_leads_here_is_refused(world):
    """DNS rebinding: to the browser that page and the switch have one origin."""
    stranger = {"Host": "evil.example:8090", "Origin": "http://evil.example:8090"}
    assert world.http.get("/lines", headers=stranger).status_code == 403
    assert world.http.get("/lines", headers={"Host": "localhost:8090"}).status_code == 200


def test_a_plain_form_dials_nothing(world):
    """A page of any origin can send a form without asking first."""
    answer = world.http.post(f"/lines/{ROSA}/dial", data={"to": HOTLINE})
    assert (answer.status_code, answer.json()) == (415, {"error": "json-expected"})
    assert world.http.post(f"/lines/{ROSA}/dial", content=b"[", headers={"Content-Type": "application/json"}).is_error


def test_reset_forgets_all_but_the_numbers_settings(world):
    number = world.sdk().incoming_phone_numbers.list()[0]
    world.sdk().incoming_phone_numbers(number.sid).update(voice_url=f"{world.customer.base}/other")
    rosa = world.call(MENU)
    world.customer.answers["/other"] = MENU
    rosa.wait("connected")
    world.line(AMIR).do("texts", to=HOTLINE, body="hello")
    world.fault("lose", times=-1)
    assert world.http.post("/reset").status_code == 204
    assert rosa.state["state"] == "idle" and rosa.events() == []
    assert world.sdk().calls.list() == world.sdk().messages.list() == []
    assert world.http.get("/faults").json()["faults"] == world.http.get("/webhooks").json()["webhooks"] == []
    assert world.sdk().incoming_phone_numbers.list()[0].voice_url.endswith("/other")


def test_health(world):
    assert world.http.get("/health").json() == {"status": "ok", "calls": 0, "webhooks_under_way": 0}
    world.call(MENU).wait("collecting")
    assert world.http.get("/health").json()["calls"] == 1
