"""What tests stand on: known settings, a clock that stands still, and, for those that ask, PostgreSQL and Valkey.

The servers are started once a run, by the process that outlives all others (xdist's controller, or pytest itself), and
end with it. Tests never use the servers that the environment names: they would empty somebody's database.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from redis import Redis
from sqlalchemy.orm import Session

from app import stores
from app.core import clock, db, queue, settings
from app.stores import Stores, valkey
from tests import browsers, databases
from tests.databases import Database

TUESDAY = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
"""When every test begins: Tuesday, 24 November 2026, 09:00 in the district."""

SETTINGS = {
    "APP_ENV": "test",
    "SECRET_KEY": "doorline-demo-secret-key-of-the-tests",
    "HASH_KEY": "doorline-demo-hash-key",
    "ENCRYPTION_KEYS": "ZG9vcmxpbmUtZGVtby1rZXkta25vd24tdG8tYWxsLi4=",
    "PUBLIC_BASE_URL": "https://doorline.example",
    "SWITCH_URL": "http://switch.example",
    "HOTLINE_NUMBER": "+862155512349",
    "DUTY_NUMBER": "+862155512340",
    "TWILIO_ACCOUNT_SID": "AC" + "7e" * 16,
    "TWILIO_AUTH_TOKEN": "doorline-demo-token",
    "TWILIO_API_BASE_URL": "http://carrier.example",
    "TZ": "UTC",
}
SERVED = {"servers", "database", "session", "redis", "own_servers"}
"""Fixtures whose tests need the servers; they are marked ``services``."""

FOLDER = Path(tempfile.mkdtemp(prefix="doorline-test-"))
FOLDER.chmod(0o711)  # where the servers must run as nobody, he has to find his folder inside

for name in settings.Settings.model_fields:
    os.environ.pop(name.upper(), None)
    os.environ.pop(f"{name.upper()}_FILE", None)
os.environ.update(SETTINGS, DOORLINE_CLOCK_FILE=str(FOLDER / "clock.json"), LC_ALL="C.UTF-8")
clock.start(TUESDAY, rate=0)
expect.set_options(timeout=browsers.PATIENCE)

_open = ExitStack()


def _start_servers() -> Stores:
    servers = _open.enter_context(stores.running(FOLDER / "stores", hasty=True))
    databases.migrate(servers.owner_database_url)
    return servers


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist's controller tells each worker where the servers are."""
    config = node.config
    if not hasattr(config, "doorline_servers"):
        config.doorline_servers = _start_servers()
    servers = config.doorline_servers
    node.workerinput["servers"] = [servers.database_url, servers.owner_database_url, servers.redis_url]


def pytest_unconfigure() -> None:
    _open.close()
    shutil.rmtree(FOLDER, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if SERVED & set(getattr(item, "fixturenames", ())):
            item.add_marker("services")


@pytest.fixture(autouse=True)
def _tuesday_morning() -> None:
    """Every test begins at the same moment; time passes only when the test winds core.clock."""
    clock.start(TUESDAY, rate=0)


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Stores:
    """PostgreSQL (with the migrated template) and Valkey, shared by all processes of this run."""
    given = getattr(request.config, "workerinput", {}).get("servers")
    return Stores(*given) if given else _start_servers()


@pytest.fixture(scope="session")
def _home(servers: Stores) -> Iterator[Database]:
    """This process' own database and queue, and the settings that lead there (for child processes as well)."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    home = databases.clone(servers, f"test_{worker}")
    number = int(worker.removeprefix("gw")) % (valkey.DATABASES - 1) + 1
    redis_url = servers.redis_url.replace("?db=0", f"?db={number}")
    os.environ.update(DATABASE_URL=home.url, OWNER_DATABASE_URL=home.owner_url, REDIS_URL=redis_url)
    _forget_settings()
    yield home
    home.close()
    db.bind(None)


def _forget_settings() -> None:
    db.bind(None)
    for cached in (settings.current, queue.connection, queue.jobs):
        cached.cache_clear()


@pytest.fixture
def database(_home: Database) -> Iterator[Database]:
    """An empty database behind core.db (as the application's role) and an empty queue; emptied again afterwards."""
    yield _home
    _home.empty()
    queue.connection().flushdb()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A session of the application's role; what the test does not commit is rolled back."""
    with Session(db.engine(), expire_on_commit=False) as session:
        yield session


@pytest.fixture
def redis(database: Database) -> Redis:
    """The queue's own connection, to a numbered database that is empty when the test begins."""
    return queue.connection()


@pytest.fixture
def server_folder() -> Path:
    """A folder for servers of this test's own; unlike tmp_path, nobody (as whom they may have to run) finds it."""
    folder = Path(tempfile.mkdtemp(dir=FOLDER))
    folder.chmod(0o711)
    return folder / "stores"


@pytest.fixture
def own_servers(server_folder: Path) -> Iterator[Stores]:
    """Servers of this test's own, migrated, which it may kill and start again (``own_servers.database.kill()``)."""
    with stores.running(server_folder, environ={}, hasty=True) as own:
        databases.migrate(own.owner_database_url)
        yield own


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, without a window. Where there is none, the test is skipped; in CI it fails."""
    if lacking := browsers.missing():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(lacking)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=browsers.find(), args=browsers.ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page with its own cookies."""
    context = browser.new_context()
    context.set_default_timeout(browsers.PATIENCE)
    yield context.new_page()
    context.close()
