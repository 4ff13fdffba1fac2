"""What may not stand in any file: marks of unfinished work, addresses of one machine, hosts in locks, foreign pages."""

import hashlib
import re

import pytest

from tests.house import sources
from tests.house.sources import ROOT

VENDOR = ROOT / "app" / "web" / "static" / "vendor"
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b")
MACHINE = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|opt/pypi\w*|workspace)/")
LOADS = re.compile(
    r"""<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=["'](?:https?:)?//"""
    r"""|@import|url\(["']?(?:https?:)?//"""
)
LOCKS = ("requirements.lock", "requirements-dev.lock")
SELF = "tests/house/test_files.py"
TEXTS = [name for name in sources.files() if name not in (SELF, *LOCKS)]


def test_nothing_is_left_for_later() -> None:
    assert [name for name in TEXTS if UNFINISHED.search(sources.text(name))] == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    assert [name for name in TEXTS if MACHINE.search(sources.text(name))] == []


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_names_versions_and_hashes_but_no_hosts(name: str) -> None:
    text = sources.text(name)
    assert "://" not in text
    assert "--index-url" not in text.replace("--no-emit-index-url", "")
    packages = re.findall(r"(?m)^[\w.-]+(?:\[[\w,]+\])?==\S+.* \\\n {4}--hash=sha256:[0-9a-f]{64}", text)
    assert len(packages) == len(re.findall(r"(?m)^[a-zA-Z]", text)) > 20


def test_the_lock_of_tests_has_all_that_the_demo_needs() -> None:
    demo, tests = (set(re.findall(r"(?m)^\S+==[^\s;]+", sources.text(name))) for name in LOCKS)
    assert demo <= tests


def test_pages_load_nothing_from_elsewhere() -> None:
    pages = [name for name in sources.files() if name.endswith((".html", ".css", ".js"))]
    assert [name for name in pages if LOADS.search(sources.text(name))] == []


def test_vendored_parts_are_what_they_were() -> None:
    lines = (VENDOR / "checksums.txt").read_text().splitlines()
    listed = {path.removeprefix("./"): digest for digest, path in (line.split("  ") for line in lines)}
    found = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.parent != VENDOR
    }
    assert found == listed


def test_every_vendored_part_has_its_licence() -> None:
    parts = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert parts and [part.name for part in parts if not (part / "LICENSE.txt").exists()] == []


@pytest.mark.parametrize(
    "pattern, line",
    [(UNFINISHED, "# TODO later"), (MACHINE, "see /root/notes"), (LOADS, '<script src="https://cdn.example/x.js">')],
)
def test_each_of_these_is_seen(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)
