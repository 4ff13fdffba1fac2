"""Home health care routing and scheduling: instances as the planner's arrays, its days in the published form.

Mankowska, Meisel and Bierwirth, The home health care routing and scheduling problem with interdependent services,
Health Care Management Science 17 (2014). To be least: (total travel + total tardiness + greatest tardiness) / 3, all
patients served, all caregivers leaving the one office at 0, no service before its window opens. About 30 % of the
patients need two caregivers, at the same time or the second so much later than the first.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from app.visits.planner.day import START, Day
from app.visits.planner.instance import FAR, NOT_POSSIBLE, Instance, neighbours
from app.visits.planner.search import routes
from benchmarks.planning.files import Document

SCALE = 1000
"""Whole units in one of the instance's: its distances have three decimal places, so nothing is rounded away."""

PRIZE = 1e8
"""For serving a task, beyond all travel and tardiness there can be."""

NEAR = 30
"""Near tasks that are looked at for each."""


@dataclass(frozen=True)
class Problem:
    """An instance by its name. tasks: (patient, service, duration) of each of the planner's tasks."""

    name: str
    patients: int
    caregivers: list[str]
    tasks: list[tuple[str, str, float]]
    it: Instance


def read(name: str, document: Document) -> Problem:
    """The planner's arrays for an instance in JSON."""
    durations = {service["id"]: service.get("default_duration") for service in document["services"]}
    rows: list[list[int]] = []
    tasks: list[tuple[str, str, float]] = []
    for place, patient in enumerate(document["patients"], start=1):
        opens, due = patient["time_window"]
        needed = patient["required_caregivers"]
        apart = _apart(patient["synchronization"]) if len(needed) == 2 else (0, 0)
        for part, need in enumerate(needed):
            duration = need.get("duration", durations[need["service"]])
            mate = len(rows) + (1, -1)[part] if len(needed) == 2 else -1
            least, most = apart if part == 0 else (-apart[1], -apart[0])
            rows.append([place, _whole(duration), _whole(opens), _whole(due), FAR, mate, least, most])
            tasks.append((patient["id"], need["service"], duration))
    caregivers = document["caregivers"]
    return Problem(
        name=name,
        patients=len(document["patients"]),
        caregivers=[caregiver["id"] for caregiver in caregivers],
        tasks=tasks,
        it=_instance(document, rows, [service for _, service, _ in tasks]),
    )


def _instance(document: Document, rows: list[list[int]], services: list[str]) -> Instance:
    travel = np.rint(np.array(document["distances"], float) * SCALE).astype(np.int32)
    caregivers = document["caregivers"]
    office = [0, 0, 0, 0, 0, -1, 0, 0]
    able = [[service in caregiver["abilities"] for service in services] for caregiver in caregivers]
    node = np.array(rows + [office] * (2 * len(caregivers)), np.int64)
    return Instance(
        travel=travel[None],
        node=node,
        crew=np.array([[0, 0, FAR, FAR, 0, 0]] * len(caregivers), np.int64),
        wish=np.where(able, 0.0, NOT_POSSIBLE),
        price=np.array([[1.0, PRIZE, 0.0]] * len(rows)),
        rates=np.array([0.0, 0.0, 1.0, NOT_POSSIBLE, 1.0]),
        near=neighbours(travel, node[: len(rows)], NEAR),
    )


def _apart(synchronization: dict[str, Any]) -> tuple[int, int]:
    """By how much the second starts later than the first; its distance is written as [min, max] or {min, max}."""
    if synchronization["type"] == "simultaneous":
        return 0, 0
    distance = synchronization["distance"]
    least, most = (distance["min"], distance["max"]) if isinstance(distance, dict) else distance
    return _whole(least), _whole(most)


def _whole(value: float) -> int:
    return round(value * SCALE)


def cost(price: float) -> float:
    """The objective, from the planner's price."""
    return price / SCALE / 3


def solution(problem: Problem, day: Day) -> Document:
    """The day in the published form; arrival_time is when the service starts.

    Services that nobody does are left out, and the checker says so.
    """
    walked = routes(day, len(problem.caregivers))
    return {
        "routes": [
            {"caregiver_id": caregiver, "locations": [_stop(problem, day, v) for v in route]}
            for caregiver, route in zip(problem.caregivers, walked, strict=True)
        ]
    }


def _stop(problem: Problem, day: Day, v: int) -> Document:
    patient, service, duration = problem.tasks[v]
    start = int(day.node[v, START]) / SCALE
    return {
        "patient": patient,
        "service": service,
        "arrival_time": start,
        "departure_time": round(start + duration, 3),
    }
