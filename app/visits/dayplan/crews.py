"""Who works from when to when, where he begins, and what of his day is settled: a row for each stretch of work."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.places.distance import Place
from app.visits.matching import schedule
from app.visits.matching.problem import Candidate, Problem, Span, Stop


@dataclass(frozen=True, slots=True)
class Crew:
    """One stretch of one worker's work, from now on.

    span: the stretch by his calendar. place, begins: where and when he is free first. must_end: with overtime. had:
    seconds of visits that are behind him. fixed: his settled stops to come, by start.
    """

    candidate: Candidate
    span: Span
    place: Place
    begins: int
    must_end: int
    breaks: tuple[Span, ...]
    had: int
    fixed: tuple[Stop, ...]


def crews(problem: Problem) -> list[Crew]:
    """All stretches that are not over, by candidate and time."""
    return [
        _crew(problem, candidate, span)
        for candidate in map(schedule.joined, problem.candidates)
        for span in candidate.work
        if schedule.last_moment(problem, candidate, span) > problem.now + problem.limits.notice
    ]


def _crew(problem: Problem, candidate: Candidate, span: Span) -> Crew:
    must_end = schedule.last_moment(problem, candidate, span)
    stops = [stop for stop in candidate.stops if stop.end > span.start and stop.start < must_end]
    # Nobody is sent before he has heard of it, nor while he rides to somebody or is with him.
    free = max(span.start, problem.now + problem.limits.notice, candidate.asked_from or 0)
    place = schedule.whereabouts(problem, candidate, span)[0]
    over = [stop for stop in stops if stop.end <= max(span.start, problem.now)]
    to_come = stops[len(over) :]
    behind = _behind(problem, candidate, to_come, place, free)
    begins = max([free, *(stop.end for stop in behind)])
    fixed = tuple(to_come[len(behind) :])
    breaks = schedule.cut(candidate.breaks, fixed)
    begins = max([begins, *(rest.end for rest in breaks if rest.start < begins < rest.end)])
    return Crew(
        candidate=candidate,
        span=span,
        place=behind[-1].place if behind else place,
        begins=begins,
        must_end=must_end,
        breaks=tuple(rest for rest in breaks if begins <= rest.start < must_end),
        had=sum(stop.end - stop.start for stop in (*over, *behind)),
        fixed=fixed,
    )


def _behind(problem: Problem, candidate: Candidate, stops: Sequence[Stop], place: Place, free: int) -> list[Stop]:
    """The stops of the stretch that have begun, or that he could not reach in time if he did anything else before."""
    behind: list[Stop] = []
    for stop in stops:
        if stop.start >= free + problem.travel.leg(place, stop.place, candidate.mode).seconds:
            break
        behind.append(stop)
        place, free = stop.place, max(free, stop.end)
    return behind
