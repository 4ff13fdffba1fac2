"""The ground on which everything is measured: own stores, a migrated database with the sample district, processes."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app import stores
from app.core import db, queue, settings

ROOT = Path(__file__).resolve().parents[1]
TICKS = os.sysconf("SC_CLK_TCK")

ENVIRONMENT = {
    "APP_ENV": "test",
    "SECRET_KEY": "doorline-demo-secret-key-of-the-benchmarks",
    "HASH_KEY": "doorline-demo-hash-key",
    "ENCRYPTION_KEYS": "ZG9vcmxpbmUtZGVtby1rZXkta25vd24tdG8tYWxsLi4=",
    "TWILIO_ACCOUNT_SID": "AC" + "b0" * 16,
    "TWILIO_AUTH_TOKEN": "doorline-demo-token",
    "HOTLINE_NUMBER": "+862155512349",
    "DUTY_NUMBER": "+862155512340",
    "PUBLIC_BASE_URL": "http://127.0.0.1:18080",
    "SWITCH_URL": "http://127.0.0.1:18090",
    "TWILIO_API_BASE_URL": "http://127.0.0.1:18090",
    "WEB_PORT": "18080",
    "SWITCH_PORT": "18090",
    "LOG_LEVEL": "WARNING",
    "TZ": "UTC",
}


@dataclass(frozen=True)
class Ground:
    """Where things are. folder: holds data and logs of this run."""

    folder: Path
    stores: stores.Stores


@contextmanager
def prepared(residents: int = 500) -> Iterator[Ground]:
    """Stores, tables and a sample district in a folder of their own; this process' settings point there."""
    with empty() as place:
        _doorline("sample", "--residents", str(residents))
        yield place


@contextmanager
def empty(winds_time: bool = False) -> Iterator[Ground]:
    """The same without the district. winds_time: core.clock may be wound."""
    with tempfile.TemporaryDirectory(prefix="doorline-bench-") as name:
        folder = Path(name)
        with stores.running(folder / "stores", environ={}, hasty=winds_time) as running:
            os.environ.pop("DOORLINE_CLOCK_FILE", None)
            os.environ |= ENVIRONMENT
            _go_to(running.database_url, running.owner_database_url, running.redis_url)
            _doorline("db", "upgrade")
            if winds_time:
                os.environ["DOORLINE_CLOCK_FILE"] = str(folder / "clock.json")
            yield Ground(folder, running)
            db.bind(None)
            os.environ.pop("DOORLINE_CLOCK_FILE", None)


def _go_to(database_url: str, owner_url: str, redis_url: str) -> None:
    os.environ |= {"DATABASE_URL": database_url, "OWNER_DATABASE_URL": owner_url, "REDIS_URL": redis_url}
    settings.current.cache_clear()
    queue.connection.cache_clear()
    queue.jobs.cache_clear()
    db.bind(None)


def _doorline(*args: str) -> None:
    subprocess.run([sys.executable, "-m", "app.cli", *args], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def process(*command: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the product for the length of the block; its output goes to ``log``."""
    with log.open("ab") as out:
        running = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=out, stderr=out)
    try:
        yield running
    finally:
        running.terminate()
        running.wait(timeout=20)


def wait_for(url: str, seconds: float = 30) -> None:
    """Until ``url`` answers at all."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            httpx.get(url, timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(url)


def family(pid: int) -> list[int]:
    """``pid`` and all its descendants."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(grandchild for child in children for grandchild in family(int(child)))]


def cpu_seconds(pid: int) -> float:
    """CPU time, user and system, that the process and its living descendants have used."""
    total = 0
    for each in family(pid):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / TICKS
