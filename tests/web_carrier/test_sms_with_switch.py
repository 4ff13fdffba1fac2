"""Texts over the real wire: the SDK's client, our own switch as the carrier, signed webhooks into the served app.

The switch breaks what a carrier can break; whatever it does, each text arrives once and its end is known.
"""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from app.core import clock, db, settings, site
from app.gateways import carrier
from app.gateways import wire as http_wire
from app.hotline.models import InboundText
from app.messages import sweep
from app.messages.models import Message
from app.web.factory import create_app
from tests.databases import Database
from tests.messages.conftest import ROSA, events, state, written
from workers import messages as jobs

PATIENCE = 60.0
"""Real seconds for what happens between processes."""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def eventually(true: Callable[[], bool]) -> bool:
    """Whether ``true`` comes true, the product's clock going on meanwhile."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            return False
        clock.wind(timedelta(seconds=0.5))
        time.sleep(0.02)
    return True


class Switch:
    """Our switch in a process of its own."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, timeout=PATIENCE)

    def fault(self, what: str, **more: Any) -> None:
        self.http.post("/faults", json={"what": what, **more}).raise_for_status()

    def texts(self, number: str = ROSA) -> list[str]:
        """What the handset shows, oldest first."""
        return [text["body"] for text in self.http.get(f"/lines/{number}/texts").json()["texts"]]

    def write(self, body: str, number: str = ROSA) -> None:
        """The handset's owner writes to the hotline."""
        self.http.post(f"/lines/{number}/texts", json={"to": "+862155512349", "body": body}).raise_for_status()


@pytest.fixture(scope="module")
def wire(_home: Database) -> Iterator[Switch]:
    """The served app and the switch, each on a free port, knowing of each other."""
    app_port, switch_port = free_port(), free_port()
    address = f"http://127.0.0.1:{switch_port}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUBLIC_BASE_URL", f"http://127.0.0.1:{app_port}")
        patch.setenv("TWILIO_API_BASE_URL", address)
        settings.current.cache_clear()
        carrier.use(None)
        patch.setattr(http_wire, "time_out", lambda: 1)
        server = make_server("127.0.0.1", app_port, create_app(), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [sys.executable, "-m", "app.cli", "switch", "serve", "--port", str(switch_port)]
        process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            switch = Switch(address)
            assert eventually(lambda: is_up(switch))
            yield switch
        finally:
            process.terminate()
            process.wait(PATIENCE)
            server.shutdown()
    settings.current.cache_clear()
    carrier.use(None)


@pytest.fixture
def switch(wire: Switch, database: Database) -> Iterator[Switch]:
    """The switch with nothing behind it and nothing broken; the hotline is live."""
    with db.unit_of_work() as session:
        site.put(session, "live", True)
    yield wire
    wire.http.post("/reset").raise_for_status()


def is_up(switch: Switch) -> bool:
    try:
        return switch.http.get("/health").status_code == 200
    except httpx.TransportError:
        return False


def run_what_is_due() -> None:
    with db.unit_of_work() as session:
        due = sweep.due(session)
    for name, message_id in due:
        if name.startswith("messages."):
            getattr(jobs, name.partition(".")[2])(message_id)


def until(message_id: int, ends: str) -> bool:
    def there() -> bool:
        run_what_is_due()
        return state(message_id) == ends

    return eventually(there)


def test_a_text_arrives_and_its_receipt_comes_back(switch: Switch) -> None:
    message_id = written()
    jobs.send(message_id)
    assert state(message_id) in ("sent", "delivered")
    assert until(message_id, "delivered")
    assert len(switch.texts()) == 1 and "12345675" in switch.texts()[0]


@pytest.mark.parametrize("what", ["double", "swap", "delay"])
def test_receipts_in_any_order(switch: Switch, what: str) -> None:
    switch.fault(what, kind="receipt", times=-1, seconds=5)
    message_id = written()
    jobs.send(message_id)
    assert until(message_id, "delivered")
    assert events(message_id).count("delivered") == 1
    assert len(switch.texts()) == 1


def test_a_connection_that_breaks_after_the_work_is_done_sends_nothing_twice(switch: Switch) -> None:
    switch.fault("refuse", kind="message", code=0)
    switch.fault("lose", kind="receipt", times=-1)
    message_id = written()
    jobs.send(message_id)
    assert state(message_id) == "sending"
    clock.wind(timedelta(seconds=61))
    run_what_is_due()
    assert state(message_id) in ("sent", "delivered")
    assert len(switch.texts()) == 1


def test_a_receipt_makes_up_for_an_answer_that_never_came(switch: Switch) -> None:
    switch.fault("refuse", kind="message", code=0)
    message_id = written()
    jobs.send(message_id)
    assert until(message_id, "delivered")
    assert "repeated" not in events(message_id)
    assert len(switch.texts()) == 1


@pytest.mark.parametrize("code", [20429, 500])
def test_a_carrier_in_trouble_gets_it_later(switch: Switch, code: int) -> None:
    switch.fault("refuse", kind="message", code=code)
    message_id = written()
    jobs.send(message_id)
    assert state(message_id) in ("queued", "sending")
    clock.wind(timedelta(seconds=61))
    assert until(message_id, "delivered")
    assert len(switch.texts()) == 1


@pytest.mark.parametrize("where", ["refuse", "undeliver"])
def test_a_line_that_takes_no_texts_is_rung_instead(switch: Switch, where: str) -> None:
    switch.fault(where, kind="message", code=21614 if where == "refuse" else 30006)
    message_id = written()
    jobs.send(message_id)

    def is_voice() -> bool:
        with db.unit_of_work() as session:
            return session.get_one(Message, message_id).kind == "voice"

    assert eventually(is_voice)
    assert events(message_id)[-1] == "rewritten"


def test_a_handset_writes_back(switch: Switch) -> None:
    switch.write("１ ２７")

    def came() -> bool:
        with db.unit_of_work() as session:
            return session.scalars(select(InboundText)).all() != []

    assert eventually(came)
    with db.unit_of_work() as session:
        [text] = session.scalars(select(InboundText))
        assert (text.number, text.body) == (ROSA, "１ ２７")
