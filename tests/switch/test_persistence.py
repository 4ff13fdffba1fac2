"""A switch that is killed and started again: what it kept, what it goes on with, and what it tells."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx
import pytest
from twilio.rest import Client

from app.switch.store import Store
from tests.switch.conftest import ACCOUNT, AMIR, HOTLINE, ROSA, TOKEN, Customer, Line, eventually
from tests.switch.contract import Rewriting
from tests.switch.test_story import GREETING

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Process:
    """doorline switch serve as an operator runs it."""

    customer: Customer
    state: Path
    port: int
    running: list[subprocess.Popen] = field(default_factory=list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def http(self) -> httpx.Client:
        return httpx.Client(base_url=self.base, timeout=5)

    def start(self) -> None:
        env = os.environ | {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "HOTLINE_NUMBER": HOTLINE,
            "PUBLIC_BASE_URL": self.customer.base,
            "SWITCH_STATE": str(self.state),
            "SWITCH_PORT": str(self.port),
            "SWITCH_SPEECH": "instant",
        }
        env.pop("SWITCH_URL", None)
        command = [sys.executable, "-m", "app.cli", "switch", "serve"]
        self.running.append(subprocess.Popen(command, env=env, cwd=ROOT, stderr=subprocess.DEVNULL))
        eventually(self.answers, patience=60)  # a process of its own: it begins as slowly as the machine is busy

    def answers(self) -> bool:
        try:
            return self.http.get("/health").status_code == 200
        except httpx.TransportError:
            return False

    def stop(self, number: int) -> int:
        process = self.running.pop()
        process.send_signal(number)
        return process.wait(5)

    def sdk(self) -> Client:
        return Client(ACCOUNT, TOKEN, http_client=Rewriting(self.base))


@pytest.fixture
def process(customer, tmp_path, still_clock) -> Iterator[Process]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = Process(customer, tmp_path / "switch.sqlite", port)
    process.start()
    yield process
    for left in process.running:
        left.kill()
        left.wait()


def test_a_killed_switch_keeps_texts_calls_and_settings_and_tells_the_end_of_its_calls(process):
    twilio = process.sdk()
    twilio.messages.create(to=AMIR, from_=HOTLINE, body="before")
    number = twilio.incoming_phone_numbers.list()[0]
    twilio.incoming_phone_numbers(number.sid).update(voice_fallback_url=f"{process.customer.base}/other")
    process.customer.answers["/carrier/voice"] = GREETING
    rosa = Line(process.http, ROSA)
    rosa.do("dial", to=HOTLINE)
    rosa.wait("collecting")
    last = rosa.state["last"]
    assert process.stop(signal.SIGKILL) == -signal.SIGKILL
    with pytest.raises(httpx.TransportError):
        process.http.get("/health")
    process.start()
    told = process.customer.wait("/carrier/call-status")
    assert [request.params["CallStatus"] for request in told] == ["completed"] and told[0].signed
    assert [text.body for text in twilio.messages.list(to=AMIR)] == ["before"]
    assert Line(process.http, AMIR).texts() == ["before"]
    assert [line["number"] for line in process.http.get("/lines").json()["lines"]] == [ROSA, AMIR]
    assert [call.status for call in twilio.calls.list(from_=ROSA)] == ["completed"]
    assert twilio.incoming_phone_numbers.list()[0].voice_fallback_url.endswith("/other")
    rosa = Line(process.http, ROSA)
    rosa.do("dial", to=HOTLINE)
    assert rosa.wait("calling")["id"] > last


def test_a_stopped_switch_ends_by_itself_and_sends_its_readers_away(process):
    with process.http.stream("GET", f"/lines/{ROSA}/events") as stream:
        assert stream.status_code == 200
        assert process.stop(signal.SIGTERM) == 0
        stream.read()


def test_a_stopped_switch_ends_by_itself(process):
    assert process.stop(signal.SIGTERM) == 0


def test_a_taken_port_is_said_in_a_sentence(process):
    env = os.environ | {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "HOTLINE_NUMBER": HOTLINE,
                        "LC_ALL": "en_GB.UTF-8",
                        "PUBLIC_BASE_URL": process.customer.base, "SWITCH_PORT": str(process.port)}  # fmt: skip
    command = [sys.executable, "-m", "app.cli", "switch", "serve"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and f"Port {process.port} of 127.0.0.1 is taken" in done.stderr


def test_missing_settings_are_named(process):
    env = {key: value for key, value in os.environ.items() if not key.startswith("TWILIO_")}
    command = [sys.executable, "-m", "app.cli", "switch", "serve"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=20)
    assert done.returncode == 2 and "account" in done.stderr and "token" in done.stderr


def test_a_text_that_was_accepted_before_the_kill_is_delivered_after_it(tmp_path, customer, loop, still_clock, world):
    """The store is written before the answer: what was accepted is never lost and never sent twice."""
    text = world.sdk().messages.create(to=AMIR, from_=HOTLINE, body="once", status_callback=f"{customer.base}/r")
    record = asdict(world.exchange.texts.get(text.sid))
    store = Store(str(tmp_path / "again.sqlite"))
    store.put("text", text.sid, record | {"status": "queued"})
    store.close()
    customer.wait("/r", 3)
    world.stop()
    world.config = {"speech": "instant", "state": str(tmp_path / "again.sqlite")}
    world.start()
    world.lines.clear()
    eventually(lambda: world.line(AMIR).texts() == ["once"])
    told = [request.params["MessageStatus"] for request in customer.wait("/r", 6)]
    assert told[3:] == ["sending", "sent", "delivered"]


def test_what_a_killed_switch_had_not_told_the_app_is_told_after_it(tmp_path, customer, loop, still_clock, world):
    """A text from a handset is not lost between the handset and the app, nor is the last receipt of a text."""
    text = world.sdk().messages.create(to=AMIR, from_=HOTLINE, body="once", status_callback=f"{customer.base}/r")
    Line(world.http, AMIR).do("texts", to=HOTLINE, body="1 27")
    customer.wait("/r", 3)
    customer.wait("/carrier/sms")
    store = Store(str(tmp_path / "again.sqlite"))
    for known in world.exchange.texts.find(lambda _: True):
        eventually(lambda known=known: known.told and known.status != "receiving")
        inbound = known.direction == "inbound"
        store.put("text", known.sid, asdict(known) | ({"status": "receiving"} if inbound else {"told": False}))
    store.close()
    world.stop()
    world.config = {"speech": "instant", "state": str(tmp_path / "again.sqlite")}
    world.start()
    world.lines.clear()
    assert customer.wait("/carrier/sms", 2)[-1].params["Body"] == "1 27"
    assert customer.wait("/r", 4)[-1].params["MessageStatus"] == "delivered"
    assert [one.sid for one in world.exchange.texts.find(lambda one: one.direction != "inbound")] == [text.sid]
    eventually(lambda: all(one.told and one.status != "receiving" for one in world.exchange.texts.find(lambda _: True)))


def test_a_text_is_told_only_when_its_last_receipt_is(customer, world):
    """It reached the handset while the receipts before were still under way: a kill then must not lose the last."""
    customer.slow["/r"] = 0.4
    sent = world.sdk().messages.create(to=AMIR, from_=HOTLINE, body="once", status_callback=f"{customer.base}/r")
    text = world.exchange.texts.get(sent.sid)
    assert customer.wait("/r", 3)[-1].params["MessageStatus"] == "delivered" and text.status == "delivered"
    assert not text.told
    eventually(lambda: text.told)


def test_records_keep_their_order_and_are_replaced_in_place(tmp_path):
    store = Store(str(tmp_path / "store.sqlite"))
    for sid in ("a", "b", "a"):
        store.put("text", sid, {"sid": sid, "n": sid * 2})
    store.put("call", "a", {"sid": "other"})
    assert [record["sid"] for record in store.all("text")] == ["a", "b"]
    store.forget("text", "a")
    assert [record["sid"] for record in store.all("text")] == ["b"]
    store.forget("text")
    assert store.all("text") == [] and len(store.all("call")) == 1
