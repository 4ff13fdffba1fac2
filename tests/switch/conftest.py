"""A switch and a tiny customer app, each on a free port in one background loop, with the clock held still."""

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from app.core import clock
from app.switch.config import Config
from app.switch.rest.asking import EXCHANGE
from app.switch.server import application
from tests.switch.contract import Rewriting

ACCOUNT, TOKEN = "AC" + "a1" * 16, "a-token"
KEY, SECRET = "SK" + "b2" * 16, "a-secret"
HOTLINE = "+862155512349"
ROSA, SHAN, AMIR, LENA, EVE = "+8613800138001", "+862155510002", "+8613800138003", "+8613800138004", "+8613800138666"
AGENT = "client:agent-7"
PATIENCE = 30.0
"""Real seconds within which anything that does not wait for the clock must have happened."""

EMPTY = "<Response/>"


@dataclass
class Request:
    """One webhook as the customer got it."""

    path: str
    params: dict[str, str]
    headers: dict[str, str]
    method: str
    signed: bool


@dataclass
class Customer:
    """The app: ``answers`` by path; each a document, a list of them (the last stays), or a status and a document."""

    base: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    slow: dict[str, float] = field(default_factory=dict)

    def got(self, path: str) -> list[Request]:
        """The webhooks of one path so far."""
        return [request for request in self.requests if request.path == path]

    def wait(self, path: str, number: int = 1) -> list[Request]:
        """The webhooks of one path, at least ``number`` of them."""
        return eventually(lambda: found if len(found := self.got(path)) >= number else None)

    async def handle(self, request: web.Request) -> web.Response:
        posted = {key: str(value) for key, value in (await request.post()).items()}
        url = f"{self.base}{request.raw_path}"
        signed = RequestValidator(TOKEN).validate(url, posted, request.headers.get("X-Twilio-Signature", ""))
        got = Request(request.path, posted | dict(request.query), dict(request.headers), request.method, signed)
        self.requests.append(got)
        await asyncio.sleep(self.slow.get(request.path, 0))
        return self._answer(request.path)

    def _answer(self, path: str) -> web.Response:
        answer = self.answers.get(path, EMPTY)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if isinstance(answer, web.Response):
            return web.Response(body=answer.body, status=answer.status, headers=answer.headers)
        status, text = answer if isinstance(answer, tuple | list) else (200, answer)
        return web.Response(text=text, status=status, content_type="text/xml")


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Any) -> Any:
        """Run a coroutine there and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(PATIENCE)


async def started(app: web.Application) -> tuple[web.AppRunner, int]:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner, runner.addresses[0][1]


async def switched_on(config: Config) -> tuple[web.AppRunner, int]:
    return await started(application(config))


@dataclass
class Line:
    """A phone in a test's hand."""

    http: httpx.Client
    number: str
    seen: int = 0

    def __post_init__(self) -> None:
        self.path = f"/lines/{self.number}"

    def do(self, what: str, **body: Any) -> dict[str, Any]:
        answer = self.http.post(f"{self.path}/{what}", json=body)
        assert answer.is_success, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def behave(self, **behaviour: Any) -> None:
        self.http.put(f"{self.path}/behaviour", json=behaviour).raise_for_status()

    @property
    def state(self) -> dict[str, Any]:
        result: dict[str, Any] = self.http.get(self.path).json()
        return result

    def events(self, *types: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get(f"{self.path}/log").json()["events"]
        return [event for event in found if not types or event["type"] in types]

    def wait(self, type_: str, **facts: Any) -> dict[str, Any]:
        """The next event of a type (and with such facts) that was not waited for yet."""

        def find() -> dict[str, Any] | None:
            fresh = [e for e in self.events(type_) if e["id"] > self.seen]
            return next((e for e in fresh if all(e.get(k) == v for k, v in facts.items())), None)

        event = eventually(find, lambda: f"{type_} {facts} among {[(e['type'], e) for e in self.events()]}")
        self.seen = event["id"]
        return event

    def heard(self) -> list[str]:
        return [event["text"] or event["verb"] for event in self.events("heard")]

    def texts(self) -> list[str]:
        return [text["body"] for text in self.http.get(f"{self.path}/texts").json()["texts"]]


@dataclass
class World:
    """Switch, customer, phones, REST and the clock."""

    loop: Loop
    customer: Customer
    config: dict[str, Any]
    base: str = ""
    runner: Any = None
    http: Any = None
    lines: dict[str, Line] = field(default_factory=dict)

    def start(self) -> None:
        config = Config(account=ACCOUNT, token=TOKEN, key=KEY, secret=SECRET, number=HOTLINE,
                        app=self.customer.base, **self.config)  # fmt: skip
        self.runner, port = self.loop.run(switched_on(config))
        self.base = f"http://127.0.0.1:{port}"
        self.http = httpx.Client(base_url=self.base, timeout=PATIENCE)
        self.lines = defaultdict()

    def stop(self) -> None:
        self.http.close()
        self.loop.run(self.runner.cleanup())

    def line(self, number: str) -> Line:
        if number not in self.lines:
            self.lines[number] = Line(self.http, number)
        return self.lines[number]

    def sdk(self, user: str = ACCOUNT, password: str = TOKEN) -> Client:
        """Twilio's own SDK, led to this switch."""
        return Client(user, password, ACCOUNT, http_client=Rewriting(self.base))

    def voice(self, *documents: Any) -> None:
        """What the hotline's VoiceUrl answers."""
        self.customer.answers["/carrier/voice"] = list(documents) if len(documents) > 1 else documents[0]

    def call(self, document: Any = None, by: str = ROSA) -> Line:
        """Somebody dials the hotline, which answers with ``document``."""
        if document is not None:
            self.voice(document)
        line = self.line(by)
        line.do("dial", to=HOTLINE)
        return line

    def wind(self, seconds: float) -> None:
        """Let product time pass once everything under way has settled."""
        self.settle()
        clock.wind(timedelta(seconds=seconds))
        self.settle()

    def settle(self) -> None:
        """Wait until nothing happens any more without the clock."""
        still = 0
        before = None
        while still < 3:
            time.sleep(clock.TICK)
            now = (len(self.customer.requests), tuple(len(line.events()) for line in self.lines.values()))
            quiet = now == before and self.exchange.webhooks.under_way == 0
            still = still + 1 if quiet else 0
            before = now

    def errors(self) -> list[int]:
        return [error["code"] for error in self.http.get("/debugger").json()["errors"]]

    def fault(self, what: str, **facts: Any) -> int:
        answer = self.http.post("/faults", json={"what": what, **facts})
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    @property
    def exchange(self) -> Any:
        return self.runner.app[EXCHANGE]


def eventually(find: Callable[[], Any], say: Callable[[], str] = lambda: "it", patience: float = PATIENCE) -> Any:
    """What ``find`` returns as soon as it is not empty."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if found := find():
            return found
        time.sleep(0.005)
    raise AssertionError(f"never came: {say()}")


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def still_clock(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("DOORLINE_CLOCK_FILE", str(tmp_path / "clock.json"))
    clock.start(datetime(2026, 11, 24, 1, 0, tzinfo=UTC), rate=0)


@pytest.fixture
def customer(loop) -> Iterator[Customer]:
    customer = Customer()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", customer.handle)
    runner, port = loop.run(started(app))
    customer.base = f"http://127.0.0.1:{port}"
    yield customer
    loop.run(runner.cleanup())


@pytest.fixture
def options() -> dict[str, Any]:
    """Options of the switch; a test module may override this fixture."""
    return {"speech": "instant"}


@pytest.fixture
def world(loop, customer, still_clock, options) -> Iterator[World]:
    world = World(loop, customer, options)
    world.start()
    yield world
    world.stop()
