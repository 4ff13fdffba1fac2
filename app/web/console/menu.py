"""The console's menu: what each role sees, with its key after "g"."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.web import guards
from app.web.console.blueprint import blueprint
from app.web.links import local_path


@dataclass(frozen=True)
class Link:
    """One entry of the menu."""

    text: str
    url: str
    key: str
    here: bool


MENU = (
    (_l("My seat"), "console.home", "h", guards.OPERATORS),
    (_l("New order"), "console.new_order", "n", guards.AGENTS),
    (_l("Orders"), "console.orders", "o", guards.OPERATORS),
    (_l("Dispatch"), "console.dispatch", "d", guards.DISPATCHERS),
    (_l("Residents"), "console.residents", "r", guards.OPERATORS),
    (_l("Workers"), "console.workers", "w", guards.OPERATORS),
    (_l("Access log"), "console.access_log", "l", guards.SUPERVISORS),
    (_l("Accounts"), "console.accounts", "a", guards.ADMINS),
    (_l("Working days"), "console.working_days", "y", guards.ADMINS),
)


def menu() -> list[Link]:
    """The links that this account may follow."""
    links = []
    for text, endpoint, key, roles in MENU:
        if current_user.is_authenticated and current_user.role in roles:
            url = url_for(endpoint)
            links.append(Link(str(text), url, key, request.endpoint == endpoint))
    return links


def back() -> str:
    """The page of ours that the person came from, or the start page."""
    came_from = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    return local_path(came_from) or url_for("console.home")


blueprint.add_app_template_global(menu)
blueprint.add_app_template_global(back)
