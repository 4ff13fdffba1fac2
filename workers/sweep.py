"""The sweep: rows that have waited long enough, rung again. Losing Redis loses nothing, because of this.

Each look asks the database which rows are due and rings their jobs; it changes nothing itself. Rung twice does no harm,
since every job claims its row first; but what stays due is rung ever more rarely (workers.patience).
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from app.catalogue import calendar
from app.core import clock, db
from app.core.queue import later
from app.hotline import endings, meeting, rings
from app.hotline import sweep as hotline_sweep
from app.messages import sweep as messages_sweep
from app.quality import follow_ups
from app.visits import absence_proposals, alarms, dispatching, offers, order_changes, planning
from app.workforce import positions
from workers.patience import Patience, Row

Look = Callable[[], None]

PATIENCE = timedelta(seconds=5)
"""A row younger than this is probably in the hands of the job that its own doorbell rang."""

SILENT_CALL = timedelta(minutes=10)
UNKNOWN_CALL = timedelta(seconds=60)

SOON = 1.0
"""Seconds: a caller who waits must not wait for us."""


_patience: Patience | None = None


def be_patient(patience: Patience | None) -> None:
    """Ring what stays due ever more rarely from now on, as ``patience`` remembers; None: ring it at each look."""
    global _patience
    _patience = patience


def _ring(name: str, ids: Iterable[int], **how: Any) -> None:
    _ring_rows(name, ((row_id,) for row_id in ids), **how)


def _ring_rows(name: str, rows: Iterable[Row], **how: Any) -> None:
    with db.unit_of_work() as session:
        for row in rows if _patience is None else _patience.ripe(name, rows, **how):
            later(session, name, *row)


def messages() -> None:
    """Messages that wait in the outbox, and those of which nobody knows whether they went out."""
    with db.unit_of_work() as session:
        for name, message_id in messages_sweep.due(session):
            later(session, name, message_id)


def open_orders() -> None:
    """Orders for which nobody has looked for a worker yet."""
    with db.unit_of_work() as session:
        ids = dispatching.waiting(session, clock.now() - PATIENCE)
    _ring("visits.dispatch", ids)


def changed_orders() -> None:
    """Orders that were changed or cancelled and whose visits have not followed."""
    with db.unit_of_work() as session:
        outdated = order_changes.outdated(session)
    for name, wanted in (("visits.order_cancelled", True), ("visits.order_changed", False)):
        _ring(name, [order_id for order_id, cancelled in outdated if cancelled is wanted])


def unanswered_offers() -> None:
    """Offers whose time is over."""
    with db.unit_of_work() as session:
        ids = offers.overdue(session)
    _ring("visits.expire_offer", ids)


def late_visits() -> None:
    """Visits that are late or missed and whose alarm has not been raised."""
    with db.unit_of_work() as session:
        ids = alarms.due(session)
    _ring("visits.alarm", ids)


def day_plans() -> None:
    """The plan of the morning; plans that are wanted and not in hand, and those whose search is gone."""
    with db.unit_of_work() as session:
        planning.plan_the_morning(session)
        wanted = planning.wanted(session, clock.now() - PATIENCE)
        lost = planning.lost(session)
        overlooked = planning.overlooked(session)
        absence_proposals.look_after(session)
        drafted = absence_proposals.waiting(session, clock.now() - PATIENCE)
    _ring("visits.plan", wanted)
    _ring("visits.weigh", drafted)
    _ring("visits.plan_lost", lost)
    _ring("visits.release", overlooked)


def due_follow_ups() -> None:
    """Follow-ups to begin, and finished visits that have none."""
    with db.unit_of_work() as session:
        unplanned = follow_ups.unplanned(session)
        due = follow_ups.due(session)
    _ring("quality.follow_up", unplanned)
    _ring("quality.begin", due)


def waiting_callers() -> None:
    """Callers without a person: whoever became free is rung; agents who answered are joined; long rings end."""
    with db.unit_of_work() as session:
        waiting = rings.waiting(session)
        unjoined = meeting.to_be_joined(session, clock.now() - PATIENCE)
        long = rings.overdue(session)
    _ring("hotline.ring_agents", waiting, first_wait=SOON, grows=False)
    _ring("hotline.join_caller", unjoined, first_wait=PATIENCE.total_seconds(), grows=False)
    _ring("hotline.silence", long)


def silent_calls() -> None:
    """Calls of which nothing was heard for long: the carrier is asked whether they still are."""
    with db.unit_of_work() as session:
        silent = endings.silent_since(session, clock.now() - SILENT_CALL)
        unknown = hotline_sweep.unknown_calls(session, clock.now() - UNKNOWN_CALL)
    _ring("hotline.ask_carrier", silent, first_wait=SILENT_CALL.total_seconds(), grows=False)
    _ring("hotline.find_call", unknown)


def ended_calls() -> None:
    """Calls of voice messages that are over and not settled; residents whom a person is to ask."""
    with db.unit_of_work() as session:
        ids = hotline_sweep.ended_calls(session, clock.now() - PATIENCE)
        tasks = hotline_sweep.unlisted_tasks(session)
        untold = hotline_sweep.untold_messages(session)
    _ring("hotline.call_over", ids)
    _ring("hotline.tell_person", untold)
    _ring_rows("hotline.task", tasks)


def unread_texts() -> None:
    """Texts that came in and were not understood yet."""
    with db.unit_of_work() as session:
        ids = hotline_sweep.unread_texts(session, clock.now() - PATIENCE)
    _ring("hotline.read_text", ids)


def old_positions() -> None:
    """Where somebody was who is off duty now, or long ago: deleted, since it is nobody's business."""
    with db.unit_of_work() as session:
        positions.forget(session)


def coming_years() -> None:
    """Working days of this year and the next, filled in as soon as there is a new one."""
    with db.unit_of_work() as session:
        calendar.prepare(session)


LOOKS: tuple[Look, ...] = (
    waiting_callers,
    messages,
    open_orders,
    changed_orders,
    unanswered_offers,
    late_visits,
    day_plans,
    due_follow_ups,
    unread_texts,
    ended_calls,
    silent_calls,
    old_positions,
    coming_years,
)
