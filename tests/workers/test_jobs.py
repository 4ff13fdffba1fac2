"""Jobs are named by string: each name that is rung exists, takes JSON, and its failure is told in codes."""

import ast
import importlib
import inspect
import os
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import text

import workers
from app.core import db
from tests.databases import Database
from workers import failures, run, sweep

ROOT = Path(__file__).resolve().parents[2]
WINGS = ("hotline", "messages", "quality", "visits")
JSON = (int, str, float, bool)


def strings(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def rung() -> set[str]:
    """Every string in the code that names a job: "wing.verb"."""
    found: set[str] = set()
    for path in [*(ROOT / "app").rglob("*.py"), ROOT / "workers" / "sweep.py"]:
        source = path.read_text("utf-8")
        if "later(" in source or path.name == "sweep.py":
            found |= {name for name in strings(ast.parse(source)) if is_a_job(name)}
    return found


def is_a_job(name: str) -> bool:
    wing, _, verb = name.partition(".")
    return wing in WINGS and verb.isidentifier()


def job(name: str) -> Any:
    wing, _, verb = name.partition(".")
    return getattr(importlib.import_module(f"workers.{wing}"), verb, None)


def functions() -> list[tuple[str, Any]]:
    """Every job that there is."""
    found = []
    for wing in WINGS:
        module = importlib.import_module(f"workers.{wing}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_") and name != "status_url":
                found.append((f"{wing}.{name}", function))
    return found


def test_names_are_found_at_all() -> None:
    assert {"hotline.ring_agents", "visits.dispatch", "messages.send", "quality.begin"} <= rung()


@pytest.mark.parametrize("name", sorted(rung()))
def test_every_job_that_is_rung_exists(name: str) -> None:
    assert callable(job(name)), name


def test_every_job_is_rung_by_somebody() -> None:
    assert {name for name, _ in functions()} <= rung()


@pytest.mark.parametrize(("name", "function"), functions(), ids=lambda value: value if isinstance(value, str) else "")
def test_jobs_take_nothing_but_json(name: str, function: Any) -> None:
    for parameter in inspect.signature(function).parameters.values():
        assert parameter.annotation in JSON, (name, parameter)


def test_the_worker_imports_all_of_them_before_the_first_job() -> None:
    run.preload()
    assert set(WINGS) <= {module.name for module in run.pkgutil.iter_modules(workers.__path__)}


def test_a_failure_is_told_without_what_somebody_typed(database: Database) -> None:
    with structlog.testing.capture_logs() as told:
        try:
            with db.unit_of_work() as session:
                session.execute(text("SELECT CAST(:name AS int)"), {"name": "罗莎"})
        except Exception as error:
            failures.tell("job_failed", error, job="visits.dispatch", args=[7])
    [line] = told
    assert (line["event"], line["error"], line["job"], line["args"]) == (
        "job_failed",
        "DataError",
        "visits.dispatch",
        [7],
    )
    assert line["at"].startswith("tests/workers/test_jobs.py:")
    assert "罗莎" not in str(line)


def test_a_forked_worker_makes_its_own_connections(database: Database) -> None:
    db.bind(None)
    with db.unit_of_work() as session:
        mine = session.scalar(text("SELECT pg_backend_pid()"))
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            run._begin()
            with db.unit_of_work() as session:
                os.write(writes, str(session.scalar(text("SELECT pg_backend_pid()"))).encode())
        finally:
            os._exit(0)
    os.close(writes)
    os.waitpid(child, 0)
    theirs = int(os.read(reads, 20))
    os.close(reads)
    assert theirs != mine
    with db.unit_of_work() as session:
        alive = text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid")
        assert session.scalar(alive, {"pid": mine}) == 1


def test_every_look_can_be_made_of_an_empty_database(database: Database) -> None:
    for look in sweep.LOOKS:
        look()
        look()
