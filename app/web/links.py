"""Links and addresses inside the site."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, current_app, url_for


def local_path(target: str | None) -> str | None:
    """``target`` if it is a path of this site, else None: nobody is sent elsewhere by a link of ours."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc and "\\" not in target else None


@cache
def _mark(path: Path, modified: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file with a mark of its content, so that browsers may keep it for good."""
    path = Path(current_app.static_folder or "") / name
    if not path.is_file():
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_mark(path, path.stat().st_mtime_ns))


def init_app(app: Flask) -> None:
    """Make ``asset`` known to templates."""
    app.jinja_env.globals["asset"] = asset
