"""The workers: they answer or do not, ride as long as it really takes, stay as long as it really takes, fall ill."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.core import clock
from app.messages.models import Message
from app.places.distance import Estimate, Place
from app.visits import absence_proposals, absences, offers, proving, rows, visiting
from app.visits.codes import residents_half
from app.visits.models import Offer, Visit
from app.visits.rules import AT_THE_DOOR
from app.workforce.models import Shift, Worker
from benchmarks.week.lots import weather
from benchmarks.week.stage import Stage
from benchmarks.week.time import Life

ANSWERS: dict[str, float] = {"accept": 0.84, "decline": 0.08, "silence": 0.08}
LATE_START, LATE_LEAVING, ILL, BACK_SOON, OVERRUN = 0.06, 0.1, 0.035, 0.35, 0.05
"""Shares: of the days begun late, the ways begun late, the days on which he reports ill, of those the ones on which he
comes back the same day, and of the visits that last much longer."""

WAY, LENGTH = 0.22, 0.22
"""How far true ways and visits are from the estimates (lots.factor)."""

AT_HOME = timedelta(hours=4)
KNOCKS = 600
"""Seconds in front of a door that nobody opens."""
WAITS_FOR_MATE = 1800


@dataclass(frozen=True)
class Span:
    """A stretch of work."""

    start: datetime
    end: datetime


class Person:
    """One worker, as he really is. place: where he is; ill: until when."""

    def __init__(self, stage: Stage, row: Worker, shifts: list[Shift]) -> None:
        self._stage, self._time, self._lots = stage, stage.time, stage.lots
        self.id, self.name, self._mode = row.id, row.external_id or str(row.id), row.mode
        self._home: Place = (row.home[0], row.home[1])
        self._place, self._left_at = self._home, clock.now() - AT_HOME
        self._shifts = [Span(one.starts_at, one.ends_at) for one in shifts]
        self._ill_until = clock.now()
        self._asked: set[int] = set()
        stage.phones[row.number] = row.id

    @property
    def _by(self) -> str:
        return f"worker:{self.id}"

    def reads(self) -> Life:
        """His phone: each question has its answer, some minutes later."""
        while True:
            yield self._stage.hear(self.id)
            with self._stage.transaction() as session:
                texted = select(Offer.id, Offer.order_id).join(Message, Message.visit_id == Offer.visit_id).where(
                    Offer.worker_id == self.id, Offer.state == "sent",
                    Message.recipient == self._by, Message.template == "offer", Message.state != "queued",
                )  # fmt: skip
                new = [tuple(row) for row in session.execute(texted.distinct()) if row.id not in self._asked]
            for offer_id, order_id in new:
                self._asked.add(offer_id)
                self._time.process(self._answers(offer_id, self._stage.calls[order_id].key))

    def _answers(self, offer_id: int, key: str) -> Life:
        answer = self._lots.one_of(ANSWERS, "answer", self.name, key)
        yield self._time.timeout(self._lots.between(20, 480, "thinks", self.name, key))
        if answer == "silence" or self._is_ill():
            return
        with self._stage.transaction() as session:
            offer = session.get(Offer, offer_id)
            if offer is None or offer.state != "sent":
                return
            if answer == "accept":
                offers.accept(session, offer, "sms")
            else:
                offers.decline(session, offer, "sms", "busy")

    def works(self) -> Life:
        """His days, one after the other."""
        for shift in self._shifts:
            late = self._lots.between(600, 2400, "oversleeps", self.name, shift.start.date())
            is_late = self._lots.happens(LATE_START, "late", self.name, shift.start.date())
            yield self._time.until(shift.start.timestamp() + (late if is_late else 0))
            yield from self._day(shift)

    def _day(self, shift: Span) -> Life:
        """From visit to visit; what he has promised he does even after hours."""
        if clock.now() - self._left_at >= AT_HOME:
            self._place = self._home
        while True:
            due = self._next(shift) if not self._is_ill() else None
            if due is None and clock.now() >= shift.end:
                return
            leaves = self._leaves(due) if due is not None else shift.end.timestamp()
            if due is not None and leaves <= self._time.now:
                yield from self._visit(due)
            else:
                yield self._stage.hear(self.id) | self._time.until(max(leaves, self._time.now + 1))

    def _next(self, shift: Span) -> Visit | None:
        """The next visit of this day that he has promised."""
        with self._stage.transaction() as session:
            due = visiting.current(session, self.id)
            return due if due is not None and rows.starts_at(due) < shift.end + AT_HOME else None

    def _leaves(self, due: Visit) -> float:
        """When he sets out: by the estimated way, and some minutes early; now and then late."""
        key = self._stage.calls[due.order_id].key
        early = self._lots.between(0, 360, "early", self.name, key)
        if self._lots.happens(LATE_LEAVING, "leaves late", self.name, key):
            early = -self._lots.between(300, 900, "how late", self.name, key)
        way = Estimate(slowness=weather(self._lots, self._today())).leg(
            self._place, (due.place[0], due.place[1]), self._mode
        )
        return rows.starts_at(due).timestamp() - way.seconds - early

    def _visit(self, due: Visit) -> Life:
        with self._stage.transaction() as session:
            if not visiting.depart(session, due, self._by):
                return
        door = (due.place[0], due.place[1])
        yield self._time.timeout(self._true_way(due, door))
        self._place, self._left_at = door, clock.now()
        with self._stage.transaction() as session:
            is_there = visiting.arrive(session, due, self._by, door)
        if not is_there:
            return
        yield self._time.until(rows.starts_at(due).timestamp())
        yield from self._at_the_door(due)
        self._left_at = clock.now()

    def _true_way(self, due: Visit, door: Place) -> float:
        key, today = self._stage.calls[due.order_id].key, self._today()
        estimate = Estimate(slowness=weather(self._lots, today)).leg(self._place, door, self._mode).seconds
        return estimate * self._lots.factor(WAY, "way", self.name, key)

    def _at_the_door(self, due: Visit) -> Life:
        call = self._stage.calls[due.order_id]
        yield from self._waits_for_mate(due)
        if call.is_out and not self._was_there_before(due):
            yield self._time.timeout(KNOCKS)
            with self._stage.transaction() as session:
                visiting.fail(session, due, "nobody_home", self._by)
            return
        with self._stage.transaction() as session:
            known = proving.prove(session, due, residents_half(rows.visit(session, due.id).code), self._by)
        if known != "proved":  # called off a moment ago
            return
        much = 1.7 if self._lots.happens(OVERRUN, "overruns", call.key) else 1.0
        yield self._time.timeout(60 * due.minutes * much * self._lots.factor(LENGTH, "length", call.key))
        with self._stage.transaction() as session:
            visiting.finish(session, due, self._by)

    def _waits_for_mate(self, due: Visit) -> Life:
        """Two who come together begin together; nobody waits for ever."""
        last = self._time.now + WAITS_FOR_MATE
        while self._time.now < last:
            with self._stage.transaction() as session:
                others = [one for one in rows.current_visits(session, due.order_id, lock=False) if one.id != due.id]
            if all(one.state in AT_THE_DOOR or one.worker_id is None for one in others):
                return
            yield self._time.timeout(60)

    def _was_there_before(self, due: Visit) -> bool:
        """Whether somebody stood in vain at this door already."""
        with self._stage.transaction() as session:
            vain = select(Visit.id).where(Visit.order_id == due.order_id, Visit.state == "not_done", Visit.id < due.id)
            partners = select(Visit.id).where(Visit.order_id == due.order_id, Visit.during.op("&&")(due.during))
            return session.scalar(vain.where(Visit.id.not_in(partners)).limit(1)) is not None

    def falls_ill(self) -> Life:
        """Days on which he reports ill, before or during work; some come back the same day."""
        for shift in self._shifts:
            day = shift.start.date()
            if not self._lots.happens(ILL, "ill", self.name, day):
                continue
            from_start = self._lots.between(-5400, 12600, "ill when", self.name, day)
            yield self._time.until(shift.start.timestamp() + from_start)
            yield from self._is_away(shift, day)

    def _is_away(self, shift: Span, day: date) -> Life:
        if clock.now() >= shift.end or self._is_ill():
            return
        self._ill_until = shift.end
        with self._stage.transaction() as session:
            absence = absences.Absence(self.id, clock.now(), shift.end, "staff:1", "ill")
            proposal = absence_proposals.add(session, absence)
            absence_proposals.confirm(session, proposal.version, "staff:1")
            leave = absences.to_come(session, [self.id])[self.id][0].id
        with self._stage.transaction() as session:
            due = visiting.current(session, self.id)
            if due is not None and due.state == "en_route":
                visiting.give_back(session, due, self._by, "ill")
        if self._lots.happens(BACK_SOON, "back", self.name, day):
            yield self._time.timeout(self._lots.between(5400, 14400, "back when", self.name, day))
            self._ill_until = clock.now()
            with self._stage.transaction() as session:
                absences.end(session, leave, "staff:1")
            told = self._stage.hear(self.id)
            told.succeed()

    def _is_ill(self) -> bool:
        return clock.now() < self._ill_until

    def _today(self) -> date:
        return clock.now().astimezone(self._stage.zone).date()
