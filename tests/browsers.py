"""Which browser the browser tests drive; ``python -m tests.browsers`` fails without one that can show Chinese."""

import os
import shutil
import subprocess
import sys

from playwright._impl._driver import compute_driver_executable

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
PATIENCE = 60_000
"""Milliseconds that a test waits for anything of a page: long, since other tests may keep the machine busy."""

HOW = "as root: apt-get install chromium fonts-noto-cjk libatomic1, or set CHROMIUM to a browser's path"


def find() -> str | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


def missing() -> str | None:
    """What is missing for browser tests, as a sentence; None if nothing is."""
    if find() is None:
        return f"there is no Chromium ({HOW})"
    if not _shows_chinese():
        return f"there is no Chinese font ({HOW})"
    if not _driver_runs():
        return f"Playwright's driver misses a library of the system ({HOW})"
    return None


def _shows_chinese() -> bool:
    if not shutil.which("fc-list"):
        return True
    return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _driver_runs() -> bool:
    node = compute_driver_executable()[0]
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(missing())
