"""The follow-up by a person: the three questions, for residents whom no machine rings or reaches."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import db
from app.core.errors import DoorlineError
from app.quality import follow_ups
from app.web import guards, sentences
from app.web.console.blueprint import blueprint
from app.web.console.menu import back

ANSWERS = {"yes": True, "no": False}


@blueprint.post("/follow-ups/<int:key>")
@guards.allow(*guards.AGENTS)
def answer_follow_up(key: int) -> Response:
    """Keep what the resident answered; a bad answer reopens the order."""
    given = request.form
    try:
        with db.unit_of_work() as session:
            row = follow_ups.get(session, key)
            reopened = follow_ups.record(
                session,
                row,
                contacted=ANSWERS.get(given.get("contacted", "")),
                solved=ANSWERS.get(given.get("solved", "")),
                grade=given.get("grade") or None,
                reason=given.get("reason") or None,
                by=current_user.by,
            )
            order_id = row.order_id
    except DoorlineError as error:
        flash(sentences.sentence(error), "error")
        return redirect(back())
    flash(gettext("The order is open again.") if reopened else gettext("The answers are kept."), "done")
    return redirect(url_for("console.order_by_id", key=order_id))
