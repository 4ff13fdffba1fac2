"""Social workers: who is on duty today, and how much each has to do."""

from flask import render_template

from app.core import db
from app.visits import workload
from app.web import guards
from app.web.console.blueprint import blueprint


@blueprint.get("/workers")
@guards.allow(*guards.OPERATORS)
def workers() -> str:
    """Everybody's today."""
    with db.unit_of_work() as session:
        return render_template("console/workers.html", days=workload.today(session))
