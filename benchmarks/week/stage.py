"""Where the week takes place: simulated time, the product's jobs carried out right after each commit, and its sweep."""

import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from time import perf_counter
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.core import clock, db, settings
from app.visits import planning
from app.visits.dayplan.changes import Plan
from app.visits.matching.problem import Problem
from app.visits.planner.search import Limits
from benchmarks.week import sweeping
from benchmarks.week.calls import Call
from benchmarks.week.doorbell import Doorbell, Ear, connected
from benchmarks.week.lots import Lots
from benchmarks.week.time import Life, Time
from workers import hotline, messages, quality, sweep, visits
from workers.patience import Patience

WINGS = {"visits": visits, "messages": messages, "hotline": hotline, "quality": quality}

SEARCHING = 2.0
"""Seconds for which the district goes on while a plan is searched for, however long the benchmark searches."""


class Stage:
    """One run.

    is_planned: with the day plan; without it plans are begun and fail at once, and what waits for one goes to the
    dispatchers' list. calls: by order. phones: whose it is, by number. told: by worker, the event that he is told of
    something.
    faults: jobs that broke down, as they would stand in the log. searched: real seconds of each plan.
    """

    def __init__(self, lots: Lots, begins: datetime, is_planned: bool) -> None:
        self.lots, self.is_planned = lots, is_planned
        self.time = Time(begins)
        self.zone: ZoneInfo = settings.current().zone
        self.calls: dict[int, Call] = {}
        self.phones: dict[str, int] = {}
        self.told: dict[int, Any] = {}
        self.faults: list[str] = []
        self.searched: list[float] = []
        self._bell = Doorbell()
        self._search = visits.search
        self._aside = 0.0

    @contextmanager
    def open(self) -> Iterator[None]:
        """Doors, sweep and search are the stage's for the length of the block."""
        with ExitStack() as stack:
            stack.enter_context(connected(self._bell, Ear(self._heard)))
            stack.enter_context(patch.object(visits, "search", self._searching))
            sweep.be_patient(Patience())
            stack.callback(sweep.be_patient, None)
            self.time.process(sweeping.rounds(self.time, self.settle))
            yield

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A unit of work, after which everything that it rang is carried out."""
        with db.unit_of_work() as session:
            yield session
        self.settle()

    def settle(self) -> None:
        """Carry out what was rung, and what that rings; a plan takes a while, so it has a life of its own."""
        while self._bell.rung:
            name, args = self._bell.rung.popleft()
            if name == "visits.plan":
                self.time.process(self._plan(*args))
            else:
                self._carry_out(name, args)

    def hear(self, worker_id: int) -> Any:
        """The event that the worker is told something next."""
        if worker_id not in self.told or self.told[worker_id].triggered:
            self.told[worker_id] = self.time.event()
        return self.told[worker_id]

    def _heard(self, number: str) -> None:
        worker_id = self.phones.get(number)
        if worker_id is not None and not self.hear(worker_id).triggered:
            self.told[worker_id].succeed()

    def _carry_out(self, name: str, args: tuple[Any, ...]) -> None:
        """As a worker process does it: a job that breaks down is told and forgotten; the sweep will ring again."""
        wing, _, verb = name.partition(".")
        try:
            getattr(WINGS[wing], verb)(*args)
        except Exception:
            self.faults.append(f"{clock.now():%a %H:%M} {name}{args}: {traceback.format_exc()}")

    def _plan(self, plan_id: int) -> Life:
        yield self.time.timeout(0)
        if not self.is_planned:
            with db.unit_of_work() as session:
                if planning.begin(session, plan_id) is not None:
                    planning.failed(session, plan_id)
        else:
            began, self._aside = perf_counter(), 0.0
            known = len(self.searched)
            self._carry_out("visits.plan", (plan_id,))
            if len(self.searched) > known:
                self.searched[-1] = perf_counter() - began - self._aside
        self.settle()

    def _searching(self, problem: Problem, seed: int, limits: Limits) -> Plan:
        """The search, and what happens in the district meanwhile."""
        found = self._search(problem, seed, limits)
        self.searched.append(0.0)
        began = perf_counter()
        self.time.pass_until(self.time.now + SEARCHING)
        self._aside = perf_counter() - began
        return found
