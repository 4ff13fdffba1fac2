"""The access log: who looked at whose file or number, and why; for supervisors, who are themselves in it."""

from flask import render_template, request
from sqlalchemy import select

from app.core import db
from app.people.models import AccessLog, Staff
from app.web import guards
from app.web.console.blueprint import blueprint

PAGE = 100


@blueprint.get("/access-log")
@guards.allow(*guards.SUPERVISORS)
def access_log() -> str:
    """The latest looks, of all or of one person."""
    by = request.args.get("by", "")
    before = request.args.get("before", 0, int)
    rows = select(AccessLog).order_by(AccessLog.id.desc()).limit(PAGE)
    if by:
        rows = rows.where(AccessLog.by == by)
    if before:
        rows = rows.where(AccessLog.id < before)
    with db.unit_of_work() as session:
        looks = list(session.scalars(rows))
        staff = [(f"staff:{one.id}", one.name) for one in session.scalars(select(Staff).order_by(Staff.name))]
    older = looks[-1].id if len(looks) == PAGE else None
    return render_template("console/access_log.html", looks=looks, staff=staff, by=by, older=older)
