"""One line a request: method, rule, status and time taken; no addresses, queries or names, which may be personal."""

import time

import structlog
from flask import Flask, g, request
from werkzeug.wrappers import Response

log = structlog.get_logger(__name__)

QUIET = frozenset({"static", "health.live", "health.ready"})


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if request.endpoint not in QUIET:
        rule = request.url_rule.rule if request.url_rule else "unknown"
        taken = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000)
        log.info("request", method=request.method, rule=rule, status=response.status_code, ms=taken)
    return response


def init_app(app: Flask) -> None:
    """Log the requests of ``app``."""
    app.before_request(_begin)
    app.after_request(_end)
