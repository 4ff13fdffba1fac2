"""What can go wrong when the stores start, each said in a sentence that names the way out."""

from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from app.core import terminal
from app.core.errors import BadInput

LOG_LINES = 4
"""How many of a server's last words are shown when it refuses to start."""

SIGNS = (
    ("No space left on device", "stores.no_space"),
    ("Disk quota exceeded", "stores.no_space"),
    ("could not create shared memory", "stores.no_shared_memory"),
    ("could not resize shared memory", "stores.no_shared_memory"),
    ("Permission denied", "stores.no_permission"),
    ("Operation not permitted", "stores.no_permission"),
    ("Read-only file system", "stores.read_only"),
    ("could not bind", "stores.socket"),
    ("Address already in use", "stores.socket"),
    ("error while loading shared libraries", "stores.library_missing"),
)
"""What a server or the system says, and what it means."""


@cache
def _sentences() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load(files("app.stores").joinpath("sentences.yaml").read_text("utf-8"))
    return read


class StoresError(BadInput):
    """The stores can't start; as text it is a sentence that a person can act on, in the terminal's language."""

    def said(self, language: str) -> str:
        """The sentence in ``language`` ("zh-CN" or "en")."""
        return _sentences()[self.code][language].format(**self.facts)

    def __str__(self) -> str:
        return self.said(terminal.language())


def last_words(log: Path) -> str:
    """The last lines of a server's log, as one line."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return "(none)"
    return " / ".join(line.strip() for line in lines[-LOG_LINES:] if line.strip()) or "(none)"


def explained(code: str, said: str, **facts: object) -> StoresError:
    """The error for what a server or the system ``said``: a known sign's sentence, or that of ``code``."""
    known = next((meaning for sign, meaning in SIGNS if sign.lower() in said.lower()), code)
    return StoresError(known, said=said, need=300, **facts)
