"""The story's words: both languages complete, signs of life while somebody waits."""

import io
import re
import time
from string import Formatter

import pytest
from rich.console import Console

from app.demo import telling
from app.demo.telling import Teller, texts


@pytest.mark.parametrize("code", texts())
def test_each_sentence_has_the_same_facts_in_both_languages(code: str) -> None:
    forms = texts()[code]
    assert set(forms) == {"zh-CN", "en"}
    fields = [{name for _, name, _, _ in Formatter().parse(form) if name} for form in forms.values()]
    assert fields[0] == fields[1]


def test_a_long_wait_shows_that_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "TICK", 0.01)
    out = io.StringIO()
    with Teller("en", Console(file=out)).waiting("wait.offer"):
        while "…" not in out.getvalue():
            time.sleep(0.005)
    assert re.search(r"… waiting for the text to the worker \([\d.]+ s\)", out.getvalue())


def test_nothing_is_written_once_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "TICK", 0.01)
    out = io.StringIO()
    with Teller("en", Console(file=out)).waiting("wait.offer"):
        pass
    written = out.getvalue()
    time.sleep(0.05)
    assert out.getvalue() == written


def test_a_number_is_told_as_its_owners_name() -> None:
    teller = Teller("en")
    teller.names["+8613800130021"] = "Amir"
    assert [teller.name("+8613800130021"), teller.name("+8613800130099")] == ["Amir", "+8613800130099"]
