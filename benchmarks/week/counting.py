"""What a week came to, counted from the database alone; it shares nothing with the simulation but the days that count.

A *visit* is one worker's coming; an order for two people wants two. *Wanted* are the visits of all orders that the
resident did not call off himself.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import mean, pstdev
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

SLACK = timedelta(minutes=15)
"""A visit that begins no more than this after the time that was told is in time."""

MINUTE = 60.0


@dataclass(frozen=True)
class Promise:
    """What the resident was told: who comes, and when (aware). made: when."""

    made: datetime
    worker_id: int
    start: datetime


@dataclass
class Counted:
    """The figures of one run.

    orders: taken. called_off: by residents. done: visits done. wanted: see above.
    kept: visits begun within their window and no more than SLACK after the time told last; kept_first: the same, after
    the time told first. late: begun all the same, but later than that. missed: given up by the product because nobody
    came. unserved: wanted visits for which nobody stood at the door by the end of the window first promised.
    dispatcher: times that a visit landed on the dispatchers' list because nobody was left. given_up: orders that he
    called off in the end. waits: minutes from the call to the first promise, for each order that had one.
    travel: minutes on the way to a door that was reached, of all workers. other_worker, other_time: promises that were
    replaced by one of another worker, or of the same worker at another time. for_room: of those, the ones that a plan
    moved only to make room. messages: handed to the carrier. loads: hours with residents, of each day on which somebody
    worked and was not away. overtime: minutes with residents after the day's work ended. double: pairs of visits for
    which one worker was in two places, or booked for two. open_at_last: orders that are neither over nor known to
    anybody as a problem. plans: by how they ended.
    """

    orders: int = 0
    called_off: int = 0
    wanted: int = 0
    done: int = 0
    kept: int = 0
    kept_first: int = 0
    late: int = 0
    missed: int = 0
    unserved: int = 0
    dispatcher: int = 0
    given_up: int = 0
    waits: list[float] = field(default_factory=list)
    travel: float = 0.0
    other_worker: int = 0
    other_time: int = 0
    for_room: int = 0
    messages: int = 0
    loads: list[float] = field(default_factory=list)
    overtime: float = 0.0
    double: int = 0
    open_at_last: int = 0
    plans: dict[str, int] = field(default_factory=dict)

    @property
    def spread(self) -> float:
        """Standard deviation of the hours with residents."""
        return pstdev(self.loads) if self.loads else 0.0


ORDERS = text("""
    SELECT o.id, o.opened_at, o.state, i.workers_needed,
           (SELECT h.by FROM history h WHERE h.thing = 'service_order' AND h.thing_id = o.id AND h.event = 'cancelled'
            ORDER BY h.id DESC LIMIT 1) AS cancelled_by,
           (SELECT v.window_end FROM visit v WHERE v.order_id = o.id ORDER BY v.id LIMIT 1) AS window_end
    FROM service_order o JOIN service_item i ON i.id = o.item_id ORDER BY o.id
""")
VISITS = text("""
    SELECT id, order_id, state, worker_id, window_start, window_end, departed_at, arrived_at, started_at, ended_at
    FROM visit ORDER BY id
""")
PROMISES = text("""
    SELECT h.thing_id AS visit_id, h.at, (h.facts->>'worker_id')::bigint AS worker_id,
           coalesce((h.facts->>'at')::timestamptz, f.starts_at) AS start
    FROM history h
    LEFT JOIN offer f ON h.event = 'accepted' AND f.visit_id = h.thing_id
                     AND f.worker_id = (h.facts->>'worker_id')::bigint
    WHERE h.thing = 'visit' AND h.event IN ('accepted', 'assigned', 'moved') ORDER BY h.id
""")
DOUBLE = text("""
    WITH spans AS (
        SELECT id, worker_id, tstzrange(coalesce(started_at, arrived_at), ended_at) AS span FROM visit
        WHERE state IN ('done', 'not_done') AND arrived_at < ended_at
        UNION ALL
        SELECT id, worker_id, during FROM visit
        WHERE state IN ('offered', 'accepted', 'en_route', 'arrived', 'in_progress')
    )
    SELECT count(*) FROM spans a JOIN spans b ON a.worker_id = b.worker_id AND a.id < b.id AND a.span && b.span
""")
DAYS = text("""
    SELECT worker_id, starts_at, ends_at, EXISTS (
        SELECT 1 FROM shift l WHERE l.worker_id = s.worker_id AND l.kind = 'leave'
        AND l.starts_at < s.ends_at AND l.ends_at > s.starts_at) AS is_away
    FROM shift s WHERE kind = 'work' AND starts_at >= :first AND starts_at < :last
""")
OPEN = text("""
    SELECT count(*) FROM service_order o WHERE o.state IN ('open', 'scheduled', 'under_way') AND NOT EXISTS (
        SELECT 1 FROM visit v WHERE v.order_id = o.id AND (v.attention IS NOT NULL OR upper(v.during) > :now)
        AND v.state IN ('attention', 'offered', 'accepted', 'en_route', 'arrived', 'in_progress'))
""")
FOR_ROOM = text("""
    SELECT count(*) FROM day_plan p, jsonb_array_elements(p.changes) c
    WHERE p.state = 'applied' AND c->>'why' = 'room' AND (c->>'promised')::boolean
""")
COUNTS = {
    "missed": text("SELECT count(*) FROM visit WHERE state = 'missed'"),
    "dispatcher": text("SELECT count(*) FROM history WHERE thing = 'visit' AND event = 'nobody_left'"),
    "messages": text("SELECT count(*) FROM message WHERE attempts > 0"),
    "double": DOUBLE,
    "for_room": FOR_ROOM,
}
PLANS = text("SELECT state, count(*) FROM day_plan GROUP BY state")


def count(session: Session, first: datetime, last: datetime, now: datetime, zone: ZoneInfo) -> Counted:
    """The figures. first, last: midnights between which worked days are weighed. now: the end of the run."""
    found = Counted(**{name: session.scalar(query) for name, query in COUNTS.items()})
    found.plans = {state: number for state, number in session.execute(PLANS)}
    found.open_at_last = session.scalar(OPEN, {"now": now}) or 0
    visits = session.execute(VISITS).all()
    promises = defaultdict(list)
    for row in session.execute(PROMISES):
        promises[row.visit_id].append(Promise(row.at, row.worker_id, row.start))
    _orders(found, session.execute(ORDERS).all(), visits, promises)
    _promises(found, visits, promises)
    _days(found, session.execute(DAYS, {"first": first, "last": last}).all(), visits, zone)
    return found


def _orders(found: Counted, orders: Sequence[Any], visits: Sequence[Any], promises: dict[int, list[Promise]]) -> None:
    of_order = defaultdict(list)
    for visit in visits:
        of_order[visit.order_id].append(visit)
    found.orders = len(orders)
    for order in orders:
        mine = of_order[order.id]
        made = [one.made for visit in mine for one in promises.get(visit.id, ())]
        if made:
            found.waits.append((min(made) - order.opened_at).total_seconds() / MINUTE)
        if order.cancelled_by and not order.cancelled_by.startswith("staff:"):
            found.called_off += 1
            continue
        found.given_up += bool(order.cancelled_by)
        found.wanted += order.workers_needed
        in_time = sum(bool(visit.arrived_at and visit.arrived_at <= order.window_end) for visit in mine)
        found.unserved += max(0, order.workers_needed - in_time)


def _promises(found: Counted, visits: Sequence[Any], promises: dict[int, list[Promise]]) -> None:
    for visit in visits:
        told = promises.get(visit.id, [])
        for before, after in pairwise(told):
            found.other_worker += before.worker_id != after.worker_id
            found.other_time += before.worker_id == after.worker_id and before.start != after.start
        if visit.arrived_at and visit.departed_at:
            found.travel += (visit.arrived_at - visit.departed_at).total_seconds() / MINUTE
        if visit.state != "done":
            continue
        found.done += 1
        inside = visit.window_start <= visit.started_at <= visit.window_end
        kept = inside and bool(told) and visit.started_at <= told[-1].start + SLACK
        found.kept += kept
        found.late += not kept
        found.kept_first += inside and bool(told) and abs(visit.started_at - told[0].start) <= SLACK


def _days(found: Counted, days: Sequence[Any], visits: Sequence[Any], zone: ZoneInfo) -> None:
    with_him = defaultdict(list)
    for visit in visits:
        if visit.arrived_at and visit.ended_at and visit.state in ("done", "not_done"):
            span = visit.started_at or visit.arrived_at, visit.ended_at
            with_him[visit.worker_id, span[0].astimezone(zone).date()].append(span)
    for day in days:
        spans = with_him[day.worker_id, day.starts_at.astimezone(zone).date()]
        found.overtime += sum(_minutes(max(start, day.ends_at), end) for start, end in spans)
        if not day.is_away:
            found.loads.append(sum(_minutes(start, end) for start, end in spans) / MINUTE)


def _minutes(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / MINUTE)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of them lie; 0 without any."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def rows(found: Counted) -> Iterator[tuple[str, float]]:
    """Every figure that both runs have, with its name."""
    yield "orders", found.orders
    yield "called off by residents", found.called_off
    yield "visits wanted", found.wanted
    yield "visits done", found.done
    yield "promises kept", found.kept
    yield "kept as first told", found.kept_first
    yield "done, but late", found.late
    yield "missed", found.missed
    yield "nobody there when the window ended", found.unserved
    yield "handed to a dispatcher", found.dispatcher
    yield "given up by him", found.given_up
    yield "minutes from order to promise, mean", mean(found.waits) if found.waits else 0.0
    yield "the same, nine of ten within", percentile(found.waits, 0.9)
    yield "travel minutes for each visit done", found.travel / max(1, found.done)
    yield "promises given to another worker", found.other_worker
    yield "promises put to another time", found.other_time
    yield "of both, only to make room", found.for_room
    yield "messages for each order", found.messages / max(1, found.orders)
    yield "load: deviation of hours with residents", found.spread
    yield "overtime, minutes", found.overtime
    yield "double bookings", found.double
    yield "open and nobody knows", found.open_at_last
