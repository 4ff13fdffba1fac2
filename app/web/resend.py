"""A form that came when its session was over: what was typed is handed back, and sent again after signing in.

It rests in the person's own page, signed, and only what one of our own pages sent is handed back, so that no other
site can have a form of its making sent in somebody's name.
"""

from flask import current_app, render_template, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.web.links import local_path

LIFE = 3600
"""Seconds in which a form can be sent again."""

LARGEST = 100_000
"""Characters of a form that may be handed back."""

SECRET = frozenset({"password", "old", "new"})
"""Fields of passwords: a form that has one is never handed back."""

OURS = frozenset({"csrf_token", "again"})

Held = tuple[str, list[list[str]]]
"""The address a form was for, and its fields as (name, value)."""


def hold() -> str:
    """The form of this request as a signed text for a hidden field; nothing if there is none to be handed back."""
    typed = [[name, value] for name, value in request.form.items(multi=True) if name not in OURS]
    if request.method != "POST" or not typed or SECRET & set(request.form) or not _from_our_page():
        return ""
    held = _signer().dumps([request.full_path if request.query_string else request.path, typed])
    return str(held) if len(held) <= LARGEST else ""


def held(text: str | None) -> Held | None:
    """What ``hold`` gave, or None if it is too old or none of ours."""
    try:
        path, typed = _signer().loads(text or "", max_age=LIFE)
    except BadSignature:
        return None
    return (path, typed) if local_path(path) else None


def page(form: Held) -> str:
    """The page with the one button that sends ``form`` again."""
    path, typed = form
    return render_template("errors/again.html", path=path, typed=typed)


def _from_our_page() -> bool:
    """Browsers say where a form comes from; one that doesn't is not believed."""
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="resend")
