"""Between the three datums of maps in China: WGS-84 (devices, OpenStreetMap), GCJ-02 (Amap, Tencent), BD-09 (Baidu).

We store WGS-84 and convert at the edge. The shift of GCJ-02 is applied on the mainland only: Hong Kong, Macau and
Taiwan are mapped unshifted. Places are (latitude, longitude) in degrees. The forward formulas are the published ones;
the way back has none and is found by iteration, to a millimetre.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, radians, sin, sqrt

Place = tuple[float, float]

KRASOVSKY_AXIS = 6_378_245.0
KRASOVSKY_ECCENTRICITY2 = 0.00669342162296594323
BAIDU_TURN = pi * 3000 / 180
CLOSE = 1e-9
"""Degrees: a tenth of a millimetre."""

MAINLAND_BOX = (0.8293, 55.8271, 72.004, 137.8347)
"""South, north, west, east: outside of it GCJ-02 is WGS-84."""

UNSHIFTED_BOXES = (
    (22.14, 22.503, 113.82, 114.0),  # Hong Kong: Lantau and the airport
    (22.14, 22.515, 114.0, 114.06),  # the western New Territories, up to Deep Bay
    (22.14, 22.528, 114.06, 114.15),  # Yuen Long to Lo Wu, along the Shenzhen River
    (22.14, 22.553, 114.15, 114.52),  # the east; Mirs Bay is the border
    (22.10, 22.2165, 113.528, 113.60),  # Macau
    (21.80, 25.40, 119.95, 122.10),  # Taiwan and Penghu
)
"""Boxes of the parts of the country whose maps are not shifted; drawn by us, good to a street at the borders."""


def is_shifted(place: Place) -> bool:
    """Whether GCJ-02 differs from WGS-84 at ``place``."""
    return _inside(place, MAINLAND_BOX) and not any(_inside(place, box) for box in UNSHIFTED_BOXES)


def wgs_to_gcj(place: Place) -> Place:
    """WGS-84 to GCJ-02."""
    return _shift(place) if is_shifted(place) else place


def gcj_to_wgs(place: Place) -> Place:
    """GCJ-02 to WGS-84."""
    return _inverse(_shift, place) if is_shifted(place) else place


def gcj_to_bd(place: Place) -> Place:
    """GCJ-02 to BD-09."""
    latitude, longitude = place
    radius = hypot(longitude, latitude) + 0.00002 * sin(latitude * BAIDU_TURN)
    angle = atan2(latitude, longitude) + 0.000003 * cos(longitude * BAIDU_TURN)
    return radius * sin(angle) + 0.006, radius * cos(angle) + 0.0065


def bd_to_gcj(place: Place) -> Place:
    """BD-09 to GCJ-02."""
    return _inverse(gcj_to_bd, place)


def wgs_to_bd(place: Place) -> Place:
    """WGS-84 to BD-09."""
    return gcj_to_bd(wgs_to_gcj(place))


def bd_to_wgs(place: Place) -> Place:
    """BD-09 to WGS-84."""
    return gcj_to_wgs(bd_to_gcj(place))


def _inside(place: Place, box: tuple[float, float, float, float]) -> bool:
    south, north, west, east = box
    return south <= place[0] <= north and west <= place[1] <= east


def _inverse(forward: Callable[[Place], Place], wanted: Place) -> Place:
    """The place that ``forward`` brings to ``wanted``; the shift hardly changes from street to street."""
    guess = wanted
    for _ in range(20):
        there = forward(guess)
        north, east = wanted[0] - there[0], wanted[1] - there[1]
        guess = guess[0] + north, guess[1] + east
        if abs(north) < CLOSE and abs(east) < CLOSE:
            break
    return guess


def _shift(place: Place) -> Place:
    latitude, longitude = place
    y, x = latitude - 35.0, longitude - 105.0
    sine = sin(radians(latitude))
    bulge = 1 - KRASOVSKY_ECCENTRICITY2 * sine * sine
    meridian = KRASOVSKY_AXIS * (1 - KRASOVSKY_ECCENTRICITY2) / (bulge * sqrt(bulge))
    parallel = KRASOVSKY_AXIS / sqrt(bulge) * cos(radians(latitude))
    return latitude + _north(x, y) / (meridian * pi / 180), longitude + _east(x, y) / (parallel * pi / 180)


def _waves(x: float, *terms: tuple[float, float]) -> float:
    return sum(weight * sin(x * pi * pace) for weight, pace in terms) * 2 / 3


def _north(x: float, y: float) -> float:
    """The shift northwards in metres."""
    slope = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    across = _waves(x, (20.0, 6.0), (20.0, 2.0))
    return slope + across + _waves(y, (20.0, 1.0), (40.0, 1 / 3)) + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))


def _east(x: float, y: float) -> float:
    """The shift eastwards in metres."""
    slope = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    across = _waves(x, (20.0, 6.0), (20.0, 2.0))
    return slope + across + _waves(x, (20.0, 1.0), (40.0, 1 / 3)) + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))
