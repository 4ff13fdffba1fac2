"""The terminal phone and handset, run as commands with lines from a pipe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.switch.commands import switch
from app.switch.terminal import rendered
from tests.switch.conftest import AMIR, HOTLINE, ROSA, World

ROOT = Path(__file__).resolve().parents[2]
MENU = """<Response><Gather numDigits="1" timeout="60" action="/step">
<Say language="cmn-CN">您好</Say></Gather></Response>"""
RECORD = '<Response><Record action="/done" finishOnKey="#"/></Response>'


def run(world: World, *args: str, typed: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", "switch", *args, "--switch", world.base]
    return subprocess.run(command, input=typed, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=30)


def test_keys_and_words_from_a_pipe_wait_until_something_listens(world):
    world.voice(MENU)
    world.customer.answers.update({"/step": RECORD, "/done": "<Response><Say>Goodbye</Say></Response>"})
    done = run(world, "dial", HOTLINE, "--from", ROSA, "--lang", "en", typed="1\nmy tap leaks\nhang\n")
    assert done.returncode == 0, done.stderr
    said = [line.split("  ", 1)[1] for line in done.stdout.splitlines()]
    assert f"09:00:00  Ringing {HOTLINE}" in done.stdout, "the district's time, wherever the terminal stands"
    assert said[:5] == [f"Ringing {HOTLINE}", "Connected", "Keys are awaited", "Voice: 您好", "Pressed 1"]
    assert "You: my tap leaks" in said
    assert world.customer.got("/step")[0].params["Digits"] == "1"


def test_a_number_that_is_none_is_said(world):
    done = run(world, "dial", "+8613800000000", "--from", ROSA, "--lang", "en", typed="")
    assert done.returncode == 1 and "There is no such number." in done.stderr


def test_a_switch_that_is_not_there_is_said():
    args = ["dial", HOTLINE, "--from", ROSA, "--switch", "http://127.0.0.1:9", "--lang", "en"]
    done = CliRunner().invoke(switch, args)
    assert done.exit_code == 1 and "http://127.0.0.1:9" in done.output


def test_a_handset_shows_what_came_and_answers_it(world):
    world.sdk().messages.create(to=AMIR, from_=HOTLINE, body="接单回1 27")
    world.line(AMIR).wait("text")
    done = run(world, "handset", AMIR, typed="1 27\nquit\n")
    assert "接单回1 27" in done.stdout
    assert world.customer.wait("/carrier/sms")[0].params["Body"] == "1 27"


@pytest.mark.parametrize("command", [["serve"], ["dial"], ["handset"]])
def test_every_command_has_help(command):
    done = CliRunner().invoke(switch, [*command, "--help"])
    assert done.exit_code == 0 and "Usage" in done.output


@pytest.mark.parametrize(
    ("event", "line"),
    [
        ({"type": "heard", "verb": "play", "text": ""}, "Voice: (a recording plays)"),
        ({"type": "heard", "verb": "speech", "text": "hello", "from": AMIR}, f"{AMIR}: hello"),
        ({"type": "said", "text": "hello", "taken": False}, "You: hello(nobody was listening)"),
        ({"type": "ended", "reason": "hung-up", "seconds": 7}, "Hung up, 7 s"),
        ({"type": "collecting", "kinds": ["dtmf", "speech"]}, "Words or keys are awaited"),
        ({"type": "muted"}, ""),
    ],
)
def test_events_as_lines(event, line):
    assert rendered(event, "en") == line
