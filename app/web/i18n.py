"""Languages of the pages: Chinese first, English second; and how moments and numbers are written in them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import phonenumbers
from babel import Locale
from babel.dates import format_date, format_skeleton
from flask import Blueprint, Flask, current_app, g, redirect, request
from flask_babel import Babel, get_locale, gettext, ngettext, pgettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.core import clock, db, phones, settings
from app.people.models import Staff
from app.web import guards
from app.web.links import local_path

LOCALES = {"zh-CN": "zh_Hans_CN", "en": "en"}
"""Our language codes and Babel's names for them."""

COOKIE = "language"
COOKIE_SECONDS = 365 * 86400

blueprint = Blueprint("i18n", __name__)
babel = Babel()


def code() -> str:
    """This request's language, "zh-CN" or "en": the page's own, the account's, the cookie's, or the district's."""
    if "language" in g:
        return str(g.language)
    wished = current_user.language if current_user and current_user.is_authenticated else request.cookies.get(COOKIE)
    return wished if wished in LOCALES else settings.current().default_language


def use(language: str) -> None:
    """Speak ``language`` in this request, whoever asks (a worker's link; an error page without database)."""
    g.language = language if language in LOCALES else settings.current().default_language


def _locale() -> str:
    return LOCALES[code()]


@blueprint.post("/language")
@guards.public("changes nothing but the language of one's own pages")
def choose() -> Response:
    """Switch the language and come back to the page."""
    wished = request.form.get("language", "")
    answer = redirect(local_path(request.form.get("next")) or "/")
    if wished not in LOCALES:
        return answer
    if current_user.is_authenticated:
        with db.unit_of_work() as session:
            session.get_one(Staff, current_user.id).language = wished
    remember(answer, wished)
    return answer


def remember(answer: Response, language: str) -> None:
    """Let this browser keep ``language`` for pages without an account."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(COOKIE, language, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=secure)


def local(moment: datetime) -> datetime:
    """``moment`` (aware) as the district's clocks show it."""
    return moment.astimezone(settings.current().zone)


def at(moment: datetime | None, style: str = "near") -> str:
    """A moment in district time. style: near (time alone today, else with its day), full, date, time."""
    if moment is None:
        return "–"
    there, locale = local(moment), get_locale() or Locale("en")
    if style == "time":
        return f"{there:%H:%M}"
    if style == "date":
        return format_date(there, "medium", locale=locale)
    if style == "near" and there.date() == local(clock.now()).date():
        return f"{there:%H:%M}"
    pattern = "MMMEd" if there.year == local(clock.now()).year else "yMMMd"
    return f"{format_skeleton(pattern, there, tzinfo=there.tzinfo, locale=locale)} {there:%H:%M}"


def moment(value: datetime | None, style: str = "near") -> Markup:
    """The same as a ``time`` element with the full moment for machines and on hovering."""
    if value is None:
        return Markup("–")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        value.isoformat(timespec="seconds"), at(value, "full"), at(value, style)
    )


def span(seconds: float) -> str:
    """A length of time in its largest fitting unit: minutes, hours, or days."""
    minutes = int(abs(seconds)) // 60
    if minutes < 90:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)d hour", "%(num)d hours", round(minutes / 60))
    return ngettext("%(num)d day", "%(num)d days", round(minutes / 1440))


def far(metres: float) -> str:
    """A distance in metres, or from one kilometre on in kilometres."""
    if round(metres, -1) < 1000:
        return gettext("%(metres)s m", metres=f"{round(metres, -1):.0f}")
    return gettext("%(kilometres)s km", kilometres=f"{metres / 1000:.1f}")


def comma() -> str:
    """What stands between two clauses."""
    return pgettext("between clauses", ", ")


def semicolon() -> str:
    """What stands between two sentences in one."""
    return pgettext("between sentences", "; ")


def pause() -> str:
    """What stands between the things of a list."""
    return pgettext("between things of a list", ", ")


def listed(things: Iterable[object]) -> str:
    """Things one after the other, as this request's language separates them."""
    return pause().join(map(str, things))


def in_language(thing: Any) -> str:
    """The name of an area, item, worker or organisation in this request's language."""
    if thing is None:
        return "–"
    return str(thing.name_en if code() == "en" and thing.name_en else thing.name)


def epoch(seconds: float) -> datetime:
    """The moment (UTC) so many seconds after 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def written(e164: str) -> str:
    """A phone number as people of the district write it: 138 0013 8000, 021 5551 2349; others with country code."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    at_home = phonenumbers.region_code_for_number(number) == settings.current().default_region
    style = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def init_app(app: Flask) -> None:
    """Attach languages, and the filters that depend on them, to ``app``."""
    babel.init_app(
        app,
        default_locale=LOCALES["zh-CN"],
        default_timezone=settings.current().district_timezone,
        default_translation_directories="translations",
        locale_selector=_locale,
    )
    app.jinja_env.filters |= {"at": at, "moment": moment, "span": span, "named": in_language, "masked": phones.mask}
    app.jinja_env.filters |= {"written": written, "epoch": epoch, "far": far, "listed": listed}
    app.jinja_env.globals |= {"comma": comma, "semicolon": semicolon, "pause": pause}
    app.jinja_env.globals |= {"language": code, "gettext": gettext, "now": clock.now}
