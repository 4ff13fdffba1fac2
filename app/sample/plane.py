"""The sheet of paper the district is drawn on: straight rectangles in metres, bent gently and laid on the globe.

All drawing is done on a flat, straight sheet (u east, v north, metres). Bending happens last and is one-to-one, so
whatever lies inside a rectangle on the sheet lies inside its bent polygon on the map.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, cos, pi, radians, sin

ORIGIN = (31.155, 121.335)
"""Latitude and longitude (WGS-84) of the sheet's lower left corner."""
METRES_PER_DEGREE = 111_195.0
STEP = 160.0
"""Longest straight piece of a bent line, in metres."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet, in metres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Metres from west to east."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Metres from south to north."""
        return self.top - self.bottom

    @property
    def middle(self) -> Point:
        """The centre."""
        return ((self.left + self.right) / 2, (self.bottom + self.top) / 2)

    def shrunk(self, by: float) -> "Box":
        """The rectangle with ``by`` metres taken off each side."""
        return Box(self.left + by, self.bottom + by, self.right - by, self.top - by)

    def cut(self, share: float) -> tuple["Box", "Box", tuple[Point, Point]]:
        """Both parts, and the line between, when cut across the longer side at ``share`` of it."""
        if self.width >= self.height:
            u = self.left + self.width * share
            first, second = Box(self.left, self.bottom, u, self.top), Box(u, self.bottom, self.right, self.top)
            return first, second, ((u, self.bottom), (u, self.top))
        v = self.bottom + self.height * share
        first, second = Box(self.left, self.bottom, self.right, v), Box(self.left, v, self.right, self.top)
        return first, second, ((self.left, v), (self.right, v))

    def ring(self) -> list[Point]:
        """The corners counter-clockwise, the first one repeated at the end."""
        a, b, c, d = self.left, self.bottom, self.right, self.top
        return [(a, b), (c, b), (c, d), (a, d), (a, b)]


def along(line: tuple[Point, Point], share: float) -> Point:
    """The point at ``share`` (0 to 1) of a straight line on the sheet."""
    (a, b), (c, d) = line
    return (a + (c - a) * share, b + (d - b) * share)


def degrees(point: Point) -> Point:
    """(longitude, latitude) in WGS-84 degrees, seven decimals, of a point on the sheet."""
    x, y = _bent(point)
    latitude = ORIGIN[0] + y / METRES_PER_DEGREE
    longitude = ORIGIN[1] + x / (METRES_PER_DEGREE * cos(radians(ORIGIN[0])))
    return (round(longitude, 7), round(latitude, 7))


def line_on_map(points: Iterable[Point]) -> list[Point]:
    """A line of the sheet as (longitude, latitude) pairs, with enough points between to follow the bend."""
    given = list(points)
    shown = [degrees(given[0])]
    for start, end in pairwise(given):
        length = max(abs(end[0] - start[0]), abs(end[1] - start[1]))
        pieces = max(1, ceil(length / STEP))
        shown += [degrees(along((start, end), k / pieces)) for k in range(1, pieces + 1)]
    return shown


def _bent(point: Point) -> Point:
    """Gentle waves, far too shallow to fold the sheet, and a turn of a few degrees."""
    u, v = point
    x = u + 240 * sin(2 * pi * v / 7900 + 0.7) + 70 * sin(2 * pi * v / 2900)
    y = v + 330 * sin(2 * pi * u / 6700 + 0.4) + 80 * sin(2 * pi * u / 2600 + 1.1)
    turn = radians(-6)
    return (x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn))
