"""The web process: one Flask application out of blueprints by audience."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core import db, logs, settings
from app.web import (
    auth,
    carrier,
    console,
    errors,
    field,
    guards,
    health,
    i18n,
    links,
    requestlog,
    security,
    trial,
    words,
)

PAGES = (
    i18n.blueprint,
    console.blueprint,
    field.blueprint,
    trial.blueprint,
)
"""Blueprints of pages; their forms carry a CSRF token."""

WEBHOOKS = (health.blueprint, carrier.blueprint)
"""Blueprints without forms, guarded by a signature or harmless; exempt from CSRF."""

csrf = CSRFProtect()

SESSION = timedelta(hours=12)
LARGEST_FORM = 2 * 1024 * 1024


def create_app(**overrides: Any) -> Flask:
    """The application, configured from the environment. overrides: Flask configuration (tests)."""
    logs.configure()
    db.give_up_soon()
    app = Flask("app.web", static_folder="static", template_folder="templates")
    app.config |= _configuration() | overrides
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.do"]}
    for part in (requestlog, security, links, i18n, words, auth, guards, errors):
        part.init_app(app)
    csrf.init_app(app)
    for blueprint in WEBHOOKS:
        csrf.exempt(blueprint)
    for blueprint in (*PAGES, *WEBHOOKS):
        app.register_blueprint(blueprint)
    _trust_proxies(app)
    return app


def _configuration() -> dict[str, Any]:
    configured = settings.current()
    return {
        "SECRET_KEY": configured.secret_key,
        "SESSION_COOKIE_NAME": "doorline",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": configured.app_env == "production",
        "PERMANENT_SESSION_LIFETIME": SESSION,
        "MAX_CONTENT_LENGTH": LARGEST_FORM,
        "WTF_CSRF_TIME_LIMIT": None,
        "RATELIMIT_ENABLED": True,
        "TESTING": False,
    }


def _trust_proxies(app: Flask) -> None:
    """Believe forwarded addresses only from as many proxies as the operator says there are."""
    count = settings.current().trusted_proxies
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
