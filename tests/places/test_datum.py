"""Between WGS-84, GCJ-02 and BD-09."""

import pytest
from geopy.distance import geodesic
from hypothesis import assume, given
from hypothesis import strategies as st

from app.places import datum

TIANANMEN_WGS = (39.90733, 116.39124)
TIANANMEN_GCJ = (39.908731, 116.397481)

mainland = st.tuples(st.floats(22, 48), st.floats(85, 122))


def test_the_known_point_at_tiananmen():
    assert datum.wgs_to_gcj(TIANANMEN_WGS) == pytest.approx(TIANANMEN_GCJ, abs=2e-6)


@given(mainland)
def test_there_and_back_is_within_a_millimetre(place):
    assume(datum.is_shifted(place) and datum.is_shifted(datum.wgs_to_gcj(place)))
    for forward, back in ((datum.wgs_to_gcj, datum.gcj_to_wgs), (datum.wgs_to_bd, datum.bd_to_wgs)):
        assert geodesic(place, back(forward(place))).meters < 0.001


@given(mainland)
def test_mixing_the_datums_is_off_by_streets(place):
    assume(datum.is_shifted(place))
    assert 50 < geodesic(place, datum.wgs_to_gcj(place)).meters < 1500


@pytest.mark.parametrize(
    "place",
    [
        (22.2819, 114.1582),  # Central, Hong Kong
        (22.4450, 114.0222),  # Yuen Long
        (22.5010, 114.1270),  # Sheung Shui
        (22.3080, 113.9185),  # the airport
        (22.1937, 113.5400),  # Senado Square, Macau
        (25.0330, 121.5654),  # Taipei
        (22.6273, 120.3014),  # Kaohsiung
        (35.6812, 139.7671),  # Tokyo
        (51.5007, -0.1246),  # London
    ],
)
def test_where_maps_are_not_shifted_nothing_is_shifted(place):
    assert datum.wgs_to_gcj(place) == place
    assert datum.gcj_to_wgs(place) == place


@pytest.mark.parametrize(
    "place",
    [
        (22.5431, 114.0579),  # Shenzhen, Futian
        (22.5333, 113.9300),  # Shenzhen, Nanshan
        (22.2710, 113.5767),  # Zhuhai
        (22.2180, 113.5480),  # Gongbei
        (24.4798, 118.0894),  # Xiamen
        (31.2304, 121.4737),  # Shanghai
        (22.5450, 114.1200),  # Luohu
    ],
)
def test_just_across_the_border_maps_are_shifted(place):
    assert datum.wgs_to_gcj(place) != place


def test_baidu_adds_its_own_shift():
    assert 400 < geodesic(TIANANMEN_GCJ, datum.gcj_to_bd(TIANANMEN_GCJ)).meters < 1200
