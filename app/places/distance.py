"""How far it is and how long it takes: an estimate by straight line, and the door for a routing engine.

An estimate is the geodesic distance times a detour factor at a speed per mode, plus the time to park, and is always
labelled as such. Places are (latitude, longitude) in WGS-84 degrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, hypot, radians, sin, sqrt
from typing import Protocol

import numpy as np
from geopy.distance import geodesic
from numpy.typing import NDArray

Place = tuple[float, float]

SEMI_MAJOR = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY2 = FLATTENING * (2 - FLATTENING)
"""The WGS-84 ellipsoid."""

NEAR_DEGREES = 0.5
"""Within this difference of latitude and longitude the plane below is right to some metres in ten thousand."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a mode gets along. detour: way per straight line. kmh: speed. park: seconds to leave the vehicle."""

    detour: float
    kmh: float
    park: int


MODES: dict[str, Pace] = {
    "walk": Pace(1.26, 4.5, 0),
    "bike": Pace(1.35, 12.0, 60),
    "ebike": Pace(1.35, 15.0, 60),
    "bus": Pace(1.5, 12.0, 300),
    "car": Pace(1.4, 20.0, 180),
}
"""Defaults; detour factors and speeds are fitted per city. A bus' park is the walk to the stop and the wait there."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One way from door to door. source: "estimate" (straight line), or the name of the routing engine."""

    seconds: int
    metres: int
    source: str = "estimate"


class Router(Protocol):
    """What tells the way between two places; a routing engine stands behind the same door."""

    def leg(self, origin: Place, destination: Place, mode: str) -> Leg:
        """The way from ``origin`` to ``destination`` by ``mode`` (a key of MODES)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """The Router that needs no map. slowness: factor on all travel, such as 1.3 in rain."""

    modes: Mapping[str, Pace] = field(default_factory=lambda: dict(MODES))
    slowness: float = 1.0

    def leg(self, origin: Place, destination: Place, mode: str) -> Leg:
        """The estimated way; nobody parks who is there already. An unknown mode goes like an e-bike."""
        straight = metres(origin, destination)
        pace = self.modes.get(mode) or MODES["ebike"]
        way = straight * pace.detour
        if way < 1:
            return Leg(0, 0)
        return Leg(round(way * 3.6 / pace.kmh * self.slowness) + pace.park, round(way))

    def table(self, places: Sequence[Place], mode: str) -> NDArray[np.int32]:
        """The same seconds from each of ``places`` (row) to each (column), all at once: a day asks for 200,000 ways."""
        pace = self.modes.get(mode) or MODES["ebike"]
        way = _straight(np.array(places, np.float64).reshape(-1, 2)) * pace.detour
        seconds = np.rint(way * 3.6 / pace.kmh * self.slowness) + pace.park
        return np.where(way < 1, 0, seconds).astype(np.int32)


def matrix(router: Router, origins: Sequence[Place], destinations: Sequence[Place], mode: str) -> list[list[Leg]]:
    """All ways from each origin (row) to each destination (column)."""
    return [[router.leg(origin, destination, mode) for destination in destinations] for origin in origins]


def metres(origin: Place, destination: Place) -> float:
    """The geodesic distance in metres.

    Inside a city the plane that touches the ellipsoid between the two places is used: it differs from the geodesic by
    less than a thousandth (a test holds it to that) and is a hundred times as fast, which matters because one decision
    asks for a thousand legs.
    """
    north, east = destination[0] - origin[0], destination[1] - origin[1]
    if abs(north) > NEAR_DEGREES or abs(east) > NEAR_DEGREES or abs(origin[0]) > 80:
        return float(geodesic(origin, destination).meters)
    middle = radians((origin[0] + destination[0]) / 2)
    bulge = 1 - ECCENTRICITY2 * sin(middle) ** 2
    prime_vertical = SEMI_MAJOR / sqrt(bulge)
    meridian = prime_vertical * (1 - ECCENTRICITY2) / bulge
    return hypot(radians(north) * meridian, radians(east) * prime_vertical * cos(middle))


def _straight(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """metres() from each of ``places`` (rows of latitude and longitude) to each."""
    north, east = (places[None, :, axis] - places[:, None, axis] for axis in (0, 1))
    middle = np.radians((places[:, None, 0] + places[None, :, 0]) / 2)
    bulge = 1 - ECCENTRICITY2 * np.sin(middle) ** 2
    prime_vertical = SEMI_MAJOR / np.sqrt(bulge)
    meridian = prime_vertical * (1 - ECCENTRICITY2) / bulge
    way: NDArray[np.float64] = np.hypot(
        np.radians(north) * meridian, np.radians(east) * prime_vertical * np.cos(middle)
    )
    far = (np.abs(north) > NEAR_DEGREES) | (np.abs(east) > NEAR_DEGREES) | (np.abs(places[:, None, 0]) > 80)
    for i, j in np.argwhere(far):
        way[i, j] = metres((places[i, 0], places[i, 1]), (places[j, 0], places[j, 1]))
    return way
