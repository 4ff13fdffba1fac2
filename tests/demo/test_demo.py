"""The demo as a newcomer runs it: a story to the end, a story that fails, one that is killed; nothing left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.journeys.processes import ROOT, free_ports

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]

PATIENCE = 120


class Demo:
    """A demo on ports of its own. folder: where its data are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.web_port, self.switch_port = free_ports(2)

    def start(self, *options: str) -> "subprocess.Popen[str]":
        ports = ["--web-port", str(self.web_port), "--switch-port", str(self.switch_port)]
        command = [sys.executable, "-m", "app.cli", "demo", "--folder", str(self.folder), *ports, *options]
        clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        return subprocess.Popen(command, cwd=ROOT, env=clean, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *options: str) -> "subprocess.CompletedProcess[str]":
        with self.start(*options) as process:
            out, err = process.communicate(timeout=PATIENCE)
        return subprocess.CompletedProcess([], process.returncode, out, err)

    def await_switch(self) -> None:
        """Until the phones are there, which is before the story begins."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                httpx.get(f"http://127.0.0.1:{self.switch_port}/health")
                return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError("the switch never came")

    def left_behind(self) -> list[str]:
        """Processes that still have to do with this demo: they were given its folder."""
        found = []
        for path in Path("/proc").glob("[0-9]*"):
            try:
                given = (path / "environ").read_bytes() + (path / "cmdline").read_bytes()
                if str(self.folder).encode() in given and int(path.name) != os.getpid():
                    found.append((path / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """One folder for all of them: each begins where the one before stopped."""
    return Demo(tmp_path_factory.mktemp("demo"))


def _facts(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_the_whole_story_is_told_in_english(demo: Demo) -> None:
    done = demo.run("--once", "--json", "--lang", "en")
    facts = _facts(done)
    assert sorted(facts) == ["call", "follow_up", "messages", "order", "visit"]
    assert (facts["order"]["state"], facts["visit"]["state"], facts["follow_up"]["state"]) == (
        "closed",
        "done",
        "answered",
    )
    assert {row["state"] for row in facts["messages"]} == {"delivered"}
    for told in ("Amir gets a text", "60 social workers were compared", "Tom among them", "Amir comes", "today at"):
        assert told in done.stderr
    assert "+86138" not in done.stderr
    assert demo.left_behind() == []


def test_a_failed_step_ends_with_its_reason(demo: Demo) -> None:
    with demo.start("--once", "--lang", "en", "--patience", "8") as process:
        demo.await_switch()
        fault = {"what": "unreachable", "number": "+862155500001", "times": -1}
        armed = httpx.post(f"http://127.0.0.1:{demo.switch_port}/faults", json=fault)
        assert armed.status_code == 201, armed.text
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "Error: The story got stuck: Rosa waited for “ringing”" in err and "log.txt" in err
    assert demo.left_behind() == []


def test_a_killed_demo_leaves_nothing_behind_and_loses_nothing(demo: Demo) -> None:
    with demo.start("--lang", "zh-CN") as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "罗莎记下密码" in line:
                break
        process.send_signal(signal.SIGKILL)
    end = time.monotonic() + 20
    while demo.left_behind() and time.monotonic() < end:
        time.sleep(0.1)
    assert demo.left_behind() == []
    facts = _facts(demo.run("--once", "--json", "--lang", "zh-CN"))
    assert facts["order"]["id"] >= 2


def test_ctrl_c_during_the_story_stops_all(demo: Demo) -> None:
    with demo.start("--once") as process:
        demo.await_switch()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130 and "Stopped." in err
    assert demo.left_behind() == []


def test_a_taken_port_is_said_with_the_way_out(demo: Demo) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", demo.web_port))
        taken.listen()
        done = demo.run("--once")
    assert done.returncode == 1
    assert f"Port {demo.web_port} is taken" in done.stderr and "--web-port" in done.stderr


def test_a_folder_that_cannot_be_written_is_said_with_the_way_out(demo: Demo) -> None:
    elsewhere = Demo(Path("/proc/nowhere"))
    done = elsewhere.run("--once")
    assert done.returncode == 1 and "Choose another with --folder" in done.stderr
