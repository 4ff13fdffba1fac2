"""Every decision is kept, with everybody's reasons, best first; with its input, or the plan that has it."""

from sqlalchemy.orm import Session

from app.core import clock, moves
from app.visits.matching.answer import Answer
from app.visits.matching.problem import Problem
from app.visits.models import Decision, Visit


def keep(
    session: Session,
    visit: Visit,
    answer: Answer,
    chosen_worker_id: int | None,
    by: str,
    *,
    problem: Problem | None = None,
    plan_id: int | None = None,
) -> None:
    """Keep the decision to send ``chosen_worker_id`` (None: nobody) to ``visit``."""
    priced = sorted((one for one in answer.assessments if one.best), key=lambda one: one.best.rank)  # type: ignore[union-attr]
    failed = [one for one in answer.assessments if not one.best]
    session.add(
        Decision(
            order_id=visit.order_id,
            visit_id=visit.id,
            at=clock.now(),
            planner=answer.planner,
            problem=problem.to_json() if problem else {},
            candidates=[one.to_json() for one in (*priced, *failed)],
            chosen_worker_id=chosen_worker_id,
            by=by,
            plan_id=plan_id,
        )
    )
    moves.record(session, visit, "decided", by, worker_id=chosen_worker_id)
