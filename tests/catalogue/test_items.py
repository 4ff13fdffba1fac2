"""The catalogue in two levels, searched as agents type."""

import pytest
from sqlalchemy.orm import Session

from app.catalogue import items
from app.core.errors import NotFound
from tests.people import cast


def test_only_active_items_below_a_category_can_be_ordered(session: Session) -> None:
    place = cast.town(session)
    assert items.orderable(session) == [place.haircut, place.gas]
    place.gas.active = False
    assert items.orderable(session) == [place.haircut]


def test_the_two_levels_leave_out_what_is_empty(session: Session) -> None:
    place = cast.town(session)
    (category,) = items.categories(session)
    assert (category.category, category.items) == (place.care, (place.haircut, place.gas))
    place.haircut.active = place.gas.active = False
    assert items.categories(session) == []


@pytest.mark.parametrize(
    "typed",
    [
        "上门理发",
        "理发",
        "shangmenlifa",
        "lifa",
        "smlf",
        "Haircut",
        "hair",
        "haircut at home",
        "CARE-03",
        "care-03",
        "nifa",
    ],
)
def test_an_item_is_found_by_name_pinyin_initials_english_and_code(session: Session, typed: str) -> None:
    place = cast.town(session)
    assert items.search(session, typed)[0] is place.haircut


@pytest.mark.parametrize("typed", ["", "  ", "汽车", "zzz", "qiche", "%"])
def test_what_fits_nothing_finds_nothing(session: Session, typed: str) -> None:
    cast.town(session)
    assert items.search(session, typed) == []


def test_what_is_not_offered_is_not_found(session: Session) -> None:
    place = cast.town(session)
    place.haircut.active = False
    assert items.search(session, "理发") == []


def test_items_by_id_and_code(session: Session) -> None:
    place = cast.town(session)
    assert items.get(session, place.gas.id) is items.by_code(session, " safe-01 ") is place.gas
    for unknown in (lambda: items.get(session, 99), lambda: items.by_code(session, "X")):
        with pytest.raises(NotFound, match=r"item\.unknown"):
            unknown()


def test_a_name_in_each_language(session: Session) -> None:
    place = cast.town(session)
    assert (items.name(place.gas, "zh-CN"), items.name(place.gas, "en")) == ("燃气检查", "Gas check")
