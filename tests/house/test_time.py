"""Time comes only from core.clock, so that winding it winds everything: no other clock in Python, none in SQL."""

import ast

import pytest

from tests.house import rules, sources

EXCEPTIONS = {
    "app/core/clock.py": "the one source: it reads the real clock",
    "app/demo/stage.py": "the demo's first week is the real one",
    "app/switch/events.py": "event ids must grow over restarts; they are never shown as a time",
}
"""Who may ask the real clock, and why. Real waiting (time.monotonic, time.sleep, timeouts) needs no exception."""


def test_time_comes_from_the_one_clock() -> None:
    asked = sources.python(*sources.PRODUCT, "migrations/", "benchmarks/")
    found = {name: list(rules.real_time(sources.tree(name))) for name in asked}
    assert {name: lines for name, lines in found.items() if lines and name not in EXCEPTIONS} == {}


def test_no_exception_is_kept_longer_than_needed() -> None:
    assert [name for name in EXCEPTIONS if not list(rules.real_time(sources.tree(name)))] == []


def test_no_other_file_asks_the_database_for_the_time() -> None:
    asked = [name for name in sources.files() if name.endswith((".html", ".yaml", ".sql", ".mako"))]
    assert [name for name in asked if "CURRENT_TIMESTAMP" in sources.text(name).upper()] == []


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "datetime.datetime.utcnow()",
        "date.today()",
        "time.time()",
        "default_factory = time.time",
        "from time import time",
        "column.server_default(func.now())",
        "text('SELECT now()')",
        "text('current_timestamp')",
    ],
)
def test_other_clocks_are_seen(line: str) -> None:
    assert list(rules.real_time(ast.parse(line)))


@pytest.mark.parametrize("line", ["clock.now()", "time.monotonic()", "'''now() is banned'''", "time.sleep(1)"])
def test_the_one_clock_and_real_waiting_are_allowed(line: str) -> None:
    assert not list(rules.real_time(ast.parse(line)))
