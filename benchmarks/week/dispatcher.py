"""The dispatcher: what lands on his list is handled after some minutes by one fixed rule, the same in both runs.

Nobody left: he tries once more; after that it waits, since a plan may still find room, and at the end of its window he
gives up and calls the order off. Nobody opened: the resident is given the next usual window, once. What only has to be
looked at is settled. Visits that an absent worker still has are taken from him. Each day he sets how slow its weather
makes all ways.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, site
from app.orders import changes, windows
from app.orders.models import ServiceOrder
from app.orders.rules import CHANGEABLE
from app.visits import assigning
from app.visits.models import Visit
from app.visits.rules import CURRENT
from app.workforce.models import Shift
from benchmarks.week.lots import weather
from benchmarks.week.stage import Stage
from benchmarks.week.time import Life

BY = "staff:2"
GIVES_UP = "nobody could be found"
ROUND = 300
"""Seconds between two looks at the list."""

AFTER = timedelta(minutes=10)
"""So long something lies on the list before it is its turn."""

_GOES_BY_ITSELF = Visit.attention.in_(("late", "overrun")) & Visit.state.in_(CURRENT)
"""What is over when the worker comes or goes; an overrun that is settled before is raised again at once."""

HOURS = (7, 21)


class Dispatcher:
    """Looks out of the window each morning. Remembers since when a thing lies on the list, and what was tried."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._since: dict[tuple[int, str], datetime] = {}
        self._tried: set[tuple[int, str]] = set()
        self._mornings: set[date] = set()

    def life(self) -> Life:
        """Looks at the list by day."""
        while True:
            local = clock.now().astimezone(self._stage.zone)
            if local.date() not in self._mornings:
                self._mornings.add(local.date())
                with self._stage.transaction() as session:
                    site.put(session, "travel_slowness", weather(self._stage.lots, local.date()))
            if HOURS[0] <= local.hour < HOURS[1]:
                self._look()
            yield self._stage.time.timeout(ROUND)

    def _look(self) -> None:
        with self._stage.transaction() as session:
            flagged = select(Visit.id, Visit.attention).where(Visit.attention.is_not(None), ~_GOES_BY_ITSELF)
            listed = [(visit_id, why or "") for visit_id, why in session.execute(flagged.order_by(Visit.id))]
            absent = [(visit_id, "absent") for visit_id in _of_the_absent(session)]
        now = clock.now()
        self._since = {one: self._since.get(one, now) for one in (*listed, *absent)}
        for visit_id, why in [one for one, since in self._since.items() if now - since >= AFTER]:
            self._handle(visit_id, why)

    def _handle(self, visit_id: int, why: str) -> None:
        with self._stage.transaction() as session:
            visit = session.get_one(Visit, visit_id)
            if why == "absent":
                assigning.withdraw(session, visit, BY, "absent")
            elif visit.attention != why:
                return
            elif visit.state != "attention":
                assigning.settle_attention(session, visit, BY, "seen")
            elif (visit.order_id, why) not in self._tried:
                self._tried.add((visit.order_id, why))
                _try(session, visit, why)
            elif visit.window_end <= clock.now():
                _give_up(session, visit)


def _of_the_absent(session: Session) -> list[int]:
    """Visits to come of workers who will be away."""
    away = func.tstzrange(Shift.starts_at, Shift.ends_at).op("&&")(Visit.during)
    found = select(Visit.id).join(Shift, Shift.worker_id == Visit.worker_id)
    found = found.where(Shift.kind == "leave", away, Visit.state.in_(("offered", "accepted")))
    return list(session.scalars(found.distinct().order_by(Visit.id)))


def _try(session: Session, visit: Visit, why: str) -> None:
    order = session.get_one(ServiceOrder, visit.order_id)
    if why == "nobody_left" or order.item_id is None:
        assigning.retry(session, visit, BY)
        return
    window = windows.default(session, session.get_one(ServiceItem, order.item_id))
    changes.change(session, order, {"window": window}, BY, why)


def _give_up(session: Session, visit: Visit) -> None:
    order = session.get_one(ServiceOrder, visit.order_id)
    if order.state in CHANGEABLE and visit.state in CURRENT:
        changes.cancel(session, order, BY, GIVES_UP)
