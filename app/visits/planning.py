"""The life of a day plan: wanted by whatever upsets the day, searched for by one job at a time, applied or not.

Many reasons make one plan: while one is wanted, further ones are noted on it. The search holds no database; whether
what it was made for still is so is seen when it is applied (applying.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, or_, select, text
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock, moves, settings
from app.core.queue import later
from app.visits import day_gathering, dispatch_settings
from app.visits.matching.problem import Problem
from app.visits.models import AbsenceProposal, DayPlan, Visit
from app.visits.rules import PLAN, PROMISED
from app.workforce.models import Shift

BY = "system:plan"

DAYS = 2
"""Today and tomorrow: what is promised further ahead than that is planned when it comes near."""

MORNING = time(6, 30)
"""When the day is planned, district time: before the night's offers go out."""

LOST = timedelta(minutes=10)
"""A search that has lasted so long is over: its process is gone."""

FRESH = timedelta(minutes=15)
"""What a dispatcher confirms is carried out as he saw it if it is no older; what is, is planned anew."""

TRIES = 3
"""Times in a row that a plan is begun again after it was lost or overtaken."""


def want(
    session: Session, why: str, until: datetime | None = None, tries: int = 1, proposal_id: int | None = None
) -> None:
    """Plan the coming days anew because of ``why`` (one of rules.PLAN_REASONS), at least until ``until`` (aware).

    proposal_id: what a dispatcher has seen and confirmed is to be carried out, if it still can be.
    """
    end = max(horizon(), until or horizon())
    row = insert(DayPlan).values(
        state=PLAN.initial, why=[why], until=end, tries=tries, wanted_at=clock.now(), changes=[],
        proposal_id=proposal_id,
    )  # fmt: skip
    merged = {
        "why": func.array_append(func.array_remove(DayPlan.why, why), why),
        "until": func.greatest(DayPlan.until, row.excluded.until),
        "proposal_id": func.coalesce(row.excluded.proposal_id, DayPlan.proposal_id),
    }
    plan_id = session.scalar(
        row.on_conflict_do_update(
            index_elements=["state"], index_where=text("state = 'wanted'"), set_=merged
        ).returning(DayPlan.id)
    )
    later(session, "visits.plan", plan_id)


def horizon() -> datetime:
    """How far a plan looks by itself: the end of a day of the district."""
    zone = settings.current().zone
    return datetime.combine(clock.now().astimezone(zone).date() + timedelta(days=DAYS), time(), zone)


@dataclass(frozen=True)
class Task:
    """A search to be made. laps: repeats one that was made before; else it may last ``seconds``, real time."""

    problem: Problem
    seed: int
    seconds: float
    laps: Sequence[int] | None = None


def begin(session: Session, plan_id: int) -> Task | None:
    """Take the wanted plan in hand: what to search for; None if it is not wanted, or another one is in hand."""
    plan = session.get(DayPlan, plan_id)
    if plan is None or plan.state != PLAN.initial:
        return None
    try:
        with session.begin_nested():
            if moves.move(session, plan, "begun", BY) is None:
                return None
    except IntegrityError:  # another one is being searched for; when it ends, this one is rung
        return None
    task = _confirmed(session, plan)
    if task is None:
        task = Task(day_gathering.gather(session, plan.until), plan.id, dispatch_settings.seconds(session))
    plan.began_at, plan.problem, plan.requests = clock.now(), task.problem.to_json(), len(task.problem.requests)
    return task


def _confirmed(session: Session, plan: DayPlan) -> Task | None:
    """The search whose result a dispatcher has confirmed, unless it has become old or more has happened since."""
    proposal = session.get(AbsenceProposal, plan.proposal_id) if plan.proposal_id else None
    if proposal is None or proposal.weighed_at is None or plan.why != ["absence"]:
        return None
    if proposal.weighed_at < clock.now() - FRESH:
        return None
    return Task(Problem.from_json(proposal.problem), proposal.id, dispatch_settings.seconds(session), proposal.laps)


def end(session: Session, plan: DayPlan, event: str) -> None:
    """The search is over; if another plan is wanted already, it is that one's turn."""
    if moves.move(session, plan, event, BY, why=plan.why) is None:
        return
    plan.ended_at = clock.now()
    following = session.scalar(select(DayPlan.id).where(DayPlan.state == PLAN.initial))
    if following is not None:
        later(session, "visits.plan", following)


def again(session: Session, plan: DayPlan, event: str) -> None:
    """End a plan that came to nothing (event: outdated or lost), and want another one unless that happens too often."""
    end(session, plan, event)
    if plan.tries < TRIES:
        want(session, event, plan.until, plan.tries + 1)


def failed(session: Session, plan_id: int) -> None:
    """The search broke down: what waits for it is told that nobody has room."""
    plan = session.get_one(DayPlan, plan_id)
    if plan.state == "searching":
        end(session, plan, "failed")


def give_up_lost(session: Session, plan_id: int) -> None:
    """End a search whose process is gone; does nothing for one that is not that old."""
    plan = session.get(DayPlan, plan_id)
    if plan is not None and plan.state == "searching" and plan.began_at and plan.began_at <= clock.now() - LOST:
        again(session, plan, "lost")


def is_pending(session: Session) -> bool:
    """Whether a plan is wanted or being searched for."""
    return session.scalar(select(DayPlan.id).where(DayPlan.state.in_(("wanted", "searching"))).limit(1)) is not None


def was_tried(session: Session, since: datetime) -> bool:
    """Whether a plan that knew what was known at ``since`` has ended."""
    ended = select(DayPlan.id).where(
        DayPlan.began_at >= since, DayPlan.ended_at.is_not(None), DayPlan.proposal_id.is_(None)
    )
    return session.scalar(ended.limit(1)) is not None


def wanted(session: Session, before: datetime) -> list[int]:
    """Ids of plans that were wanted before ``before`` (aware) and are not in hand."""
    return list(session.scalars(select(DayPlan.id).where(DayPlan.state == "wanted", DayPlan.wanted_at < before)))


def lost(session: Session) -> list[int]:
    """Ids of plans whose search is over though it has not said so."""
    return list(
        session.scalars(select(DayPlan.id).where(DayPlan.state == "searching", DayPlan.began_at <= clock.now() - LOST))
    )


def plan_the_morning(session: Session) -> None:
    """Want the plan of the day, once each morning, if there is anything to be planned."""
    zone = settings.current().zone
    now = clock.now().astimezone(zone)
    due = datetime.combine(now.date(), MORNING, zone)
    if now < due:
        return
    planned = select(DayPlan.id).where(DayPlan.wanted_at >= due, DayPlan.why.contains(array(["morning"])))
    if session.scalar(planned.limit(1)) is None and _has_something(session, due):
        want(session, "morning")


def _has_something(session: Session, due: datetime) -> bool:
    """Whether there were visits to come when the morning's plan was due."""
    before = or_(Visit.state.in_(("open", "attention", "offered")), Visit.state.in_(PROMISED))
    return session.scalar(select(Visit.id).where(before, Visit.created_at < due).limit(1)) is not None


def overlooked(session: Session) -> list[int]:
    """Ids of visits whose worker is on leave then, though no plan is pending: one should have seen to them."""
    if is_pending(session):
        return []
    away = Shift.kind == "leave", func.tstzrange(Shift.starts_at, Shift.ends_at).op("&&")(Visit.during)
    taken = Visit.state.in_(("offered", "accepted")), func.upper(Visit.during) > clock.now()
    found = select(Visit.id).join(Shift, Shift.worker_id == Visit.worker_id).where(*taken, *away)
    return list(session.scalars(found.distinct().order_by(Visit.id)))


def latest(session: Session, limit: int) -> list[DayPlan]:
    """The last plans, the newest first."""
    return list(session.scalars(select(DayPlan).order_by(DayPlan.id.desc()).limit(limit)))


def note_waiting(session: Session, visits: Iterable[Visit]) -> None:
    """Visits that nobody has room for wait for a plan."""
    for visit in visits:
        visit.no_room_at = visit.no_room_at or clock.now()
    want(session, "no_room")
