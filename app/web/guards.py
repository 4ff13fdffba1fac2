"""Who may pass: every endpoint names its audience here, and one that names nobody is closed to everybody.

Staff have one of four roles. Least privilege: an agent takes calls and orders, a dispatcher assigns visits, a
supervisor does both and reads the access log, an administrator keeps the accounts and sees no resident's file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])

AGENTS = ("agent", "supervisor")
DISPATCHERS = ("dispatcher", "supervisor")
OPERATORS = ("agent", "dispatcher", "supervisor")
SUPERVISORS = ("supervisor",)
ADMINS = ("admin",)
EVERYBODY = ("agent", "dispatcher", "supervisor", "admin")


@dataclass(frozen=True)
class Guard:
    """Who passes: staff with one of ``roles``; or, without roles, anybody, for the ``reason`` given."""

    roles: frozenset[str] = field(default_factory=frozenset)
    reason: str = ""


def allow(*roles: str) -> Callable[[View], View]:
    """Let signed-in staff with one of ``roles`` use this view."""
    return _mark(Guard(frozenset(roles)))


def public(reason: str) -> Callable[[View], View]:
    """Let anybody use this view; ``reason`` says why that is safe (a signature or a signed link it checks itself)."""
    return _mark(Guard(reason=reason))


def open_blueprint(blueprint: Blueprint, reason: str) -> Blueprint:
    """Make all views of ``blueprint`` public for one ``reason``, such as the carrier's signature; returns it."""
    blueprint.doorline_guard = Guard(reason=reason)  # type: ignore[attr-defined]
    return blueprint


def _mark(guard: Guard) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return decorate


def guard_of(app: Flask, endpoint: str) -> Guard | None:
    """The guard of ``endpoint``: its view's own, else its blueprint's; None where nobody declared one."""
    own = getattr(app.view_functions[endpoint], "guard", None)
    if own is not None or "." not in endpoint:
        return own
    return getattr(app.blueprints[endpoint.rpartition(".")[0]], "doorline_guard", None)


def check() -> Response | None:
    """Before each request: closed unless the endpoint's guard lets this person pass."""
    if request.endpoint is None:
        return None
    guard = guard_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if guard is None:
        abort(403)
    if not guard.roles:
        return None
    if not current_user.is_authenticated:
        return _to_login()
    if current_user.role not in guard.roles:
        abort(403)
    return None


def _to_login() -> Response:
    """The sign-in page, coming back afterwards; a poll or a form that lost its session is told 401 instead."""
    if request.method != "GET" or request.headers.get("HX-Request"):
        abort(401)
    back = request.full_path if request.query_string else request.path
    return redirect(url_for("console.login", next=back))


def may(role: str, roles: tuple[str, ...]) -> bool:
    """Whether ``role`` is one of ``roles`` (templates: which links to show)."""
    return role in roles


def init_app(app: Flask) -> None:
    """Close ``app``; only its static files are open by themselves."""
    if "static" in app.view_functions:
        public("files without secrets")(app.view_functions["static"])
    app.before_request(check)
    groups = {"AGENTS": AGENTS, "DISPATCHERS": DISPATCHERS, "OPERATORS": OPERATORS, "SUPERVISORS": SUPERVISORS}
    app.jinja_env.globals |= groups | {"ADMINS": ADMINS, "may": may}
