"""Every TwiML rule that the switch follows: a case in cases/*.yaml, which cites the carrier's page.

A case: ``source`` is the page; ``voice`` what VoiceUrl answers (or a list, one after the other); ``answers`` what other
paths answer; ``do`` what happens, step by step; ``expect`` what is seen at the end:
    heard: all that the caller heard, by text or verb     asked: by path, the parameters (a subset) of each request
    ended: the reason told to the caller's line           errors: codes in the carrier's debugger, in order
    events: types that the caller's line saw, in this order, others between; never: types that it did not see
Steps: press, speak, wind (seconds), hang, wait (an event's type), and ``{line: …, do: …}`` for other lines,
``{line: …, wait: …}``, ``{line: …, behave: {…}}``, ``{redirect: twiml}`` for the caller's call by REST.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.switch.conftest import HOTLINE, ROSA, World

HERE = Path(__file__).parent
FILES = sorted((HERE / "cases").glob("*.yaml"))
CASES = [(path.stem, case) for path in FILES for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[f"{stem}: {case['name']}" for stem, case in CASES])
def test_rule(world, case):
    world.customer.answers.update(case.get("answers", {}))
    for line, behaviour in case.get("lines", {}).items():
        world.line(line).behave(**behaviour)
    documents = case["voice"] if isinstance(case["voice"], list) else [case["voice"]]
    world.voice(*documents)
    world.call()
    for step in case.get("do", []):
        carry_out(world, step)
    world.settle()
    check(world, case["expect"])


def test_every_case_cites_the_carriers_page():
    assert all(case["source"].startswith("https://www.twilio.com/docs/") for _, case in CASES)


def carry_out(world: World, step: dict[str, Any] | str) -> None:
    line = world.line(step.get("line", ROSA) if isinstance(step, dict) else ROSA)
    match step:
        case {"press": digits}:
            assert line.do("press", digits=str(digits))["taken"] == step.get("taken", True)
        case {"speak": text}:
            assert line.do("speak", text=text)["taken"] == step.get("taken", True)
        case {"wind": seconds}:
            world.wind(seconds)
        case {"wait": type_}:
            line.wait(type_)
        case {"do": what}:
            line.do(what)
        case {"redirect": twiml}:
            sid = world.customer.got("/carrier/voice")[0].params["CallSid"]
            world.sdk().calls(sid).update(twiml=twiml)
        case "hang":
            line.do("hangup")
        case _:
            raise AssertionError(step)


def check(world: World, expect: dict[str, Any]) -> None:
    rosa = world.line(ROSA)
    if "heard" in expect:
        assert rosa.heard() == expect["heard"]
    if "events" in expect:
        seen = iter([event["type"] for event in rosa.events()])
        assert all(wanted in seen for wanted in expect["events"]), [e["type"] for e in rosa.events()]
    assert not {event["type"] for event in rosa.events()} & set(expect.get("never", []))
    for path, wanted in expect.get("asked", {}).items():
        got = [request.params for request in world.customer.got(path)]
        assert len(got) == len(wanted), got
        for params, subset in zip(got, wanted, strict=True):
            assert params | {key: str(value) for key, value in subset.items()} == params
    if "ended" in expect:
        ended = rosa.events("ended")
        assert (ended[-1]["reason"] if ended else None) == expect["ended"]
    assert world.errors() == expect.get("errors", [])
    assert all(request.signed for request in world.customer.requests)
    assert all(HOTLINE in request.params.values() for request in world.customer.got("/carrier/voice"))
