"""Jobs of quality: plan a follow-up after a visit, begin one that is due."""

from app.core import db
from app.quality import follow_ups
from app.visits.models import Visit


def follow_up(visit_id: int) -> None:
    """Plan the question after a visit that was done."""
    with db.unit_of_work() as session:
        follow_ups.plan(session, session.get_one(Visit, visit_id))


def begin(follow_up_id: int) -> None:
    """Begin a follow-up that is due: ring the resident, or give it to a person."""
    with db.unit_of_work() as session:
        follow_ups.begin(session, follow_up_id)
