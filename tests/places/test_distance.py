"""Distances are estimates by straight line, close to the geodesic and named as estimates."""

import pytest
from geopy.distance import geodesic
from hypothesis import given
from hypothesis import strategies as st

from app.places.distance import MODES, Estimate, Leg, matrix, metres

CENTRE = (31.23, 121.47)
EAST = (31.23, 121.4905)
"""About 1.95 km east of the centre."""

latitudes = st.floats(-70, 70)
steps = st.floats(-0.4, 0.4)


@given(latitudes, st.floats(-179, 179), steps, steps)
def test_inside_a_city_it_is_the_geodesic_within_a_thousandth(latitude, longitude, north, east):
    origin, destination = (latitude, longitude), (latitude + north, longitude + east)
    assert metres(origin, destination) == pytest.approx(geodesic(origin, destination).meters, rel=1e-3, abs=0.01)


def test_far_away_it_is_the_geodesic_itself():
    shanghai, beijing = (31.23, 121.47), (39.9, 116.4)
    assert metres(shanghai, beijing) == geodesic(shanghai, beijing).meters


@given(latitudes, steps, steps)
def test_there_is_as_far_as_back(latitude, north, east):
    origin, destination = (latitude, 100.0), (latitude + north, 100.0 + east)
    assert metres(origin, destination) == pytest.approx(metres(destination, origin))


def test_an_e_bike_makes_fifteen_kilometres_an_hour_on_the_detoured_way_and_parks():
    leg = Estimate().leg(CENTRE, EAST, "ebike")
    assert leg.metres == pytest.approx(geodesic(CENTRE, EAST).meters * 1.35, rel=1e-3)
    assert leg.seconds == pytest.approx(leg.metres / (15 / 3.6) + 60, abs=1)
    assert leg.source == "estimate"


def test_modes_differ():
    seconds = {mode: Estimate().leg(CENTRE, EAST, mode).seconds for mode in MODES}
    assert seconds["car"] < seconds["ebike"] + 180 < seconds["bus"] + 180 < seconds["walk"] + 180


def test_who_is_there_already_neither_travels_nor_parks():
    assert Estimate().leg(CENTRE, CENTRE, "car") == Leg(0, 0)


def test_rain_slows_everything_but_parking():
    dry, wet = Estimate().leg(CENTRE, EAST, "ebike"), Estimate(slowness=1.5).leg(CENTRE, EAST, "ebike")
    assert wet.seconds - 60 == pytest.approx((dry.seconds - 60) * 1.5, abs=1)


def test_an_unknown_mode_goes_like_an_e_bike():
    assert Estimate().leg(CENTRE, EAST, "rickshaw") == Estimate().leg(CENTRE, EAST, "ebike")


def test_a_matrix_has_a_row_for_each_origin():
    legs = matrix(Estimate(), [CENTRE, EAST], [CENTRE, EAST, CENTRE], "walk")
    assert [len(row) for row in legs] == [3, 3]
    assert legs[0][0].metres == 0
    assert legs[0][1] == legs[1][0]
