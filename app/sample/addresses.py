"""Where somebody lives: a door on a lane of one community, written as people write it."""

from dataclasses import dataclass
from math import hypot
from random import Random

from app.sample.data import document
from app.sample.plane import Point, along, degrees
from app.sample.streets import EDGE, Community, House, Town


@dataclass(frozen=True)
class Address:
    """An address; spot on the sheet in metres, approximate where only the community is known."""

    community: Community
    zh: str
    en: str
    spot: Point
    approximate: bool = False

    @property
    def place(self) -> list[float]:
        """[latitude, longitude], WGS-84 degrees."""
        longitude, latitude = degrees(self.spot)
        return [latitude, longitude]


def written(community: Community, house: House, random: Random) -> Address:
    """The full address of a flat in ``house``."""
    forms = document("places.yaml")["address"]
    facts = {
        "subdistrict": community.subdistrict.name.zh,
        "community": community.name.zh,
        "community_en": community.name.en,
        "street": house.street.name.zh,
        "street_en": house.street.name.en,
        "number": house.number,
        "building": random.randint(1, 18),
        "room": random.randint(1, 6) * 100 + random.randint(1, 4),
    }
    return Address(community, forms["zh-CN"].format(**facts), forms["en"].format(**facts), house.at)


def office(community: Community) -> tuple[str, str]:
    """The address of the community's office in Chinese and English."""
    forms = document("places.yaml")["office"]
    house = community.office
    assert house is not None
    facts = {"street": house.street.name.zh, "street_en": house.street.name.en, "number": house.number}
    return forms["zh-CN"].format(**facts), forms["en"].format(**facts)


def unlocated(address: Address) -> Address:
    """The same address as an office knows it before anybody was there: the community's centre, approximate."""
    return Address(address.community, address.zh, address.en, address.community.box.middle, approximate=True)


def nearest(town: Town, wish: Point, random: Random) -> Address:
    """The address on a street that lies nearest to a point of the sheet, among ten doors on every lane near by."""
    near = sorted(town.communities, key=lambda one: hypot(*_off(one.box.middle, wish)))[:4]
    doors = [(one, house) for one in near for house in _doors(one)]
    community, house = min(doors, key=lambda pair: hypot(*_off(pair[1].at, wish)))
    return written(community, house, random)


def _doors(community: Community) -> list[House]:
    shares = [EDGE + (1 - 2 * EDGE) * k / 9 for k in range(10)]
    return [House(lane, 1 + int(s * 180), along(lane.line, s)) for lane in community.lanes for s in shares]


def _off(a: Point, b: Point) -> Point:
    return (a[0] - b[0], a[1] - b[1])
