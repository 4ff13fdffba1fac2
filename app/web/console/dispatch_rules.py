"""What counts how much in dispatch, how far rules bend, and the weather: dispatchers see it, supervisors change it."""

from decimal import Decimal
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import BooleanField, DecimalField, Field
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import TextInput

from app.core import db
from app.core.errors import BadInput, DoorlineError
from app.core.moves import History
from app.visits import dispatch_settings, weather
from app.visits.dispatch_settings import SETTINGS
from app.web import guards, sentences, words
from app.web.console.blueprint import blueprint

Answer = str | Response | tuple[str, int]

MINUTE = 60

GROUPS = (
    (
        _l("Who comes"),
        _l("So many minutes longer on the way are put up with to avoid it."),
        {
            "weights.continuity": _l("not the usual worker"),
            "weights.language": _l("no common language"),
            "weights.dialect": _l("not the dialect"),
            "weights.gender": _l("not the wished gender"),
            "weights.promised_worker": _l("not the promised worker"),
            "weights.load": _l("a full day: half of this, times the square of the booked hours"),
        },
    ),
    (
        _l("When"),
        _l("So many minutes on the way are put up with to avoid one minute of it."),
        {
            "weights.lateness": _l("after the end of the window"),
            "weights.overtime": _l("after the end of the shift"),
            "weights.waiting": _l("the resident waits"),
            "weights.waiting_urgent": _l("the resident waits, and it is urgent"),
            "weights.promised_time": _l("earlier or later than wished or offered"),
            "weights.announced_time": _l("earlier or later than the resident was told"),
            "weights.asking": _l("until the worker may be asked"),
        },
    ),
    (
        _l("Nobody comes"),
        _l("So many minutes on the way are put up with so that somebody does."),
        {
            "weights.unserved": _l("to an ordinary visit"),
            "weights.unserved_urgent": _l("to an urgent visit"),
            "weights.unserved_promised": _l("to somebody who was promised it"),
        },
    ),
    (
        _l("How far rules bend"),
        _l("Minutes."),
        {
            "limits.notice": _l("from being asked to setting out, at least"),
            "limits.notice_urgent": _l("the same for an urgent visit"),
            "limits.late_urgent": _l("an urgent visit after its window, at most"),
            "limits.overtime": _l("past the end of a shift, at most"),
            "limits.fresh": _l("a worker's position counts for"),
            "limits.grain": _l("visits begin at whole multiples of"),
        },
    ),
    (
        _l("Ways and plans"),
        "",
        {
            "travel.slowness": _l("ways take so many times as long as estimated"),
            "plan.seconds": _l("seconds of search for a plan"),
            "plan.moves_promises": _l(
                "a plan may move what was promised where somebody would be left without help otherwise"
            ),
        },
    ),
)
"""Heading, what its numbers mean, and the numbers, by the names of SETTINGS, with their labels."""

LABELS = {name: label for _, _, labels in GROUPS for name, label in labels.items()}


class RulesForm(FlaskForm):
    """Every number, as people read it: minutes where the machine counts seconds."""


def _unit(name: str) -> int:
    """How many of the machine's units one of the reader's has."""
    usual = SETTINGS[name].usual
    return MINUTE if isinstance(usual, int) and not isinstance(usual, bool) else 1


def _read(name: str, value: float) -> Decimal:
    """``value`` as the reader sees it."""
    return Decimal(f"{value / _unit(name):.10g}")


def _field(name: str) -> Any:
    one = SETTINGS[name]
    if isinstance(one.usual, bool):
        return BooleanField(LABELS[name])
    least, most = _read(name, one.least), _read(name, one.most)
    between = NumberRange(least, most, _l("A number from %(min)s to %(max)s."))
    missing = InputRequired(_l("A number from %(min)s to %(max)s.", min=least, max=most))
    # A number's own input would be changed by a turn of the mouse's wheel.
    look = {"widget": TextInput(), "render_kw": {"inputmode": "decimal"}}
    return DecimalField(LABELS[name], [missing, between], places=None, **look)


for _name in SETTINGS:
    setattr(RulesForm, _name, _field(_name))


@blueprint.get("/dispatch/rules")
@guards.allow(*guards.DISPATCHERS)
def dispatch_rules() -> str:
    """What counts how much, and who changed it."""
    with db.unit_of_work() as session:
        return _page(session, _form(session))


def _form(session: Session) -> RulesForm:
    values = dispatch_settings.values(session)
    return RulesForm(data={name: value if value is True else _read(name, value) for name, value in values.items()})


def _page(session: Session, form: RulesForm, trouble: str = "", seen: int | None = None) -> str:
    """seen: the version to which the form's numbers are compared; the present one, unless it says so."""
    values = dispatch_settings.values(session)
    return render_template(
        "console/dispatch_rules.html",
        form=form,
        groups=GROUPS,
        usual={name: _read(name, one.usual) for name, one in SETTINGS.items()},
        others={name for name, value in values.items() if value != SETTINGS[name].usual},
        seen=dispatch_settings.version(session) if seen is None else seen,
        changes=dispatch_settings.changes(session),
        trouble=trouble,
    )


@blueprint.post("/dispatch/rules")
@guards.allow(*guards.SUPERVISORS)
def change_dispatch_rules() -> Answer:
    """Other numbers, from now on."""
    form = RulesForm()
    if not form.validate():
        trouble = gettext("Something in the form is not right; see the marked fields.")
        with db.unit_of_work() as session:
            return _page(session, form, trouble, _seen()), 422
    wanted = {name: _given(name, form[name]) for name in SETTINGS}
    return _change(wanted, form)


@blueprint.post("/dispatch/rules/usual")
@guards.allow(*guards.SUPERVISORS)
def usual_dispatch_rules() -> Answer:
    """Everything as usual again."""
    return _change({name: one.usual for name, one in SETTINGS.items()}, None)


def _seen() -> int:
    return request.form.get("seen", 0, int)


def _given(name: str, field: Field) -> float:
    usual = SETTINGS[name].usual
    if isinstance(usual, bool):
        return bool(field.data)
    given = field.data * _unit(name)
    return round(given) if isinstance(usual, int) else float(given)


def _change(wanted: dict[str, float], form: RulesForm | None) -> Answer:
    try:
        with db.unit_of_work() as session:
            count = dispatch_settings.change(session, wanted, _seen(), current_user.by)
    except DoorlineError as error:
        with db.unit_of_work() as session:
            return _page(session, form or _form(session), sentences.sentence(error)), 422
    told = ngettext("One number was changed. It counts from now on.",
                    "%(num)d numbers were changed. They count from now on.", count)  # fmt: skip
    flash(told if count else gettext("Nothing was different."), "done")
    return redirect(url_for("console.dispatch_rules"))


@blueprint.post("/dispatch/weather")
@guards.allow(*guards.DISPATCHERS)
def say_weather() -> Response:
    """Ways are longer until tonight, or as usual again."""
    kind = request.form.get("weather") or None
    try:
        with db.unit_of_work() as session:
            is_new = weather.say(session, kind, current_user.by)
    except BadInput as error:
        flash(sentences.sentence(error), "error")
    else:
        anew = gettext("Ways are reckoned anew, and the coming days planned anew.")
        flash(anew if is_new else gettext("Nothing was different."), "done")
    return redirect(url_for("console.day_plan"))


@blueprint.app_template_filter("dispatch_change")
def dispatch_change(row: History) -> str:
    """What was changed, in words."""
    if row.event == "weather_said":
        return words.word(row.facts["kind"] or "usual", "weather")
    name = row.facts["name"]
    was, now = (_shown(name, row.facts[key]) for key in ("was", "now"))
    return gettext("%(what)s: %(was)s → %(now)s", what=LABELS.get(name, name), was=was, now=now)


def _shown(name: str, value: float) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(_read(name, value)) if name in SETTINGS else str(value)
