"""One run of the week, from an empty calendar to the evening after its last day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.catalogue.models import ServiceItem
from app.core import clock, db, site
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.sample.draw import Options, Sample, draw
from app.sample.load import load
from app.visits.models import DayPlan, Visit
from app.workforce.models import Shift, Worker
from benchmarks.week import residents
from benchmarks.week.calls import Call, calls
from benchmarks.week.dispatcher import Dispatcher
from benchmarks.week.lots import Lots
from benchmarks.week.stage import Stage
from benchmarks.week.workers import Person

FIRST = date(2026, 11, 23)
"""A Monday without holidays around."""

MIDNIGHT = time()

AFTERWARDS = timedelta(days=4)
"""So long after the last call whatever was ordered must be over."""


@dataclass(frozen=True)
class Week:
    """What is driven. seconds: real time for each search. weights: those that are not as usual."""

    sample: Sample
    lots: Lots
    days: int
    zone: ZoneInfo
    orders: Sequence[Call]
    seconds: float
    weights: dict[str, float]

    @property
    def begins(self) -> datetime:
        """The first midnight."""
        return datetime.combine(FIRST, MIDNIGHT, self.zone)

    @property
    def ends(self) -> datetime:
        """The last midnight of the days that count."""
        return datetime.combine(FIRST + timedelta(days=self.days), MIDNIGHT, self.zone)


def week(
    options: Options, days: int, a_day: int, seconds: float, zone: ZoneInfo, weights: dict[str, float] | None = None
) -> Week:
    """The week that ``options.seed`` gives. a_day: orders on a working day."""
    sample, lots = draw(options, FIRST, zone), Lots(options.seed)
    return Week(sample, lots, days, zone, calls(lots, sample, FIRST, days, a_day, zone), seconds, weights or {})


def fill(week: Week) -> None:
    """Put the district into the (empty) database; anybody may be written to."""
    clock.start(week.begins, rate=0)
    with db.unit_of_work() as session:
        load(session, week.sample, week.begins)
        site.put(session, "live", True)
        site.put(session, "dispatch_plan", {"seconds": week.seconds})
        site.put(session, "dispatch_weights", week.weights)


def drive(week: Week, is_planned: bool, tell: Callable[[str], None]) -> Stage:
    """Let the week happen in the database that fill has filled; ``tell`` gets a line for each day."""
    clock.start(week.begins, rate=0)
    stage = Stage(week.lots, week.begins, is_planned)
    with stage.open():
        _begin(stage, week)
        day, began = week.begins, perf_counter()
        while day < week.ends or (day < week.ends + AFTERWARDS and not _is_over()):
            following = datetime.combine(day.date() + timedelta(days=1), MIDNIGHT, week.zone)
            stage.time.pass_until(following.timestamp())
            tell(_line(stage, day, perf_counter() - began))
            day = following
    return stage


def _begin(stage: Stage, week: Week) -> None:
    with db.unit_of_work() as session:
        items = {code: item_id for code, item_id in session.execute(select(ServiceItem.code, ServiceItem.id))}
        known = session.execute(select(Resident.external_id, Resident.id))
        people = {external_id: resident_id for external_id, resident_id in known}
        workers = list(session.scalars(select(Worker).order_by(Worker.id)))
        shifts = list(session.scalars(select(Shift).where(Shift.kind == "work").order_by(Shift.starts_at)))
    for row in workers:
        person = Person(stage, row, [shift for shift in shifts if shift.worker_id == row.id])
        for life in (person.reads, person.works, person.falls_ill):
            stage.time.process(life())
    stage.time.process(Dispatcher(stage).life())
    for call in week.orders:
        stage.time.process(residents.ring(stage, call, items[call.item], people[call.resident]))


def _is_over() -> bool:
    """Whether nothing that was ordered is still to come."""
    with db.unit_of_work() as session:
        to_come = select(ServiceOrder.id).where(ServiceOrder.state.in_(("open", "scheduled", "under_way")))
        return session.scalar(to_come.limit(1)) is None


def _line(stage: Stage, day: datetime, seconds: float) -> str:
    with db.unit_of_work() as session:
        orders = session.scalar(select(func.count(ServiceOrder.id)).where(ServiceOrder.opened_at >= day))
        done = session.scalar(select(func.count(Visit.id)).where(Visit.state == "done", Visit.ended_at >= day))
        plans = session.scalar(select(func.count(DayPlan.id)).where(DayPlan.wanted_at >= day))
    return f"{day:%a %d %b}: {orders} orders, {done} visits done, {plans} plans wanted; {seconds:.0f} s so far"
