"""Every check there is, part by part, with a summary that says what passed, what failed, and what was skipped and why.

``python -m tests.run`` (bin/test calls it): all parts; ``fast``: those that need no servers and no browser; anything
else is handed to pytest as it is.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
WORK = ROOT / ".doorline" / "test"
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

NOTHING_COLLECTED = 5
"""pytest's exit status when no test matches."""

BANDIT = ("-q", "-c", "pyproject.toml", "-r", "app", "ivr_flows", "workers")
PURE = "not services and not journey and not browser and not kill"
SERVED = "services and not journey and not browser and not kill"
SIDE_BY_SIDE = ("-n", str(min(os.cpu_count() or 1, 4)), "--dist", "worksteal")
"""Tests of one file, which share a town or a server, stay with one process until another has nothing left to do."""


@dataclass(frozen=True)
class Part:
    """One line of the summary. command: what is run; what: a newcomer's words for it; is_fast: needs no servers."""

    name: str
    what: str
    command: tuple[str, ...]
    is_fast: bool = True
    is_pytest: bool = False


@dataclass
class Result:
    """What came of a part. skipped: reason -> how many tests."""

    part: Part
    passed: bool
    seconds: float
    tests: int = 0
    failed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)


def _pytest(name: str, what: str, marks: str, *more: str, is_fast: bool = False) -> Part:
    xml = f"--junit-xml={WORK / name}.xml"
    return Part(name, what, (_program("pytest"), "-q", "-m", marks, xml, *more), is_fast=is_fast, is_pytest=True)


def _program(name: str) -> str:
    return str(BIN / name)


PARTS = (
    Part("style", "ruff: one way of writing", (_program("ruff"), "check", ".")),
    Part("types", "mypy: what is handed over fits", (_program("mypy"),)),
    Part("layers", "import-linter: the street on a hill", (_program("lint-imports"), "--no-cache")),
    Part("hazards", "bandit: known dangerous calls", (_program("bandit"), *BANDIT)),
    Part("flows", "every path of every call ends well", (_program("doorline"), "flows", "check")),
    _pytest("pure", "rules, flows, house: no servers", PURE, *SIDE_BY_SIDE, is_fast=True),
    _pytest("services", "on real PostgreSQL and Valkey", SERVED, *SIDE_BY_SIDE),
    _pytest("journeys", "whole stories over real processes", "journey and not browser and not kill", *SIDE_BY_SIDE),
    _pytest("kills", "processes killed at named moments", "kill and not browser", *SIDE_BY_SIDE),
    _pytest("browser", "pages in a real browser", "browser"),
)


def run_all(parts: Sequence[Part]) -> list[Result]:
    """The quiet parts side by side, since each keeps one core busy; then the loud ones, which share out the cores."""
    quiet = [part for part in parts if not part.is_pytest]
    with ThreadPoolExecutor(max(1, len(quiet))) as pool:
        results = list(pool.map(run, quiet))
    return results + [run(part) for part in parts if part.is_pytest]


def run(part: Part) -> Result:
    """Run one part, its words on the terminal (a quiet one's only if it fails)."""
    began = time.monotonic()
    status = _loud(part) if part.is_pytest else _quiet(part)
    result = Result(part, status == 0, time.monotonic() - began)
    if part.is_pytest:
        result.passed = status in {0, NOTHING_COLLECTED}
        _count(result, WORK / f"{part.name}.xml")
    return result


def _title(part: Part) -> str:
    return f"\n── {part.name}: {part.what}"


def _loud(part: Part) -> int:
    print(_title(part), flush=True)
    return subprocess.run(part.command, cwd=ROOT, check=False).returncode


def _quiet(part: Part) -> int:
    log = WORK / f"{part.name}.txt"
    with log.open("wb") as out, subprocess.Popen(part.command, cwd=ROOT, stdout=out, stderr=out) as process:
        _show_seconds(part.name, process)
    said = log.read_text(errors="replace").strip()
    told = said if process.returncode else (said.splitlines() or ["ok"])[-1]
    print(f"{_title(part)}\n{told}\n", end="", flush=True)
    return process.returncode


def _show_seconds(name: str, process: "subprocess.Popen[bytes]") -> None:
    """On a terminal a moving line, elsewhere a line now and then."""
    began = time.monotonic()
    start, end, period = ("\r", "", 1) if sys.stderr.isatty() else ("", "\n", 15)
    while True:
        try:
            process.wait(period)
            break
        except subprocess.TimeoutExpired:
            print(f"{start}   … {name} {time.monotonic() - began:.0f} s ", end=end, file=sys.stderr, flush=True)
    print(start, end="", file=sys.stderr)


def _count(result: Result, xml: Path) -> None:
    if not xml.exists():
        return
    for case in ElementTree.parse(xml).iter("testcase"):
        result.tests += 1
        if case.find("failure") is not None or case.find("error") is not None:
            result.failed += 1
        elif (skip := case.find("skipped")) is not None:
            reason = skip.get("message", "no reason given")
            result.skipped[reason] = result.skipped.get(reason, 0) + 1


def summary(results: Sequence[Result]) -> str:
    """A table, a line for each reason to skip, and one closing line of totals."""
    lines = ["", f"{'part':<10} {'what':<38} {'result':<8} {'tests':>6} {'skipped':>8} {'seconds':>8}"]
    for one in results:
        tests, skipped = (one.tests, sum(one.skipped.values())) if one.part.is_pytest else ("", "")
        row = f"{one.part.name:<10} {one.part.what:<38} {'ok' if one.passed else 'FAILED':<8}"
        lines.append(f"{row} {tests:>6} {skipped:>8} {one.seconds:>8.1f}")
    lines.append("")
    for one in results:
        lines += [f"skipped in {one.part.name}: {count} × {reason}" for reason, count in one.skipped.items()]
    return "\n".join([*lines, *_verdict(results)])


def _verdict(results: Sequence[Result]) -> list[str]:
    failed, skipped = sum(one.failed for one in results), sum(sum(one.skipped.values()) for one in results)
    passed = sum(one.tests for one in results) - failed - skipped
    bad = [one.part.name for one in results if not one.passed]
    lines = [f"Not in order: {', '.join(bad)}." if bad else "Everything is in order."]
    if skipped and IN_CI:
        lines.append("In CI nothing may be skipped: this run counts as failed.")
    return [*lines, f"{passed} passed, {failed} failed, {skipped} skipped"]


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; the exit status is 0 only if all of it passed."""
    WORK.mkdir(parents=True, exist_ok=True)
    if arguments and arguments[0] not in {"fast", "all"}:
        return subprocess.run([_program("pytest"), *arguments], cwd=ROOT, check=False).returncode
    for old in WORK.glob("*.xml"):
        old.unlink()
    chosen = [part for part in PARTS if part.is_fast or "fast" not in arguments]
    results = run_all(chosen)
    print(summary(results), flush=True)
    has_skipped = any(one.skipped for one in results)
    return int(not all(one.passed for one in results) or (IN_CI and has_skipped))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
