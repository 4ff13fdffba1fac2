"""Addresses are landmarks as often as street numbers."""

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.people import residents
from app.places import addresses
from tests.people import cast

DOOR = [31.2022, 121.4033]


def test_an_unknown_address_is_the_communitys_centre_and_says_so(session: Session) -> None:
    place = cast.town(session)
    found = addresses.locate(session, place.market.id, "白杨路99号")
    assert (found.place, found.approximate) == ([place.market.latitude, place.market.longitude], True)
    assert (found.source, found.landmark_id) == ("community", None)


@pytest.mark.parametrize("said", ["菜市场后面红门", "在 菜市场后面红门 三楼", "菜市场后面的红门", "菜市场 后面 红门"])
def test_a_learnt_landmark_is_recognised_as_people_say_it(session: Session, said: str) -> None:
    place = cast.town(session)
    landmark = addresses.learn(session, place.market.id, "菜市场后面红门", DOOR)
    found = addresses.locate(session, place.market.id, said)
    assert (found.place, found.approximate, found.landmark_id) == (DOOR, True, landmark.id)


def test_the_first_visit_makes_a_landmark_certain(session: Session) -> None:
    place = cast.town(session)
    landmark = addresses.learn(session, place.market.id, "红门")
    assert addresses.locate(session, place.market.id, "红门").source == "community"
    addresses.confirm(session, landmark, DOOR)
    found = addresses.locate(session, place.market.id, "红门")
    assert (found.place, found.approximate) == (DOOR, False)


def test_a_landmark_belongs_to_its_community(session: Session) -> None:
    place = cast.town(session)
    addresses.learn(session, place.market.id, "老槐树", DOOR)
    assert addresses.find(session, place.river.id, "老槐树") is None


@pytest.mark.parametrize("said", ["老杨树", "红", "", "超市后面绿门"])
def test_another_name_is_not_taken_for_it(session: Session, said: str) -> None:
    place = cast.town(session)
    addresses.learn(session, place.market.id, "菜市场后面红门", DOOR)
    addresses.learn(session, place.market.id, "老槐树", DOOR)
    assert addresses.find(session, place.market.id, said) is None


def test_the_longer_name_wins(session: Session) -> None:
    place = cast.town(session)
    addresses.learn(session, place.market.id, "红门", [31.0, 121.0])
    longer = addresses.learn(session, place.market.id, "菜场红门", DOOR)
    assert addresses.find(session, place.market.id, "菜场红门二楼") is longer


def test_learning_twice_keeps_one_and_never_forgets_a_place(session: Session) -> None:
    place = cast.town(session)
    first = addresses.learn(session, place.market.id, "老槐树", DOOR)
    assert addresses.learn(session, place.market.id, " 老槐树 ", [1.0, 2.0]) is first
    assert first.place == DOOR


def test_a_residents_file_is_located_by_its_landmark(session: Session) -> None:
    place = cast.town(session)
    landmark = addresses.learn(session, place.market.id, "老槐树", DOOR)
    addresses.confirm(session, landmark, DOOR)
    values = {"name": "王五", "address": "老槐树对面", "community_id": place.market.id}
    resident = residents.create(session, values, "staff:1")
    assert (resident.place, resident.approximate) == (DOOR, False)


def test_an_unknown_community_is_an_error(session: Session) -> None:
    with pytest.raises(NotFound, match=r"area\.unknown"):
        addresses.locate(session, 99, "白杨路99号")
