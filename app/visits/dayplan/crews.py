"""Who works from when to when, where he begins, and what of his day is settled: a row for each stretch of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from app.places.distance import Place
from app.visits.matching import schedule
from app.visits.matching.problem import Candidate, Problem, Span, Stop


@dataclass(frozen=True, slots=True)
class Block:
    """Settled stops without time for anything else between them: from where he must be first to where he is last."""

    start: int
    end: int
    first: Place
    last: Place
    idle: int = 0
    """Seconds between its stops."""

    @classmethod
    def of(cls, stop: Stop) -> Self:
        """One stop alone."""
        return cls(stop.start, stop.end, stop.place, stop.place)

    def followed_by(self, stop: Stop) -> "Block":
        """The same with one stop more."""
        idle = self.idle + max(stop.start - self.end, 0)
        return Block(self.start, max(self.end, stop.end), self.first, stop.place, idle)


@dataclass(frozen=True, slots=True)
class Crew:
    """One stretch of one worker's work, from now on.

    span: the stretch by his calendar. place, begins: where and when he is free first. must_end: with overtime. had:
    seconds of visits that are behind him, less the idle ones of ``fixed``. fixed: what is settled and to come, by
    start; he can be at each of them in time.
    """

    candidate: Candidate
    span: Span
    place: Place
    begins: int
    must_end: int
    breaks: tuple[Span, ...]
    had: int
    fixed: tuple[Block, ...]


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
    fixed = _blocks(problem, candidate, to_come[len(behind) :])
    breaks = schedule.cut(candidate.breaks, fixed)
    begins = max([begins, *(rest.end for rest in breaks if rest.start < begins < rest.end)])
    return Crew(
        candidate=candidate,
        span=span,
        place=behind[-1].place if behind else place,
        begins=begins,
        must_end=must_end,
        breaks=tuple(rest for rest in breaks if begins <= rest.start < must_end),
        had=sum(stop.end - stop.start for stop in (*over, *behind)) - sum(block.idle for block in fixed),
        fixed=tuple(fixed),
    )


def _behind(problem: Problem, candidate: Candidate, stops: Sequence[Stop], place: Place, free: int) -> list[Stop]:
    """The stops of the stretch that have begun, or that he could not reach in time if he did anything else before."""
    behind: list[Stop] = []
    for stop in stops:
        if _is_there_by(problem, candidate, place, free, stop):
            break
        behind.append(stop)
        place, free = stop.place, max(free, stop.end)
    return behind


def _blocks(problem: Problem, candidate: Candidate, stops: Sequence[Stop]) -> list[Block]:
    """The stops one by one, or together where he comes late to the next from the one before."""
    blocks: list[Block] = []
    for stop in stops:
        if blocks and not _is_there_by(problem, candidate, blocks[-1].last, blocks[-1].end, stop):
            blocks[-1] = blocks[-1].followed_by(stop)
        else:
            blocks.append(Block.of(stop))
    return blocks


def _is_there_by(problem: Problem, candidate: Candidate, place: Place, leaves: int, stop: Stop) -> bool:
    way = problem.travel.leg(place, stop.place, candidate.mode).seconds
    return schedule.arrival(leaves, way, candidate.breaks) <= stop.start
