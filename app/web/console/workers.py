"""Social workers: who is on duty today, how much each has to do, and who is away."""

from datetime import datetime, time, timedelta

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import DateField, StringField, TimeField
from wtforms.validators import Optional

from app.core import clock, db, settings
from app.core.errors import BadInput
from app.visits import absence_proposals, absences, workload
from app.web import guards, i18n, sentences
from app.web.console.blueprint import blueprint

Answer = str | Response | tuple[str, int]


class AbsenceForm(FlaskForm):
    """From when to when somebody is away, and why, in district time."""

    first_day = DateField(_l("Away from"), [Optional()])
    first_time = TimeField(_l("Time"), [Optional()])
    last_day = DateField(_l("Until"), [Optional()])
    last_time = TimeField(_l("Time"), [Optional()])
    reason = StringField(_l("Why"))

    def span(self) -> tuple[datetime, datetime]:
        """The two moments, aware. Raises BadInput("window.unreadable")."""
        given = self.first_day.data, self.first_time.data, self.last_day.data, self.last_time.data
        if None in given:
            raise BadInput("window.unreadable")
        zone = settings.current().zone
        return datetime.combine(given[0], given[1], zone), datetime.combine(given[2], given[3], zone)


@blueprint.get("/workers")
@guards.allow(*guards.OPERATORS)
def workers() -> str:
    """Everybody's today."""
    with db.unit_of_work() as session:
        return _page(session)


def _page(session: Session, worker_id: int | None = None, trouble: str = "") -> str:
    """worker_id, trouble: whose absence could not be noted, and why; what was typed stays."""
    days = workload.today(session)
    now = i18n.local(clock.now())
    tomorrow = now.date() + timedelta(days=1)
    usual = {"first_day": now.date(), "first_time": now.time(), "last_day": tomorrow, "last_time": time()}
    return render_template(
        "console/workers.html",
        days=days,
        away=absences.to_come(session, [day.worker.id for day in days]),
        fresh=AbsenceForm(formdata=None, data=usual),
        tried=AbsenceForm() if worker_id else None,
        worker_id=worker_id,
        trouble=trouble,
        proposal=absence_proposals.current(session),
    )


@blueprint.post("/workers/<int:worker_id>/absence")
@guards.allow(*guards.DISPATCHERS)
def note_absence(worker_id: int) -> Answer:
    """Somebody is away: what would follow is worked out and shown before it is noted."""
    form = AbsenceForm()
    try:
        with db.unit_of_work() as session:
            absence = absences.Absence(worker_id, *form.span(), current_user.by, form.reason.data or "")
            absence_proposals.add(session, absence)
    except BadInput as error:
        with db.unit_of_work() as session:
            return _page(session, worker_id, sentences.sentence(error)), 422
    return redirect(url_for("console.absences"))


@blueprint.post("/workers/absence/<int:leave_id>/end")
@guards.allow(*guards.DISPATCHERS)
def end_absence(leave_id: int) -> Answer:
    """He is back, or is not going to be away."""
    with db.unit_of_work() as session:
        ended = absences.end(session, leave_id, current_user.by)
    flash(gettext("Noted: back at work.") if ended else gettext("That was over already."), "done")
    return redirect(url_for("console.workers"))
