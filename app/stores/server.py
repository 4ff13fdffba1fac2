"""One server process: started beside its log, asked until it answers, stopped in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from app.stores.errors import StoresError, explained, last_words
from app.stores.launch import Way

READY_SECONDS = 60
STOP_SECONDS = 20
DOZE = 0.02


@dataclass
class Server:
    """A server to be started and stopped, as often as one likes (tests restart it).

    argv: its command line. answers: says whether it answers by now. stop_signal: ends it in order, also when the
    process (more exactly: the thread) that started it dies.
    """

    name: str
    argv: list[str]
    way: Way
    log: Path
    answers: Callable[[], bool]
    stop_signal: signal.Signals
    environ: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def pid(self) -> int:
        """The process' id; the wrappers before it have replaced themselves by it."""
        if self.process is None:
            raise RuntimeError(f"{self.name} is not running")
        return self.process.pid

    def start(self) -> None:
        """Start and wait until it answers. Raises StoresError."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.way.command(self.argv, self.stop_signal),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=self.environ,
                start_new_session=True,  # Ctrl-C is for us; the servers stop last, when told
            )
        try:
            self._await(self.process)
        except BaseException:
            self.stop()
            raise

    def _await(self, process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + READY_SECONDS
        while not self.answers():
            if process.poll() is not None:
                raise self._error("stores.died")
            if time.monotonic() > end:
                raise self._error("stores.slow")
            time.sleep(DOZE)

    def _error(self, code: str) -> StoresError:
        facts = {"program": self.name, "folder": self.log.parent, "log": self.log, "seconds": READY_SECONDS}
        return explained(code, last_words(self.log), **facts)

    def stop(self) -> None:
        """End it in order; harmless if it is dead already. Clients that are still connected are cut off."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """End it as a power cut would (tests)."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def clean_environ() -> dict[str, str]:
    """The environment for the servers: ours without what would redirect them (PGDATA, PGPORT …)."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C.UTF-8", "TZ": "UTC"}
