"""Headers that every page carries, written by hand: what a browser may load from where, and who may frame us."""

import secrets

from flask import Flask, g, request
from werkzeug.wrappers import Response

from app.core import settings

YEAR = 365 * 86400


def csp_nonce() -> str:
    """This response's nonce, for the rare inline script of a page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def policy() -> str:
    """The content security policy; our own switch (demo) may be talked to and framed, and may frame nothing."""
    configured = settings.current()
    switch = f" {configured.switch_url} {_socket(configured.switch_url)}" if configured.switch_url else ""
    framing = "'self'" if configured.may_wind_time else "'none'"
    rules = {
        "default-src": "'none'",
        "script-src": f"'self' 'nonce-{csp_nonce()}'",
        "style-src": f"'self' 'nonce-{csp_nonce()}'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "media-src": "'self'",
        "manifest-src": "'self'",
        "connect-src": f"'self'{switch}",
        "frame-src": f"'self'{switch}",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": framing,
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _socket(url: str) -> str:
    return "ws" + url.removeprefix("http")


def headers(response: Response) -> Response:
    """Add the headers; pages are never kept by caches, static files with a content mark for good."""
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "SAMEORIGIN" if settings.current().may_wind_time else "DENY"
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(self), microphone=(self)"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if settings.current().public_base_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.args.get("v"):
        response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


def init_app(app: Flask) -> None:
    """Attach the headers to every response of ``app``."""
    app.after_request(headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
