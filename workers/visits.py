"""Jobs of visits: look for a worker, act on what has run out or changed."""

from app.core import db
from app.visits import absence_proposals, absences, alarms, applying, dispatching, offers, order_changes, planning
from app.visits.dayplan.changes import Plan
from app.visits.dayplan.explaining import Reasons
from app.visits.dayplan.plan import plan as search
from app.visits.dayplan.plan import solve
from app.visits.matching.answer import Answer
from app.visits.planner import warm
from app.visits.planner.search import Limits
from app.visits.planning import Task


def dispatch(order_id: int) -> None:
    """Find and ask the right worker for an order that has none."""
    with db.unit_of_work() as session:
        dispatching.dispatch(session, order_id)


def expire_offer(offer_id: int) -> None:
    """Give up an offer that was not answered in time."""
    with db.unit_of_work() as session:
        offers.expire(session, offer_id)


def alarm(visit_id: int) -> None:
    """Look after a visit that is late or missed."""
    with db.unit_of_work() as session:
        alarms.check(session, visit_id)


def order_cancelled(order_id: int) -> None:
    """Call off the visits of an order that was cancelled, and tell the worker."""
    with db.unit_of_work() as session:
        order_changes.cancelled(session, order_id)


def order_changed(order_id: int) -> None:
    """Look again at the visits of an order whose time, place or service was changed."""
    with db.unit_of_work() as session:
        order_changes.changed(session, order_id)


def plan(plan_id: int) -> None:
    """Plan the coming days anew: gather, search without the database, apply. Rung again until the planner is ready."""
    if not warm.is_ready():
        return
    with db.unit_of_work() as session:
        task = planning.begin(session, plan_id)
    if task is None:
        return
    try:
        found = _search(task)
        answers = _answers(found)
        with db.unit_of_work() as session:
            applying.apply(session, plan_id, found, answers)
    except Exception:
        with db.unit_of_work() as session:
            planning.failed(session, plan_id)
        raise


def _search(task: Task) -> Plan:
    if task.laps is not None:
        return solve(task.problem, task.seed, Limits(laps=task.laps))
    return search(task.problem, task.seed, Limits(seconds=task.seconds))


def _answers(found: Plan) -> dict[int, Answer]:
    reasons = Reasons(found)
    return {change.visit_id: reasons.of(change) for change in found.changes}


def weigh(proposal_id: int) -> None:
    """Work out what would follow from absences that are not noted yet. Rung again until the planner is ready."""
    if not warm.is_ready():
        return
    with db.unit_of_work() as session:
        begun = absence_proposals.begin(session, proposal_id)
    if begun is None:
        return
    task, version = begun
    try:
        found = _search(task)
        answers = _answers(found)
        with db.unit_of_work() as session:
            absence_proposals.show(session, proposal_id, version, found, answers)
    except Exception:
        with db.unit_of_work() as session:
            absence_proposals.failed(session, proposal_id, version)
        raise


def release(visit_id: int) -> None:
    """Take a visit from somebody who is away, where no plan has done it."""
    with db.unit_of_work() as session:
        absences.release(session, visit_id)


def plan_lost(plan_id: int) -> None:
    """Begin a plan again whose search ended without a word."""
    with db.unit_of_work() as session:
        planning.give_up_lost(session, plan_id)
