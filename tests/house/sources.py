"""The files that the rules of the house are about: all in git, or, in a copy without git, all that is ours."""

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = (".git/", ".venv/", ".doorline/", "build/", "dist/", "app/web/static/vendor/")
PRODUCT = ("app/", "ivr_flows/", "workers/")


@cache
def files() -> tuple[str, ...]:
    """Paths from the root, with slashes, sorted."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    found = listed.stdout.splitlines() if listed.returncode == 0 else _walked()
    return tuple(sorted(name for name in found if not name.startswith(NOT_OURS) and (ROOT / name).is_file()))


def _walked() -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if "__pycache__" not in path.parts]


def python(*folders: str) -> list[str]:
    """Python files below ``folders`` (all without)."""
    return [name for name in files() if name.endswith(".py") and name.startswith(folders or ("",))]


@cache
def text(name: str) -> str:
    """A file's text; what is no text is empty."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree(name: str) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(text(name), name)
