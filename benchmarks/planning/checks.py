"""An independent judge of solutions: every rule and every cost from the documents alone, without a line of the planner.

A verdict lists each broken rule as a sentence, and the figures as they would be if none were broken.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
Sentences = Iterator[str]

EXACT = 1e-6
"""Times that differ by less are the same: decimals are not exact."""


class Broken(AssertionError):
    """A solution breaks rules; the message holds a sentence for each."""


@dataclass
class Verdict:
    """cost: the objective where there is one. served: visits done. travel, tardiness, worst: in the document's unit."""

    travel: float = 0.0
    served: int = 0
    tardiness: float = 0.0
    worst: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def cost(self) -> float:
        """The objective of home health care routing and scheduling (Mankowska et al. 2014)."""
        return (self.travel + self.tardiness + self.worst) / 3

    def approved(self) -> "Verdict":
        """Itself. Raises Broken with all sentences if a rule is broken."""
        if self.problems:
            raise Broken("\n".join(self.problems))
        return self


def judge_hhcrsp(instance: Document, solution: Document) -> Verdict:
    """A solution of a home health care routing and scheduling instance, in the published form."""
    verdict = Verdict()
    patients = {patient["id"]: (place, patient) for place, patient in enumerate(instance["patients"], start=1)}
    abilities = {caregiver["id"]: caregiver["abilities"] for caregiver in instance["caregivers"]}
    durations = {service["id"]: service.get("default_duration") for service in instance["services"]}
    done: dict[tuple[str, str], list[tuple[str, float]]] = {}
    seen: set[str] = set()
    for route in solution["routes"]:
        caregiver = route["caregiver_id"]
        if caregiver not in abilities:
            verdict.problems.append(f"{caregiver} is no caregiver of the instance.")
            continue
        if caregiver in seen:
            verdict.problems.append(f"{caregiver} has two routes.")
        seen.add(caregiver)
        at, free = 0, 0.0
        for stop in route["locations"]:
            patient_id, service = _of(stop, "patient"), _of(stop, "service")
            if patient_id not in patients:
                verdict.problems.append(f"{patient_id} is no patient of the instance.")
                continue
            place, patient = patients[patient_id]
            start, leaves = float(stop["arrival_time"]), float(stop["departure_time"])
            way = instance["distances"][at][place]
            verdict.problems += _of_a_stop(caregiver, patient, service, start, leaves, free + way, durations)
            if service not in abilities[caregiver]:
                verdict.problems.append(f"{caregiver} is not able to do {service} for {patient_id}.")
            done.setdefault((patient_id, service), []).append((caregiver, start))
            late = max(0.0, start - patient["time_window"][1])
            verdict.tardiness += late
            verdict.worst = max(verdict.worst, late)
            verdict.travel += way
            at, free = place, leaves
        verdict.travel += instance["distances"][at][0]
    for _, patient in patients.values():
        missing = list(_of_a_patient(patient, done))
        verdict.served += not missing
        verdict.problems += missing
    return verdict


def _of(stop: Document, what: str) -> str:
    """The published form exists with two spellings: patient and patient_id, service and service_id."""
    return str(stop[what] if what in stop else stop[f"{what}_id"])


def _of_a_stop(
    caregiver: str, patient: Document, service: str, start: float, leaves: float, arrives: float, durations: Document
) -> Sentences:
    name = f"{service} for {patient['id']}"
    if start < arrives - EXACT:
        yield f"{caregiver} starts {name} at {start:g}, but can't be there before {arrives:g}."
    if start < patient["time_window"][0] - EXACT:
        yield f"{caregiver} starts {name} at {start:g}, before the window opens at {patient['time_window'][0]:g}."
    needed = [need for need in patient["required_caregivers"] if need["service"] == service]
    if not needed:
        yield f"{caregiver} does {name}, which nobody asked for."
        return
    duration = needed[0].get("duration", durations[service])
    if abs(leaves - start - duration) > EXACT:
        yield f"{caregiver} spends {leaves - start:g} on {name}, not {duration:g}."


def _of_a_patient(patient: Document, done: dict[tuple[str, str], list[tuple[str, float]]]) -> Sentences:
    name, needed = patient["id"], patient["required_caregivers"]
    found: list[tuple[str, float]] = []
    for service, times in Counter(need["service"] for need in needed).items():
        given = done.get((name, service), [])
        found += given
        if len(given) != times:
            yield f"{service} for {name} is done {len(given)} times, not {times}."
            return
    if len(found) == 2:
        yield from _of_two(patient, *found)


def _of_two(patient: Document, first: tuple[str, float], second: tuple[str, float]) -> Sentences:
    name, wanted = patient["id"], patient["synchronization"]
    if first[0] == second[0]:
        yield f"{first[0]} is both persons at {name}."
    apart = second[1] - first[1]
    if wanted["type"] == "simultaneous":
        if abs(apart) > EXACT:
            yield f"The two at {name} start {abs(apart):g} apart instead of together."
        return
    distance = wanted["distance"]
    least, most = (distance["min"], distance["max"]) if isinstance(distance, dict) else distance
    if not least - EXACT <= apart <= most + EXACT:
        yield f"The second at {name} starts {apart:g} after the first, not {least:g} to {most:g}."


def judge_day(day: Document, plan: Document) -> Verdict:
    """A plan of a day: {"routes": [{"worker", "stops": [{"visit", "start"}]}]}, seconds since midnight.

    All leave home not before their start and are back by their end; a visit begins inside its window.
    """
    verdict = Verdict()
    workers = {worker["id"]: (place, worker) for place, worker in enumerate(day["workers"])}
    visits = {visit["id"]: (place, visit) for place, visit in enumerate(day["visits"], start=len(workers))}
    by: dict[int, int] = {}
    seen: set[int] = set()
    for route in plan["routes"]:
        if route["worker"] not in workers:
            verdict.problems.append(f"There is no worker {route['worker']}.")
            continue
        if route["worker"] in seen:
            verdict.problems.append(f"Worker {route['worker']} has two routes.")
        seen.add(route["worker"])
        home, worker = workers[route["worker"]]
        at, free = home, worker["start"]
        for stop in route["stops"]:
            if stop["visit"] not in visits:
                verdict.problems.append(f"There is no visit {stop['visit']}.")
                continue
            place, visit = visits[stop["visit"]]
            arrives = free + day["travel"][at][place]
            verdict.problems += _of_a_visit(worker, visit, stop["start"], arrives)
            if visit["id"] in by:
                verdict.problems.append(f"Visit {visit['id']} is done by {by[visit['id']]} and by {worker['id']}.")
            by[visit["id"]] = worker["id"]
            verdict.travel += day["travel"][at][place]
            at, free = place, stop["start"] + visit["duration"]
        verdict.travel += day["travel"][at][home]
        free += day["travel"][at][home]
        if free > worker["end"]:
            verdict.problems.append(f"Worker {worker['id']} is home at {_clock(free)}, after {_clock(worker['end'])}.")
    verdict.served = len(by)
    return verdict


def _of_a_visit(worker: Document, visit: Document, start: int, arrives: int) -> Sentences:
    name = f"Worker {worker['id']} starts visit {visit['id']} at {_clock(start)}"
    opens, closes = visit["window"]
    if start < arrives:
        yield f"{name}, but can't be there before {_clock(arrives)}."
    if not opens <= start <= closes:
        yield f"{name}, outside {_clock(opens)}-{_clock(closes)}."
    if visit["skill"] not in worker["skills"]:
        yield f"Worker {worker['id']} lacks skill {visit['skill']} for visit {visit['id']}."


def _clock(seconds: float) -> str:
    """Seconds since midnight as hours, minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
