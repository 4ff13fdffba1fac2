"""The six facts of a finished visit as one small record: what, for whom, by whom, on which day, when, and where."""

from typing import Any

from app.core import db
from app.places.distance import metres
from app.visits import visiting
from app.visits.models import Visit
from app.web.console.blueprint import blueprint


@blueprint.app_template_global("visit_record")
def visit_record(visit: Visit) -> dict[str, Any] | None:
    """visiting.six_facts of ``visit`` and ``away``: metres between the door and the worker's phone when he arrived.

    None for a visit that is not done. away is None if the phone did not say where it was.
    """
    if visit.state != "done":
        return None
    with db.unit_of_work() as session:
        facts = visiting.six_facts(session, visit)
    there = visit.arrived_place
    away = metres((there[0], there[1]), (visit.place[0], visit.place[1])) if there else None
    return facts | {"away": away}
