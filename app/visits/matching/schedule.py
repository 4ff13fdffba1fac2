"""When a worker could be at a door: the gaps of his day, and the first start that fits into one of them.

Breaks stop the clock: nobody travels or visits in them, a way may go on after one. What was promised stays where it is:
the way to the next stop must fit before its start.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from app.places.distance import Leg, Place, Router
from app.visits.matching.problem import Candidate, Problem, Span, Stop

AWAY = 4 * 3600
"""Seconds: who has had nothing to do for longer is at home again."""


class Time(Protocol):
    """Anything that lasts from ``start`` to ``end``, epoch seconds."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """A free stretch: at ``place`` from ``start`` on, until the ``next`` stop or the end of the work span.

    leaves: position, stop or home. after: the visit before the gap. shift_end: when regular work ends. until: the last
    moment with overtime, of which there is none into a leave.
    """

    place: Place
    start: int
    leaves: str
    after: int | None
    next: Stop | None
    shift_end: int
    until: int


@dataclass(frozen=True, slots=True)
class Fit:
    """A visit in a gap: its start, the way there, and what the detour costs."""

    gap: Gap
    start: int
    way: Leg
    detour: int


def spans_at_work(candidate: Candidate) -> list[Span]:
    """His work spans without leave."""
    return cut(candidate.work, candidate.leave)


def cut(spans: Iterable[Span], away: Iterable[Time]) -> list[Span]:
    """What is left of ``spans`` without the times of ``away``."""
    left = list(spans)
    for one in away:
        left = [rest for span in left for rest in _without(span, one)]
    return left


def _without(span: Span, leave: Time) -> list[Span]:
    if not span.overlaps(leave.start, leave.end):
        return [span]
    rests = (Span(span.start, leave.start), Span(leave.end, span.end))
    return [rest for rest in rests if rest.start < rest.end]


def joined(candidate: Candidate) -> Candidate:
    """The same person with stretches of work that lie close together as one, and what lies between them as breaks.

    For a whole day: where the second stretch begins depends on where he is at the end of the first.
    """
    spans: list[Span] = []
    between: list[Span] = []
    for span in spans_at_work(candidate):
        if spans and span.start - spans[-1].end <= AWAY:
            between.append(Span(spans[-1].end, span.start))
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    own = [rest for rest in candidate.breaks if not any(gap.overlaps(rest.start, rest.end) for gap in between)]
    breaks = sorted([*own, *(gap for gap in between if gap.start < gap.end)], key=lambda rest: rest.start)
    leave = [off for off in candidate.leave if not any(span.overlaps(off.start, off.end) for span in spans)]
    return replace(candidate, work=tuple(spans), breaks=tuple(breaks), leave=tuple(leave))


def on_shift(problem: Problem, candidate: Candidate) -> bool:
    """Whether he works at any time within the window, leave or not."""
    start = max(problem.now, problem.request.window.start)
    return any(span.overlaps(start, problem.request.window.end + late_limit(problem) + 1) for span in candidate.work)


def gaps(problem: Problem, candidate: Candidate, spans: Sequence[Span]) -> Iterator[Gap]:
    """The free stretches of ``spans`` in which the window could be met."""
    latest = problem.request.window.end + late_limit(problem)
    for span in spans:
        if span.start <= latest and span.end > problem.now:
            yield from _gaps_of(problem, candidate, span, latest)


def _gaps_of(problem: Problem, candidate: Candidate, span: Span, latest: int) -> Iterator[Gap]:
    start = max(span.start, problem.now)
    until = last_moment(problem, candidate, span)
    stops = [stop for stop in candidate.stops if stop.end > start and stop.start < until]
    place, leaves, after = whereabouts(problem, candidate, span)
    for stop in stops:
        if stop.start > max(start, problem.request.window.start):
            yield Gap(place, start, leaves, after, stop, span.end, until)
        place, leaves, after = stop.place, "stop", stop.visit_id
        start = max(start, stop.end)
        if start > latest:
            return
    yield Gap(place, start, leaves, after, None, span.end, until)


def last_moment(problem: Problem, candidate: Candidate, span: Span) -> int:
    """Until when he may be kept: with overtime, of which there is none into a leave."""
    return min(
        [span.end + problem.limits.overtime, *(rest.start for rest in candidate.leave if rest.start >= span.end)]
    )


def whereabouts(problem: Problem, candidate: Candidate, span: Span) -> tuple[Place, str, int | None]:
    """Where he is when his free time begins: where he was seen since his last stop, else at that stop, else at home."""
    seen, start = candidate.seen, max(span.start, problem.now)
    past = [stop for stop in candidate.stops if start - AWAY <= stop.end <= start]
    at_work = span.start <= problem.now
    fresh = seen is not None and problem.now - seen.at <= problem.limits.fresh
    if seen and at_work and fresh and not (past and past[-1].end > seen.at):
        return seen.place, "position", None
    if past:
        return past[-1].place, "stop", past[-1].visit_id
    return candidate.home, "home", None


def late_limit(problem: Problem) -> int:
    """How much after its window the visit may still begin."""
    return problem.limits.late_urgent if problem.request.urgent else 0


def fit(problem: Problem, candidate: Candidate, gap: Gap, router: Router, exact: int | None = None) -> Fit | None:
    """The first start in ``gap`` at which everything fits, or just ``exact`` (already agreed on, so the window does not
    matter); None if there is none.
    """
    request = problem.request
    way = router.leg(gap.place, request.place, candidate.mode)
    soonest = arrival(max(gap.start, problem.now + notice(problem)), way.seconds, candidate.breaks)
    start = _first_start(problem, candidate, soonest) if exact is None else exact
    end = start + request.seconds
    if start < soonest or end > gap.until or _in_a_break(candidate, start, end):
        return None
    if exact is None and start > request.window.end + late_limit(problem):
        return None
    if gap.next is None:
        return Fit(gap, start, way, way.seconds)
    onward = router.leg(request.place, gap.next.place, candidate.mode).seconds
    if arrival(end, onward, candidate.breaks) > gap.next.start:
        return None
    return Fit(gap, start, way, way.seconds + onward - router.leg(gap.place, gap.next.place, candidate.mode).seconds)


def notice(problem: Problem) -> int:
    """How long from now the worker needs to hear of it and to get ready."""
    return problem.limits.notice_urgent if problem.request.urgent else problem.limits.notice


def _first_start(problem: Problem, candidate: Candidate, soonest: int) -> int:
    """The first round moment from ``soonest`` on that is in the window and keeps clear of the breaks."""
    grain = problem.limits.grain
    start = _rounded(max(soonest, problem.request.window.start), grain)
    for rest in candidate.breaks:
        if rest.overlaps(start, start + problem.request.seconds):
            start = _rounded(rest.end, grain)
    return start


def _in_a_break(candidate: Candidate, start: int, end: int) -> bool:
    return any(rest.overlaps(start, end) for rest in candidate.breaks)


def arrival(start: int, seconds: int, breaks: Sequence[Span]) -> int:
    """When ``seconds`` of travel from ``start`` are over, with the breaks in between."""
    for rest in breaks:
        if rest.end <= start:
            continue
        if rest.start >= start + seconds:
            break
        seconds -= max(rest.start - start, 0)
        start = rest.end
    return start + seconds


def _rounded(moment: int, grain: int) -> int:
    return -(-moment // grain) * grain
