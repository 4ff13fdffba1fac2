"""A town to tell stories in: real processes, a small district, phones, screens, and a clock to wind.

Time stands still unless the story winds it, and what is said takes no time; so a prompt waits for its keys as long as
the test likes, and nothing in a story depends on how fast the machine is.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import httpx
from redis import Redis
from rq import Queue
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer
from sqlalchemy import Engine, create_engine, inspect, select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, site
from app.core.phones import parse
from app.core.queue import QUEUES
from app.demo.people import Browser
from app.hotline.models import Call, CallBack
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people.models import Resident, ResidentPhone, Staff
from app.people.residents import hashed
from app.sample.draw import cast_numbers
from app.visits.models import Visit
from app.workforce.models import Worker
from tests.journeys.people import HOTLINE, PATIENCE, POLL, Line, Office
from tests.journeys.processes import Processes

SHANGHAI = ZoneInfo("Asia/Shanghai")
DUTY = "+862155512340"
DAUGHTER = "+8613800130011"
CALM = 0.25
"""Real seconds of stillness after which everything that was begun counts as done; the clock looks every 0.15 s."""

BREATH = 0.1
"""The same where only what goes on without the clock matters: answers of the app, timers that begin."""

NUDGE_AFTER = 0.3
"""Real seconds in which what was to come by itself has come."""

Row = TypeVar("Row")


class Town:
    """One story's town. Phones and people are attributes: rosa, shan, grace, daughter, amir, lena, tom, eve, duty."""

    def __init__(self, web: str, switch: str, database_url: str, redis_url: str, processes: Processes) -> None:
        self.web = web
        self.switch = switch
        self.processes = processes
        self.engine: Engine = create_engine(database_url, pool_pre_ping=True)
        self.redis = Redis.from_url(redis_url)
        self.client = httpx.Client(base_url=switch, timeout=70)
        self.lines: dict[str, Line] = {}
        numbers = cast_numbers()
        self.rosa = self.line("Rosa", numbers["rosa"])
        self.shan = self.line("Mr Shan", numbers["shan"])
        self.grace = self.line("Grace", numbers["grace"])
        self.amir = self.line("Amir", numbers["amir"])
        self.lena = self.line("Lena", numbers["lena"])
        self.tom = self.line("Tom", numbers["tom"])
        self.eve = self.line("Eve", numbers["eve"])
        self.daughter = self.line("Rosa's daughter", DAUGHTER)
        self.duty = self.line("the duty phone", DUTY)
        self.agent = Office(web, "agent1", self.line("agent1", "client:agent-1"))
        self.other_agent = Office(web, "agent2", self.line("agent2", "client:agent-2"), "en")
        self.dispatcher = Office(web, "dispatcher", self.line("dispatcher", "client:agent-3"))

    def line(self, name: str, number: str) -> Line:
        """The phone of ``name``."""
        return self.lines.setdefault(number, Line(self.switch, number, name=name, client=self.client))

    def browser(self, language: str = "zh-CN") -> Browser:
        """Anybody's browser, not signed in."""
        return Browser(self.web, language)

    # -- time

    def wind(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        """Let time pass at once, for all processes; what had begun before is done by then."""
        self.settle(BREATH)
        now = clock.wind(timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds))
        return now.astimezone(SHANGHAI)

    def wind_to(self, hour: int, minute: int = 0, days: int = 0) -> datetime:
        """Wind to the next ``hour``:``minute`` of the district, or that of a later day. Never back."""
        self.settle(BREATH)
        now = clock.now().astimezone(SHANGHAI)
        then = now.replace(hour=hour, minute=minute, second=0, microsecond=0) + timedelta(days=days)
        clock.wind((then if then >= now else then + timedelta(days=1)) - now)
        return clock.now().astimezone(SHANGHAI)

    def now(self) -> datetime:
        """The district's time."""
        return clock.now().astimezone(SHANGHAI)

    def until(self, true: Callable[[], Any], what: str = "it", nudge: float = 0) -> Any:
        """Wait for something; as long as it does not come the clock is wound by ``nudge`` seconds again and again."""
        end, next_nudge = time.monotonic() + PATIENCE, time.monotonic() + NUDGE_AFTER
        while not (answer := true()):
            now = time.monotonic()
            assert now < end, f"waited in vain for {what}\n{self.told()}"
            if nudge and now > next_nudge:
                self.settle(BREATH)
                if answer := true():  # a phone that began to ring just now must not be wound past
                    break
                clock.wind(timedelta(seconds=nudge))
                next_nudge = time.monotonic() + NUDGE_AFTER
            time.sleep(POLL)
        return answer

    # -- calm

    def settle(self, calm: float = CALM) -> None:
        """Wait until nothing is going on any more, no job, unanswered webhook or text, for ``calm`` seconds."""
        end = time.monotonic() + PATIENCE
        last, since = self._pulse(), time.monotonic()
        while time.monotonic() - since < calm:
            time.sleep(POLL)
            pulse = self._pulse()
            if pulse != last or self._jobs():
                last, since = pulse, time.monotonic()
            assert time.monotonic() < end, f"no calm: {self._jobs()} jobs\n{self.told()}"

    def _pulse(self) -> tuple[Any, ...]:
        lines = self.client.get("/lines").json()["last"]
        return lines, [(hook["id"], hook["status"]) for hook in self.webhooks()]

    _webhooks_since = 0
    counts_started = True
    """Whether jobs that were begun and did not end keep the town from being calm."""

    def _jobs(self) -> int:
        queues = self._queues()
        begun = sum(self.redis.zcard(StartedJobRegistry(queue=each).key) for each in queues)
        asked = int(self.client.get("/health").json()["webhooks_under_way"])
        return asked + sum(len(each) for each in queues) + (begun if self.counts_started else 0)

    def _queues(self) -> list[Queue]:
        return [Queue(name, connection=self.redis, serializer=JSONSerializer) for name in QUEUES]

    def nothing_else_was_sent(self) -> None:
        """All texts and calls since the story began were mentioned in it."""
        self.settle()
        for known in self.client.get("/lines").json()["lines"]:
            self.line(known["number"], known["number"])
        others = [line for line in self.lines.values() if line.number != HOTLINE]
        unexpected = [told for line in others for told in line.unexpected()]
        assert not unexpected, "\n".join(unexpected)

    # -- the carrier's moods

    def fault(self, what: str, **more: Any) -> None:
        """Arm a fault (see the switch's README)."""
        self.client.post("/faults", json={"what": what, **more}).raise_for_status()

    def no_more_faults(self) -> None:
        """Disarm all of them."""
        self.client.delete("/faults").raise_for_status()

    def webhooks(self, kind: str = "") -> list[dict[str, Any]]:
        """What the carrier sent to the app in this story."""
        found = self.client.get("/webhooks", params={"since": self._webhooks_since}).json()["webhooks"]
        return [hook for hook in found if not kind or hook["kind"] == kind]

    def repeat(self, hook: dict[str, Any]) -> None:
        """The carrier sends a webhook once more."""
        self.client.post(f"/webhooks/{hook['id']}/again").raise_for_status()

    # -- what the house knows (for what no page shows)

    @contextmanager
    def looking(self) -> Iterator[Session]:
        """A session that looks."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    def all(self, model: type[Row]) -> list[Row]:
        """All rows of a table, in the order of their keys."""
        with self.looking() as session:
            return list(session.scalars(select(model).order_by(*inspect(model).primary_key)))

    def last(self, model: type[Row]) -> Row:
        """The newest row of a table."""
        rows = self.all(model)
        assert rows, f"no {model.__name__}"
        return rows[-1]

    @property
    def order(self) -> ServiceOrder:
        """The newest order."""
        return self.last(ServiceOrder)

    @property
    def visit(self) -> Visit:
        """The newest visit."""
        return self.last(Visit)

    def call_backs(self) -> list[CallBack]:
        """The worklist, in the order of its making."""
        return self.all(CallBack)

    def becomes(self, state: str, what: type[Any] = ServiceOrder, nudge: float = 0) -> Any:
        """Wait until the newest order (or another thing) is ``state``; returns it."""

        def there() -> Any:
            rows = self.all(what)
            return rows[-1] if rows and rows[-1].state == state else None

        return self.until(there, f"{what.__name__} {state}; it is {[r.state for r in self.all(what)]}", nudge)

    def change(self, model: type[Row], of: str, **values: Any) -> None:
        """Before the story: somebody's row is different. of: his name in the sample."""
        with self.looking() as session:
            row = session.scalar(select(model).where(model.name == of))  # type: ignore[attr-defined]
            assert row is not None, of
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def set(self, key: str, value: Any) -> None:
        """Before the story: a setting of the installation is different."""
        with self.looking() as session:
            site.put(session, key, value)
            session.commit()

    def share_phone(self, of: str, number: str) -> None:
        """Before the story: this number is (also) that of the resident ``of``."""
        with self.looking() as session:
            row = session.scalar(select(Resident).where(Resident.name == of))
            assert row is not None, of
            session.add(ResidentPhone(resident_id=row.id, rank=0, **hashed(parse(number))))
            session.commit()

    def give_number(self, username: str, number: str) -> None:
        """Before the story: an account has a phone of its own."""
        with self.looking() as session:
            row = session.scalar(select(Staff).where(Staff.username == username))
            assert row is not None, username
            row.number = number
            session.commit()

    def resident(self, name: str) -> Resident:
        """Somebody's file."""
        return next(row for row in self.all(Resident) if row.name == name)

    def worker(self, name: str) -> Worker:
        """A social worker's row."""
        return next(row for row in self.all(Worker) if row.name == name)

    def link_of(self, line: Line) -> str:
        """The address in the newest text of somebody that has one."""
        return [found[0] for text in line.received() if (found := re.findall(r"https?://\S+", text["body"]))][-1]

    def item(self, code: str) -> ServiceItem:
        """A service of the catalogue."""
        return next(row for row in self.all(ServiceItem) if row.code == code)

    def last_inbound(self) -> Call:
        """The newest call that somebody made to us."""
        return [call for call in self.all(Call) if call.direction == "inbound"][-1]

    def told(self) -> str:
        """The whole story as the house has it, for a failed test."""
        calls = [f"call {c.id} {c.direction} {c.purpose} {c.status} step {c.step}" for c in self.all(Call)]
        messages = [f"message {m.id} {m.key} {m.kind} {m.state} {m.error or ''}" for m in self.all(Message)]
        things = [f"{type(t).__name__} {t.id} {t.state}" for t in [*self.all(ServiceOrder), *self.all(Visit)]]
        rows = [f"call-back {r.reason} {r.state}" for r in self.call_backs()]
        return "\n".join([*calls, *messages, *things, *rows, self.troubles()])

    def troubles(self) -> str:
        """What the processes complained about."""
        words = {name: self.processes.last_words(name, 20000) for name in self.processes.running}
        found = [f"--- {name}\n{text[-2500:]}" for name, text in words.items() if re.search("Traceback|rror", text)]
        return "\n".join(found)

    # -- between stories

    def begin(self) -> None:
        """A new story: nothing is known of the former."""
        self._webhooks_since = max((hook["id"] for hook in self.client.get("/webhooks").json()["webhooks"]), default=0)
        for log in self.processes.folder.glob("*.log"):
            os.truncate(log, 0)

    def clear_lines(self) -> None:
        """The switch forgets calls, texts and faults."""
        self.client.post("/reset").raise_for_status()

    def clear_jobs(self) -> None:
        """No job of a former story is left."""
        for each in self._queues():
            each.empty()

    def close(self) -> None:
        """Give back what is held."""
        self.client.close()
        self.engine.dispose()
        self.redis.close()
