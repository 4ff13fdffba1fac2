"""What a simple product does: the nearest worker who has the skill and is free goes after his last visit."""

from dataclasses import replace

from app.visits.matching.problem import Stop
from tests.visits.checker import way


def nearest_free(problem):
    """(worker_id, start), or None; looks only at the end of each worker's day."""
    asked, best = problem.request, None
    for person in problem.candidates:
        if asked.skill and asked.skill not in person.skills:
            continue
        last = max(person.stops, key=lambda stop: stop.end, default=None)
        origin, free = (last.place, last.end) if last else (person.home, person.work[0].start)
        ride = way(origin, asked.place, person.mode)
        start = max(round(free + ride), asked.window.start, problem.now + problem.limits.notice)
        if start <= asked.window.end and start + asked.seconds <= person.work[0].end:
            best = min(best or (ride, person.worker_id, start), (ride, person.worker_id, start))
    return best[1:] if best else None


def cheapest(planner, problem):
    """The planner's first proposal in the same form."""
    proposals = planner.propose(problem, 1).proposals
    return (proposals[0].worker_ids[0], proposals[0].start) if proposals else None


def serve_all(problem, requests, choose):
    """Give the requests out one after the other; returns how many were served and the people's days afterwards."""
    people = {person.worker_id: person for person in problem.candidates}
    served = 0
    for number, asked in enumerate(requests):
        chosen = choose(replace(problem.about(asked), candidates=tuple(people.values())))
        if chosen:
            served += 1
            worker_id, start = chosen
            person = people[worker_id]
            stops = (*person.stops, Stop(start, start + asked.seconds, asked.place, number))
            people[worker_id] = replace(person, stops=tuple(sorted(stops, key=lambda stop: stop.start)))
    return served, people
