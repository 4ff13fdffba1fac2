"""The stage of the demo: stores, database, sample district, and all processes of the Procfile on free ports.

Everything lives in one folder; started again, it goes on with what was there. All processes share one clock file.
"""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx

from app import stores
from app.core import clock
from app.core.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1

HOTLINE = "+862155512349"
DUTY = "+862155512340"
ACCOUNT = "AC" + "d0" * 16
"""The demo's own carrier account; its token is known to everybody, which production refuses."""

KNOWN_SECRETS = {
    "SECRET_KEY": "doorline-demo-secret-key-known-to-everybody",  # nosec B105 (known on purpose)
    "HASH_KEY": "doorline-demo-hash-key",
    "ENCRYPTION_KEYS": "ZG9vcmxpbmUtZGVtby1rZXkta25vd24tdG8tYWxsLi4=",
    "TWILIO_ACCOUNT_SID": ACCOUNT,
    "TWILIO_AUTH_TOKEN": "doorline-demo-token",  # nosec B105 (known on purpose)
}

READY_SECONDS = 90
CLI = [sys.executable, "-m", "app.cli"]
HONCHO = [sys.executable, "-m", "honcho", "--no-colour", "start", "-f", str(ROOT / "Procfile")]
TOLD = ("database", "district")
"""What the preparation says that somebody who waits wants to know."""

ZONE = "Asia/Shanghai"
MORNING, LAST_HOUR = 9, 15
"""Hours between which the story can begin: its visit and its follow-up then fall on the same day."""


@dataclass(frozen=True)
class Stage:
    """Where everything is.

    web, switch: addresses without trailing slash. env: what the processes were given. process: the parent of them all.
    """

    web: str
    switch: str
    env: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes]"

    def check(self) -> None:
        """Raise BadInput("demo.step_failed") if the processes have ended."""
        if self.process.poll() is not None:
            raise BadInput("demo.step_failed", step="processes", log=str(self.log), words=last_words(self.log))


Progress = Callable[[str], None]
"""Called with the code of what begins now: stores, database, district, processes, ready."""


@contextmanager
def standing(folder: Path, web_port: int, switch_port: int, progress: Progress) -> Iterator[Stage]:
    """Start everything in ``folder`` and stop it at the end.

    Raises BadInput("demo.port_taken", port=…), BadInput("demo.step_failed", step=…, log=…) or what the stores raise.
    """
    for port in (web_port, switch_port):
        _refuse_taken(port)
    folder.mkdir(parents=True, exist_ok=True)
    progress("stores")
    with stores.running(folder / "stores") as running, ExitStack() as stack:
        env = _environment(folder, running, web_port, switch_port)
        _start_clock(env)
        log = folder / "log.txt"
        preparing = stack.enter_context(_process([*CLI, "prepare"], env, log, heard=True))
        _follow(preparing, progress, until="tables")
        # What is still drawn now is one transaction: the processes may start beside it.
        process = stack.enter_context(_process(HONCHO, env, log))
        _follow(preparing, progress)
        if preparing.wait():
            raise BadInput("demo.step_failed", step="prepare", log=str(log), words=last_words(log))
        progress("processes")
        stage = Stage(env["PUBLIC_BASE_URL"], env["SWITCH_URL"], env, log, process)
        _wait_until_ready(stage)
        progress("ready")
        yield stage


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise BadInput("demo.port_taken", port=port) from error


def _environment(folder: Path, running: stores.Stores, web_port: int, switch_port: int) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TERM") if name in os.environ}
    return (
        inherited
        | KNOWN_SECRETS
        | {
            "APP_ENV": "demo",
            "TZ": "UTC",
            "DATABASE_URL": running.database_url,
            "OWNER_DATABASE_URL": running.owner_database_url,
            "REDIS_URL": running.redis_url,
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{web_port}",
            "SWITCH_URL": f"http://127.0.0.1:{switch_port}",
            "TWILIO_API_BASE_URL": f"http://127.0.0.1:{switch_port}",
            "HOTLINE_NUMBER": HOTLINE,
            "DUTY_NUMBER": DUTY,
            "WEB_PORT": str(web_port),
            "SWITCH_PORT": str(switch_port),
            "SWITCH_STATE": str(folder / "switch.sqlite"),
            "DOORLINE_CLOCK_FILE": str(folder / "clock.json"),
            "LOG_LEVEL": "INFO",
            "PYTHONUNBUFFERED": "1",
        }
    )


def first_morning(zone: str) -> datetime:
    """Tuesday of this week, 09:00 in ``zone``: the hour at which every demo begins."""
    today = datetime.now(ZoneInfo(zone))  # house: the demo's calendar week is the real one
    tuesday = today - timedelta(days=(today.weekday() - 1) % 7)
    return tuesday.replace(hour=9, minute=0, second=0, microsecond=0)


def _start_clock(env: dict[str, str]) -> None:
    """A fresh folder begins on Tuesday at nine; an old one goes on where it stopped, or at nine the next morning."""
    os.environ["DOORLINE_CLOCK_FILE"] = env["DOORLINE_CLOCK_FILE"]
    if not Path(env["DOORLINE_CLOCK_FILE"]).exists():
        clock.start(first_morning(ZONE))
        return
    local = clock.now().astimezone(ZoneInfo(ZONE))
    if not MORNING <= local.hour < LAST_HOUR:
        days = 1 if local.hour >= LAST_HOUR else 0
        morning = (local + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
        clock.wind(morning - local)


def _follow(preparing: "subprocess.Popen[bytes]", progress: Progress, until: str = "") -> None:
    """Pass on what the preparation says it begins, to its end or to the word ``until``."""
    assert preparing.stdout is not None
    for line in preparing.stdout:
        word = line.decode().strip()
        if word == until:
            return
        if word in TOLD:
            progress(word)


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def _process(
    command: list[str], env: dict[str, str], log: Path, heard: bool = False
) -> Iterator["subprocess.Popen[bytes]"]:
    """``command`` for the length of the block; it ends if this process is killed.

    Its words go to ``log``; with ``heard`` what it says on stdout is for us.
    """
    path = f"{Path(sys.executable).parent}:{env.get('PATH', os.defpath)}"
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            env=env | {"PATH": path},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            stdout=subprocess.PIPE if heard else out,
            stderr=out,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(stage: Stage) -> None:
    end = time.monotonic() + READY_SECONDS
    for url in (f"{stage.web}/ready", f"{stage.switch}/health"):
        while not _answers(url):
            stage.check()
            if time.monotonic() > end:
                raise BadInput("demo.step_failed", step="start", log=str(stage.log), words=last_words(stage.log))
            time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def last_words(log: Path) -> str:
    """The last line of the log that tells of an error, without its time."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines()[-200:]]
    telling = [line for line in lines if re.search(r"\b\w*(Error|Exception)\b|rror:", line)]
    return (telling or lines or [""])[-1][-300:]


def forget(folder: Path) -> None:
    """Remove a demo's folder with all it holds: the next one begins anew."""
    if (folder / "clock.json").exists():
        shutil.rmtree(folder)
