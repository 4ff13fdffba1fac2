"""A made-up day as the planner's arrays, and routes as a plan with times. Units: seconds, seconds since midnight."""

from collections.abc import Sequence

import numpy as np

from app.visits.planner.instance import FAR, NOT_POSSIBLE, Instance, neighbours
from benchmarks.planning.files import Document

Routes = Sequence[Sequence[int]]
"""For each worker the visits (their places in the document) in their order."""

PRIZE = 1e6
"""For serving a visit, in seconds of travel: served first, then travel."""

NEAR = 15
"""Near visits that are looked at for each."""


def read(day: Document) -> Instance:
    """The planner's arrays for the whole day; when a visit was called in is of no account."""
    workers, visits = day["workers"], day["visits"]
    places = range(len(workers), len(workers) + len(visits))
    nodes = [[place, *_visit(visit)] for place, visit in zip(places, visits, strict=True)]
    homes = [[home, 0, 0, 0, 0, -1, 0, 0] for home in range(len(workers))]
    travel, node = np.array(day["travel"], np.int32), np.array(nodes + homes + homes, np.int64)
    return Instance(
        travel=travel[None],
        node=node,
        crew=np.array([[0, w["start"], w["end"], w["end"], 0, 0] for w in workers], np.int64),
        wish=np.where(able(day), 0.0, NOT_POSSIBLE),
        price=np.array([[0.0, PRIZE, 0.0]] * len(visits)),
        rates=np.array([0.0, 0.0, 0.0, NOT_POSSIBLE, 1.0]),
        near=neighbours(travel, node[: len(visits)], NEAR),
    )


def _visit(visit: Document) -> list[int]:
    """A row of Instance.node without its place."""
    opens, closes = visit["window"]
    return [visit["duration"], opens, FAR, closes, -1, 0, 0]


def able(day: Document) -> list[list[bool]]:
    """[worker][visit]: whether he has the skill."""
    return [[visit["skill"] in worker["skills"] for visit in day["visits"]] for worker in day["workers"]]


def plan(day: Document, routes: Routes) -> Document:
    """The routes with their earliest times: {"routes": [{"worker", "stops": [{"visit", "start"}]}]}."""
    return {
        "routes": [
            {"worker": worker["id"], "stops": _timed(day, home, worker["start"], route)}
            for home, (worker, route) in enumerate(zip(day["workers"], routes, strict=True))
        ]
    }


def _timed(day: Document, at: int, free: int, route: Sequence[int]) -> list[Document]:
    stops = []
    for v in route:
        place, visit = len(day["workers"]) + v, day["visits"][v]
        start = max(free + day["travel"][at][place], visit["window"][0])
        stops.append({"visit": visit["id"], "start": start})
        at, free = place, start + visit["duration"]
    return stops
