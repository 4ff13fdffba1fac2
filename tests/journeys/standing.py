"""A town on its feet: database, queue and processes of its own, so that no other test ever meets it."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg import OperationalError

from app.core import clock
from app.stores import Stores
from tests import databases
from tests.conftest import SETTINGS, TUESDAY
from tests.databases import Database
from tests.journeys import district
from tests.journeys.processes import WEB, Processes, free_ports
from tests.journeys.town import Town

WORKERS = ("app.cli", "worker", "--count", "2")
CLOCK = "tests.journeys.sparing_clock"
QUEUES = 31
"""Towns use the upper half of the queue's numbered databases, all other tests the lower half."""


@dataclass
class Standing:
    """What outlives a story."""

    town: Town
    database: Database
    snapshot: district.Snapshot

    @contextmanager
    def story(self) -> Iterator[Town]:
        """A fresh beginning: Tuesday, 09:00, and nothing has happened."""
        self.town.clear_lines()
        self.town.clear_jobs()
        self.town.settle()
        self._put_back()
        clock.start(TUESDAY, rate=0)
        self.town.begin()
        yield self.town

    def _put_back(self) -> None:
        """As it was; a connection that a restarted database has cut off is noticed by its first use."""
        try:
            self.snapshot.put_back()
        except OperationalError:
            self.database.close()
            self.snapshot.put_back()


@contextmanager
def up(
    servers: Stores,
    folder: Path,
    workers: tuple[str, ...] = WORKERS,
    more: Mapping[str, str] | None = None,
    web: tuple[str, ...] = WEB,
) -> Iterator[Standing]:
    """Everything running over a clone of the migrated template.

    servers: whose database and queue. folder: for logs. workers: module and arguments of the worker process. more:
    environment of all processes. web: module and arguments of the web process.
    """
    folder.mkdir(parents=True, exist_ok=True)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    database = databases.clone(servers, f"{folder.name}_{worker}")
    district.settle_in(database)
    snapshot = district.Snapshot(database)
    number = int(worker.removeprefix("gw")) % QUEUES + QUEUES + 1
    redis_url = servers.redis_url.replace("?db=0", f"?db={number}")
    web_port, switch_port = free_ports(2)
    env = _environment(database, redis_url, web_port, switch_port) | dict(more or {})
    processes = Processes(folder, env)
    town = Town(env["PUBLIC_BASE_URL"], env["SWITCH_URL"], database.url, redis_url, processes)
    try:
        town.redis.flushdb()
        _start(processes, workers, web, web_port)
        yield Standing(town, database, snapshot)
    finally:
        processes.stop_all()
        town.close()
        database.close()


def _environment(database: Database, redis_url: str, web_port: int, switch_port: int) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "DOORLINE_CLOCK_FILE") if name in os.environ}
    switch = f"http://127.0.0.1:{switch_port}"
    return inherited | SETTINGS | {
        "DATABASE_URL": database.url,
        "OWNER_DATABASE_URL": database.owner_url,
        "REDIS_URL": redis_url,
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{web_port}",
        "SWITCH_URL": switch,
        "TWILIO_API_BASE_URL": switch,
        "SWITCH_PORT": str(switch_port),
        "SWITCH_SPEECH": "instant",
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip


def _start(processes: Processes, workers: tuple[str, ...], web: tuple[str, ...], web_port: int) -> None:
    processes.start_web(web_port, web)
    processes.start("switch", "app.cli", "switch", "serve")
    processes.start("worker", *workers)
    processes.start("clock", CLOCK)
    processes.await_page("web", f"{processes.env['PUBLIC_BASE_URL']}/ready")
    processes.await_page("switch", f"{processes.env['SWITCH_URL']}/health")
