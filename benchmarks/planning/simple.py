"""How a simple product plans: one visit after the other as they were called in, none ever moved again.

The routes here hold no more than visits in their order, so that a dynamic day can use the same two.
"""

from dataclasses import dataclass, field

from benchmarks.planning.files import Document


@dataclass
class Tour:
    """What one worker still has before him: where and when he is free, when he must be home and where that is."""

    at: int
    free: int
    home: int
    ends: int
    visits: list[int] = field(default_factory=list)


def tours(day: Document) -> list[Tour]:
    """Every worker at home with an empty day."""
    return [Tour(at=home, free=w["start"], home=home, ends=w["end"]) for home, w in enumerate(day["workers"])]


def length(day: Document, tour: Tour, visits: list[int]) -> float:
    """Seconds of travel of the tour with these visits; infinite if a window or the end of the shift is missed."""
    at, free, way = tour.at, tour.free, 0
    first = len(day["workers"])
    for v in visits:
        opens, closes = day["visits"][v]["window"]
        start = max(free + day["travel"][at][first + v], opens)
        if start > closes:
            return float("inf")
        way += day["travel"][at][first + v]
        at, free = first + v, start + day["visits"][v]["duration"]
    way += day["travel"][at][tour.home]
    return way if free + day["travel"][at][tour.home] <= tour.ends else float("inf")


def append_nearest(day: Document, crew: list[Tour], v: int) -> bool:
    """``v`` goes to the end of the day of the able worker whose last place is nearest, if he can be there in time."""
    skilled, first = able_for(day, v), len(day["workers"])
    ways = []
    for w, tour in enumerate(crew):
        last = first + tour.visits[-1] if tour.visits else tour.at
        if skilled[w] and length(day, tour, [*tour.visits, v]) < float("inf"):
            ways.append((day["travel"][last][first + v], w))
    if ways:
        crew[min(ways)[1]].visits.append(v)
    return bool(ways)


def insert_cheapest(day: Document, crew: list[Tour], v: int) -> bool:
    """``v`` goes where it makes the travel of all longer by least, if it fits anywhere."""
    skilled, best = able_for(day, v), (float("inf"), -1, -1)
    for w, tour in enumerate(crew):
        if skilled[w]:
            before = length(day, tour, tour.visits)
            for i in range(len(tour.visits) + 1):
                more = length(day, tour, [*tour.visits[:i], v, *tour.visits[i:]]) - before
                best = min(best, (more, w, i))
    more, w, i = best
    if more < float("inf"):
        crew[w].visits.insert(i, v)
    return more < float("inf")


def able_for(day: Document, v: int) -> list[bool]:
    """For each worker whether he has the skill that ``v`` asks for."""
    return [day["visits"][v]["skill"] in worker["skills"] for worker in day["workers"]]


def nearest_free(day: Document) -> list[list[int]]:
    """The whole day by ``append_nearest``, what closes first first."""
    crew = tours(day)
    for v in sorted(range(len(day["visits"])), key=lambda v: (day["visits"][v]["window"][1], v)):
        append_nearest(day, crew, v)
    return [tour.visits for tour in crew]


def cheapest_insertion(day: Document) -> list[list[int]]:
    """The whole day by ``insert_cheapest``, in the order of the calls."""
    crew = tours(day)
    for v in range(len(day["visits"])):
        insert_cheapest(day, crew, v)
    return [tour.visits for tour in crew]
