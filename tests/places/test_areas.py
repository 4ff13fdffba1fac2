"""The tree of areas, and which community a place lies in."""

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.places import areas
from app.places.models import Area
from tests.people import cast


def square(name: str, west: float, south: float) -> Area:
    """A community of a tenth of a degree; its centre given a little off."""
    east, north = west + 0.1, south + 0.1
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    return Area(level="community", name=name, latitude=south + 0.05, longitude=west + 0.05, polygon=polygon)


def test_a_user_of_an_area_sees_everything_below_it(session: Session) -> None:
    place = cast.town(session)
    below = {place.subdistrict.id, place.market.id, place.river.id}
    assert set(areas.within(session, place.district.id)) == below | {place.district.id}
    assert areas.within(session, place.market.id) == [place.market.id]
    assert areas.communities(session) == [place.market, place.river]
    assert areas.communities(session, place.subdistrict.id) == [place.market, place.river]
    assert areas.communities(session, place.river.id) == [place.river]


def test_the_path_leads_from_the_district_down(session: Session) -> None:
    place = cast.town(session)
    assert areas.path(session, place.river.id) == [place.district, place.subdistrict, place.river]
    assert areas.path(session, place.district.id) == [place.district]


def test_areas_by_id_and_code(session: Session) -> None:
    place = cast.town(session)
    assert areas.by_code(session, " 310001001 ") is areas.get(session, place.market.id) is place.market
    assert areas.by_code(session, "9") is None
    with pytest.raises(NotFound, match=r"area\.unknown"):
        areas.get(session, 99)


def test_a_place_belongs_to_the_community_whose_borders_hold_it() -> None:
    west, east = square("west", 121.0, 31.0), square("east", 121.1, 31.0)
    assert areas.community_of([west, east], 31.09, 121.099) is west
    assert areas.community_of([west, east], 31.09, 121.101) is east


def test_outside_all_borders_the_nearest_centre_counts() -> None:
    west, east = square("west", 121.0, 31.0), square("east", 121.1, 31.0)
    assert areas.community_of([west, east], 31.05, 121.5) is east
    assert areas.community_of([west, east], 35.0, 120.0) is west


def test_only_communities_hold_places() -> None:
    assert areas.community_of([Area(level="district", latitude=31, longitude=121)], 31, 121) is None


def test_a_name_in_each_language(session: Session) -> None:
    place = cast.town(session)
    assert (areas.name(place.river, "zh-CN"), areas.name(place.river, "en")) == ("河边社区", "Riverside")
