"""A district for the tests of the services: Rosa's street, people with shifts, and an order in one line."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, crypto, queue
from app.core.moves import History
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.visits import dispatching
from app.visits.models import Offer, Visit
from app.workforce.models import Shift, Worker
from tests.people import cast
from tests.people.cast import SHANGHAI, Town

DOOR = (31.2011, 121.4012)
"""Where Rosa lives."""


@dataclass
class World:
    """Everything a test of the services needs to name."""

    session: Session
    town: Town
    rosa: Resident
    people: dict[str, Worker] = field(default_factory=dict)

    @classmethod
    def build(cls, session: Session, **rosa: Any) -> "World":
        town = cast.town(session)
        return cls(session, town, cast.rosa(session, town, **rosa))

    def worker(self, name: str, number: str, east: float = 500, **facts: Any) -> Worker:
        """On shift 08-20 today and tomorrow, ``east`` metres from Rosa."""
        hours = facts.pop("hours", (8, 20))
        row = Worker(
            name=name,
            name_en=name,
            number=number,
            number_hash=crypto.keyed_hash(number),
            **({"skills": ["haircut"], "speaks": ["zh-CN"], "home": [DOOR[0], DOOR[1] + east / 95_000]} | facts),
        )
        self.session.add(row)
        self.session.flush()
        first = clock.now().astimezone(SHANGHAI).date()
        for day in (first, first + timedelta(days=1)):
            self.shift(row, day, hours)
        self.people[name] = row
        return row

    def shift(self, worker: Worker, day: Any, hours: tuple[int, int], kind: str = "work") -> None:
        starts, ends = (datetime.combine(day, time(hour), SHANGHAI) for hour in hours)
        self.session.add(Shift(worker_id=worker.id, kind=kind, starts_at=starts, ends_at=ends))
        self.session.flush()

    def amir(self, **facts: Any) -> Worker:
        return self.worker("Amir", cast.AMIR, **({"east": 300} | facts))

    def lena(self, **facts: Any) -> Worker:
        return self.worker("Lena", cast.LENA, **({"east": 2000} | facts))

    def order(self, **more: Any) -> ServiceOrder:
        """Rosa's haircut between 10 and 12, unless said otherwise."""
        more = {"window": (local("10:00"), local("12:00"))} | more
        return cast.order(self.session, self.town, more.pop("subject", self.rosa), **more)

    def dispatched(self, **more: Any) -> Visit:
        """The first visit of a new order, after somebody was looked for."""
        order = self.order(**more)
        dispatching.dispatch(self.session, order.id)
        return self.visits(order)[0]

    def visits(self, order: ServiceOrder) -> list[Visit]:
        query = select(Visit).where(Visit.order_id == order.id).order_by(Visit.id)
        return list(self.session.scalars(query.execution_options(populate_existing=True)))

    def order_of(self, visit: Visit) -> ServiceOrder:
        return self.session.get_one(ServiceOrder, visit.order_id)

    def offer_of(self, visit: Visit) -> Offer:
        """The latest offer made for the visit."""
        query = select(Offer).where(Offer.visit_id == visit.id).order_by(Offer.id.desc()).limit(1)
        return self.session.scalars(query).one()

    def written(self, template: str | None = None) -> list[Message]:
        query = select(Message).order_by(Message.id)
        return list(self.session.scalars(query if template is None else query.where(Message.template == template)))

    def events(self, thing: Any) -> list[str]:
        query = select(History).where(History.thing == thing.__tablename__, History.thing_id == thing.id)
        return [row.event for row in self.session.scalars(query.order_by(History.id))]

    def asked_for(self, job: str) -> list[tuple[Any, ...]]:
        return [args for name, args in queue.waiting(self.session) if name == job]


def local(hours_and_minutes: str, days: int = 0) -> datetime:
    """ "10:30" today (or ``days`` later) in the district, aware."""
    day = clock.now().astimezone(SHANGHAI).date() + timedelta(days=days)
    return datetime.combine(day, time.fromisoformat(hours_and_minutes), SHANGHAI)


def wind(**by: float) -> None:
    clock.wind(timedelta(**by))
