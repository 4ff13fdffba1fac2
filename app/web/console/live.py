"""Parts of pages that refresh by themselves without disturbing who reads or types."""

import hashlib

from flask import request
from flask_wtf.csrf import generate_csrf

Part = str | tuple[str, int]

PLACE = "SEEN"
"""Stands in a part's own address for the mark of its content."""


def unless_seen(html: str) -> Part:
    """The part of a page, or 204 if the browser shows just this already: nothing moves under the reader's hands."""
    bare = html.replace(generate_csrf(), "")
    mark = hashlib.sha256(bare.encode()).hexdigest()[:16]
    if request.args.get("seen") == mark:
        return "", 204
    return html.replace(f"seen={PLACE}", f"seen={mark}")
