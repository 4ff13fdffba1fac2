"""The district's working days and hours, for administrators: what every clock of an order is counted in.

Clocks that run already keep the end that was promised; what is changed here counts for what is taken afterwards.
"""

from collections.abc import Callable
from datetime import date

from babel.dates import format_skeleton
from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_locale, gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import Optional

from app.catalogue import calendar
from app.core import clock, db
from app.core.errors import BadInput
from app.core.moves import History
from app.web import guards, i18n, sentences, words
from app.web.console.blueprint import blueprint

Answer = str | Response | tuple[str, int]

YEARS = range(2000, 2100)


CHANGES = {
    "day_set:work": _l("%(day)s: the offices work"),
    "day_set:rest": _l("%(day)s: the offices rest"),
    "day_cleared": _l("%(day)s: as any week"),
    "hours_set:office": _l("The offices' hours: %(opens)s–%(closes)s"),
    "hours_set:service": _l("The hours of short clocks: %(opens)s–%(closes)s"),
    "year_seeded": _l("%(year)s was filled in with the national holidays"),
    "year_confirmed": _l("%(year)s was looked through: it is right"),
}


class DayForm(FlaskForm):
    """One day that differs from the week's rule, or does not any more."""

    day = DateField(_l("Day"), [Optional()])
    working = SelectField(
        _l("The offices"), choices=words.options([("no", _l("rest")), ("yes", _l("work")), ("rule", _l("as any week"))])
    )
    name = StringField(_l("Why (a feast, a swapped weekend)"))


class HoursForm(FlaskForm):
    """When the offices work, and when somebody can be asked at all."""

    office_opens = TimeField(_l("Offices open"), [Optional()])
    office_closes = TimeField(_l("Offices close"), [Optional()])
    service_opens = TimeField(_l("Short clocks run from"), [Optional()])
    service_closes = TimeField(_l("Short clocks run until"), [Optional()])


@blueprint.get("/working-days")
@guards.allow(*guards.ADMINS)
def working_days() -> Answer:
    """The days of a year that differ from the week's rule, and the hours."""
    with db.unit_of_work() as session:
        return _page(session, request.args.get("year", i18n.local(clock.now()).year, int))


def _page(session: Session, year: int, trouble: str = "") -> str:
    year = min(max(year, YEARS.start), YEARS.stop - 1)
    hours = {f"{kind}_{end}": getattr(calendar.hours(session, kind), end)
             for kind in calendar.HOURS for end in ("opens", "closes")}  # fmt: skip
    return render_template(
        "console/working_days.html",
        year=year,
        source=calendar.source(session, year),
        days=calendar.days_of(session, year),
        unsure=calendar.unsure_years(session),
        changes=calendar.changes(session),
        form=DayForm(formdata=request.form if "day" in request.form else None),
        hours=HoursForm(formdata=request.form if "office_opens" in request.form else None, data=hours),
        trouble=trouble,
    )


@blueprint.post("/working-days/day")
@guards.allow(*guards.ADMINS)
def change_day() -> Answer:
    """The offices rest or work on a day, or the week's rule decides again."""
    form = DayForm()
    return _change(form.day.data.year if form.day.data else 0, lambda session: _set_day(session, form))


def _set_day(session: Session, form: DayForm) -> None:
    day: date | None = form.day.data
    if day is None or day.year not in YEARS:
        raise BadInput("day.unreadable")
    if form.working.data == "rule":
        calendar.clear_day(session, day, current_user.by)
    else:
        name = (form.name.data or "").strip()[:60] or None
        calendar.set_day(session, day, form.working.data == "yes", name, current_user.by)


@blueprint.post("/working-days/hours")
@guards.allow(*guards.ADMINS)
def change_hours() -> Answer:
    """Other hours."""
    return _change(0, lambda session: _set_hours(session, HoursForm()))


def _set_hours(session: Session, form: HoursForm) -> None:
    for kind in calendar.HOURS:
        opens, closes = form[f"{kind}_opens"].data, form[f"{kind}_closes"].data
        if opens is None or closes is None:
            raise BadInput("window.unreadable")
        calendar.set_hours(session, kind, opens, closes, current_user.by)


@blueprint.post("/working-days/<int:year>/<any(confirm, seed):what>")
@guards.allow(*guards.ADMINS)
def change_year(year: int, what: str) -> Answer:
    """Somebody has looked through a year; or it is filled in from the library where the district has not decided."""
    if year not in YEARS:
        raise BadInput("day.unreadable")
    act = calendar.confirm if what == "confirm" else calendar.seed
    return _change(year, lambda session: act(session, year, current_user.by))


def _change(year: int, act: Callable[[Session], object]) -> Answer:
    year = year or request.args.get("year", i18n.local(clock.now()).year, int)
    try:
        with db.unit_of_work() as session:
            act(session)
    except BadInput as error:
        with db.unit_of_work() as session:
            return _page(session, year, sentences.sentence(error)), 422
    flash(gettext("Changed."), "done")
    return redirect(url_for("console.working_days", year=year))


@blueprint.app_template_global("unsure_years")
def unsure_years() -> list[int]:
    """Years within reach of today's clocks that nobody has confirmed."""
    with db.unit_of_work() as session:
        return calendar.unsure_years(session)


@blueprint.app_template_filter("day_name")
def day_name(row: calendar.CalendarDay) -> str:
    """What a day is called, in the reader's language."""
    return calendar.name_of(row, i18n.code())


@blueprint.app_template_filter("weekday")
def weekday(day: date) -> str:
    """A day with its day of the week, in the reader's language."""
    return str(format_skeleton("yMMMEd", day, locale=get_locale()))


@blueprint.app_template_filter("calendar_change")
def calendar_change(row: History) -> str:
    """What was changed, in words."""
    kind = {True: "work", False: "rest"}.get(row.facts.get("working"), row.facts.get("kind"))  # type: ignore[arg-type]
    facts = dict(row.facts)
    if "day" in facts:
        facts["day"] = weekday(date.fromisoformat(facts["day"]))
    return str(CHANGES[f"{row.event}:{kind}" if kind else row.event]) % facts
