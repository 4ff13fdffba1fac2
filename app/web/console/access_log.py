"""The access log: who looked at whose file or number, and why; for supervisors, who are themselves in it."""

from flask import render_template, request
from flask_babel import gettext

from app.core import db
from app.people import access, staff
from app.web import guards
from app.web.console.blueprint import blueprint

PAGE = 100


@blueprint.get("/access-log")
@guards.allow(*guards.SUPERVISORS)
def access_log() -> str:
    """The latest looks, of all, of one person, or of the social workers."""
    by = request.args.get("by", "")
    before = request.args.get("before", 0, int)
    with db.unit_of_work() as session:
        looks = access.latest(session, by, before, PAGE)
        people = [(f"staff:{one.id}", one.name) for one in staff.everybody(session)]
    people.append(("worker:", gettext("the social workers")))
    older = looks[-1].id if len(looks) == PAGE else None
    return render_template("console/access_log.html", looks=looks, staff=people, by=by, older=older)
