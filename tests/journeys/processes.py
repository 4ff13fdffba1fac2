"""The processes of the Procfile as a test runs them: real ones, on free ports of the loopback, ended with the test."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
STOP_SECONDS = 10
PR_SET_PDEATHSIG = 1

CONFIG = ("--config", "python:app.web.serving")
GUNICORN = ("gunicorn", *CONFIG, "--no-control-socket", "--preload", "--graceful-timeout", "2")
WEB = (*GUNICORN, "--workers", "1", "--threads", "16", "app.web.factory:create_app()")


def free_ports(count: int) -> list[int]:
    """So many ports of the loopback that nobody has; all are held until the last is known, so that none comes twice."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Processes:
    """Processes by name, their words in files of ``folder``. env: what all of them are given."""

    folder: Path
    env: Mapping[str, str]
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, module: str, *args: str) -> None:
        """Start ``python -m module args`` as ``name``."""
        with self.log(name).open("ab") as out:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", module, *args],
                env=dict(self.env),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    def start_web(self, port: int, web: tuple[str, ...] = WEB) -> None:
        """Start gunicorn as the Procfile does. web: module and arguments."""
        self.start("web", *web, "--bind", f"127.0.0.1:{port}")

    def log(self, name: str) -> Path:
        """Where ``name`` writes."""
        return self.folder / f"{name}.log"

    def await_page(self, name: str, url: str) -> None:
        """Wait until ``url`` answers 200. Raises AssertionError with the process' last words."""
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                if httpx.get(url, timeout=2).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            died = self.running[name].poll() is not None
            assert not died and time.monotonic() < end, f"{name} does not answer:\n{self.last_words(name)}"
            time.sleep(0.05)

    def last_words(self, name: str, characters: int = 3000) -> str:
        """The end of what ``name`` wrote."""
        return self.log(name).read_text(errors="replace")[-characters:]

    def stop(self, name: str) -> None:
        """End one process in order, with all its children if it is stubborn."""
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        """End everything, the last started first."""
        for process in self.running.values():
            process.terminate()
        for name in list(reversed(self.running)):
            self.stop(name)
