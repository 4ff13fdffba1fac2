"""Absences that are not noted yet: what would follow is shown, and nobody is told before a person says so.

One proposal is open at a time and holds any number of absences. What would be written is not guessed: the plan is
carried out in a transaction that is then rolled back.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core import clock, moves, queue
from app.core.errors import BadInput, NotFound
from app.core.queue import later
from app.messages.models import Message
from app.people.models import Resident
from app.visits import absences, applying, day_gathering, dispatch_settings, dispatching, listing, planning
from app.visits.absences import Absence
from app.visits.dayplan.changes import Plan
from app.visits.matching.answer import Answer
from app.visits.models import AbsenceProposal, DayPlan
from app.visits.planning import BY, Task
from app.visits.rules import ABSENCES

FORGOTTEN = timedelta(hours=12)
"""A proposal that nobody touched for so long is dropped: its absences were never noted."""

LOST = timedelta(seconds=queue.JOB_SECONDS)
"""Whoever works for so long on what would follow is gone: a job is not let work longer."""

RENEWED = timedelta(minutes=10)
"""What is shown is worked out anew when it is so old; it is carried out as shown for some minutes more."""

_ABSENCES = TypeAdapter(list[Absence])


def current(session: Session) -> AbsenceProposal | None:
    """The open proposal."""
    return session.scalar(select(AbsenceProposal).where(AbsenceProposal.state.in_(ABSENCES.live)))


def absences_of(proposal: AbsenceProposal) -> list[Absence]:
    """What would be noted, in the order in which it was given."""
    return _ABSENCES.validate_python(proposal.absences)


def add(session: Session, absence: Absence) -> AbsenceProposal:
    """Put one absence more into the open proposal, and work out what would follow. Raises as absences.checked."""
    absence = absences.checked(session, absence)
    proposal = _locked(session) or _begun(session)
    _change(session, proposal, [*absences_of(proposal), absence], absence.by)
    return proposal


def remove(session: Session, version: int, number: int, by: str) -> None:
    """Take the absence with that place in the list out again; without any the proposal is dropped.

    version: what the person has seen. Raises NotFound("proposal.changed") if it is another one by now.
    """
    proposal = _seen(session, version)
    given = [one for place, one in enumerate(absences_of(proposal)) if place != number]
    if given:
        _change(session, proposal, given, by)
    else:
        moves.move(session, proposal, "dropped", by)


def drop(session: Session, by: str) -> bool:
    """Forget the open proposal; nothing has happened. False if there is none."""
    proposal = _locked(session)
    return proposal is not None and moves.move(session, proposal, "dropped", by) is not None


def confirm(session: Session, version: int, by: str) -> None:
    """Note all absences of the open proposal, and carry out what was shown, or, before it was, what will be found.

    version: what the person has seen. Raises NotFound("proposal.changed") if it is another one by now.
    """
    proposal = _seen(session, version)
    until = _enter(session, absences_of(proposal))
    shown = proposal.id if proposal.state == "shown" else None
    moves.move(session, proposal, "noted", by)
    planning.want(session, "absence", until, proposal_id=shown)


def waiting(session: Session, before: datetime) -> list[int]:
    """Ids of proposals drafted before ``before`` (aware) whose consequences nobody works out."""
    drafted = AbsenceProposal.state == "drafted", AbsenceProposal.changed_at < before
    return list(session.scalars(select(AbsenceProposal.id).where(*drafted)))


def look_after(session: Session) -> None:
    """Drop what nobody has touched for long; have worked out again what is no longer fresh or was broken off."""
    proposal, now = current(session), clock.now()
    if proposal is None:
        return
    if proposal.changed_at < now - FORGOTTEN:
        moves.move(session, proposal, "dropped", BY)
    elif proposal.state == "shown" and proposal.weighed_at and proposal.weighed_at < now - RENEWED:
        _work_out(session, proposal, "changed", BY)
    elif proposal.state == "weighing" and proposal.begun_at and proposal.begun_at < now - LOST:
        _work_out(session, proposal, "lost", BY)


def begin(session: Session, proposal_id: int) -> tuple[Task, int] | None:
    """Take it in hand: the search that would be made if all were noted, and the version it is for.

    None if nobody waits for it, or it is in hand already.
    """
    proposal = session.get(AbsenceProposal, proposal_id)
    if proposal is None or proposal.state != "drafted" or moves.move(session, proposal, "begun", BY) is None:
        return None
    proposal.begun_at = clock.now()
    session.flush()
    given, version = absences_of(proposal), proposal.version
    trial = session.begin_nested()
    until = _enter(session, given)
    problem = day_gathering.gather(session, until)
    trial.rollback()
    return Task(problem, proposal_id, dispatch_settings.seconds(session)), version


def show(session: Session, proposal_id: int, version: int, found: Plan, reasons: Mapping[int, Answer]) -> bool:
    """Keep what would follow, and how many messages; False if it has changed meanwhile and is worked out again."""
    proposal = _in_hand(session, proposal_id, version)
    if proposal is None:
        return False
    messages = _rehearse(session, absences_of(proposal), found, reasons)
    if messages is None:
        _work_out(session, proposal, "outdated", BY)
        return False
    proposal.problem, proposal.laps = found.problem.to_json(), list(found.laps)
    proposal.changes, proposal.messages = applying.as_rows(found), messages
    lost = [change.visit_id for change in found.changes if change.worker_id is None]
    proposal.unserved = _most_pressing_first(session, lost)
    proposal.weighed_at = clock.now()
    moves.move(session, proposal, "weighed", BY)
    return True


def failed(session: Session, proposal_id: int, version: int) -> None:
    """What would follow could not be worked out; the absences can be noted all the same."""
    proposal = _in_hand(session, proposal_id, version)
    if proposal is not None:
        moves.move(session, proposal, "failed", BY)


def _locked(session: Session) -> AbsenceProposal | None:
    query = select(AbsenceProposal).where(AbsenceProposal.state.in_(ABSENCES.live))
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _in_hand(session: Session, proposal_id: int, version: int) -> AbsenceProposal | None:
    """The proposal, locked, if it still is what was begun with."""
    proposal = session.get(AbsenceProposal, proposal_id, with_for_update=True)
    return proposal if proposal and (proposal.state, proposal.version) == ("weighing", version) else None


def _seen(session: Session, version: int) -> AbsenceProposal:
    proposal = _locked(session)
    if proposal is None or proposal.version != version:
        raise NotFound("proposal.changed")
    return proposal


def _begun(session: Session) -> AbsenceProposal:
    """A new one, or that of somebody who was quicker."""
    begun = insert(AbsenceProposal).values(
        state=ABSENCES.initial, absences=[], changes=[], version=1, changed_at=clock.now()
    )
    session.execute(begun.on_conflict_do_nothing())
    found = _locked(session)
    assert found is not None
    return found


def _change(session: Session, proposal: AbsenceProposal, given: Sequence[Absence], by: str) -> None:
    proposal.absences = _ABSENCES.dump_python(list(given), mode="json")
    proposal.changed_at = clock.now()
    _work_out(session, proposal, "changed", by)


def _work_out(session: Session, proposal: AbsenceProposal, event: str, by: str) -> None:
    proposal.version += 1
    proposal.changes, proposal.messages, proposal.unserved, proposal.weighed_at = [], None, None, None
    moves.move(session, proposal, event, by)
    later(session, "visits.weigh", proposal.id)


def _enter(session: Session, given: Iterable[Absence]) -> datetime:
    """Note all of ``given`` that are not over by now; returns how far a plan must look then."""
    ends = [planning.horizon()]
    for one in given:
        try:
            absence = absences.checked(session, one)
        except BadInput:
            continue
        absences.enter(session, absence)
        ends += [last] if (last := absences.last_visit(session, absence)) else []
    session.flush()
    return max(ends)


def _rehearse(
    session: Session, given: Sequence[Absence], found: Plan, reasons: Mapping[int, Answer]
) -> dict[str, int] | None:
    """How many messages would be written, by whom they are for; None if the plan can't be carried out any more."""
    trial = session.begin_nested()
    try:
        until, now = _enter(session, given), clock.now()
        plan = DayPlan(state="applied", why=["absence"], until=until, wanted_at=now, began_at=now, changes=[])
        session.add(plan)
        session.flush()
        last = session.scalar(select(func.max(Message.id))) or 0
        applying.carry_out(session, plan, found, reasons)
        session.flush()
        written = session.scalars(select(Message.recipient).where(Message.id > last))
        return dict(Counter(recipient.partition(":")[0] for recipient in written))
    except applying.Outdated:
        return None
    except DBAPIError as error:
        if not dispatching.somebody_was_quicker(error):
            raise
        return None
    finally:
        trial.rollback()
        queue.forget(session)


def _most_pressing_first(session: Session, visit_ids: Sequence[int]) -> list[int]:
    """Urgent ones, then those of whom most is noted that makes them vulnerable, then by the end of their window."""
    lines = listing.by_ids(session, visit_ids)

    def rank(visit_id: int) -> tuple[bool, int, datetime]:
        line = lines[visit_id]
        return not line.visit.urgent, -_frailties(line.subject), line.visit.window_end

    return sorted(visit_ids, key=rank)


def _frailties(subject: Resident | None) -> int:
    return len(subject.flags) if subject else 0
