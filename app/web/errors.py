"""What a person is told when something can't be done: a page or a line, in both languages, never a stack trace."""

import structlog
from flask import Flask, current_app, g, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.core.errors import BadInput, DoorlineError, NotFound
from app.core.moves import NotAllowed
from app.web import i18n, resend
from app.web.console.sign_in import sign_in_again
from app.web.sentences import sentence

log = structlog.get_logger(__name__)

Answer = tuple[str, int]


def status_of(error: DoorlineError) -> int:
    """400 for what can't be understood, 404 for what is not there, 409 for what can't be done now."""
    if isinstance(error, BadInput):
        return 400
    return 404 if isinstance(error, NotFound) else 409


def page(status: int, message: str = "") -> Answer:
    """An error page; a live part of a page gets one line instead; a form without a session is kept for later."""
    g.error_status = status
    if request.headers.get("HX-Request"):
        return render_template("errors/line.html", message=message or title(status)), status
    if status == 401 and (typed := resend.hold()):
        return sign_in_again(typed), status
    return render_template("errors/error.html", status=status, title=title(status), message=message), status


def title(status: int) -> str:
    """What happened, in a few words."""
    return {
        400: gettext("That could not be understood"),
        401: gettext("Please sign in again"),
        403: gettext("This page is not for your account"),
        404: gettext("There is no such page"),
        405: gettext("This address can't be used that way"),
        409: gettext("That can't be done now"),
        413: gettext("That is too large"),
        429: gettext("Too many attempts; please wait a minute"),
        503: gettext("The service is starting or its database is away; please try again in a moment"),
    }.get(status, gettext("Something went wrong on our side"))


def _expected(error: DoorlineError) -> Answer:
    return page(status_of(error), sentence(error))


def _http(error: HTTPException) -> Answer | HTTPException:
    return error if error.code is None or error.code < 400 else page(error.code)


def _forged(error: CSRFError) -> Answer:
    """A form of another session, such as one from before signing in anew elsewhere: it can be sent again."""
    typed = None if request.headers.get("HX-Request") else resend.held(resend.hold())
    if typed:
        return resend.page(typed), 400
    return page(
        400, gettext("This form has expired. Go back, reload the page and send it again.")
    )


def _without_database(error: OperationalError) -> Answer:
    """The page must not ask the database who is signed in."""
    log.error("database_away", error=type(error).__name__)
    return _bare(503)


def _unexpected(error: Exception) -> Answer:
    log.exception("request_failed", rule=request.url_rule.rule if request.url_rule else "unknown")
    return _bare(500)


def _bare(status: int) -> Answer:
    """Rendered without asking who is signed in, since that asks the database."""
    i18n.use(request.cookies.get(i18n.COOKIE, ""))
    page = "errors/line.html" if request.headers.get("HX-Request") else "errors/bare.html"
    return current_app.jinja_env.get_template(page).render(
        status=status, title=title(status), message=title(status)
    ), status


def init_app(app: Flask) -> None:
    """Attach the handlers to ``app``."""
    app.register_error_handler(DoorlineError, _expected)
    app.register_error_handler(NotAllowed, _expected)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(OperationalError, _without_database)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
