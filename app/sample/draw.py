"""Draw a whole sample district: the same seed, sizes and day give the same district, to the last phone number."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from app.sample.catalogue import Item, Organisation, items, organisations
from app.sample.data import document
from app.sample.names import Named
from app.sample.numbers import Numbers
from app.sample.residents import Households, Resident, cast_places, cast_residents
from app.sample.streets import Town, draw_town
from app.sample.workers import Worker, draw_workers

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Options:
    """How large and which one; the cast is in every sample, so there are at least three residents and workers."""

    seed: int = 1
    subdistricts: int = 8
    communities: int = 150
    residents: int = 2000
    workers: int = 60
    organisations: int = 12


@dataclass(frozen=True)
class StaffAccount:
    """An account of the console, with the password that everybody may know."""

    username: str
    name: Named
    role: str
    language: str
    password: str


@dataclass(frozen=True)
class Sample:
    """The district on paper. offices: each area's phone by its code."""

    options: Options
    town: Town
    items: list[Item]
    organisations: list[Organisation]
    workers: list[Worker]
    residents: list[Resident]
    staff: list[StaffAccount]
    offices: dict[str, str]


def draw(options: Options, today: date, zone: ZoneInfo = SHANGHAI) -> Sample:
    """Draw the sample. today: the first day of the shifts, a date in ``zone``, the district's time zone.

    Raises ValueError if the sizes can't be drawn (see streets.draw_town).
    """
    numbers = Numbers()
    town = draw_town(options.seed, options.subdistricts, options.communities)
    firms = organisations(town, options.organisations, today, numbers)
    rosa = cast_places(town)
    workers = draw_workers(options.seed, options.workers, town, firms, today, zone, numbers, rosa)
    cast = cast_residents(town, workers, rosa)
    others = Households(options.seed, town, workers, numbers).draw(max(0, options.residents - len(cast)))
    codes = [town.code, *(one.code for one in town.subdistricts), *(one.code for one in town.communities)]
    offices = {code: numbers.next("offices") for code in codes}
    return Sample(options, town, items(), firms, workers, cast + others, staff(), offices)


def staff() -> list[StaffAccount]:
    """The console's accounts, the same in every sample."""
    cast: dict[str, Any] = document("cast.yaml")
    password = cast["password"]
    return [
        StaffAccount(one["username"], Named(one["name"], one["name_en"]), one["role"], one["language"], password)
        for one in cast["staff"]
    ]


def cast_numbers() -> dict[str, str]:
    """First phone numbers (E.164) of the cast by name: rosa, shan, grace, amir, lena, tom and the stranger eve."""
    cast = document("cast.yaml")
    numbers = {key: facts["phones"][0] for key, facts in cast["residents"].items()}
    numbers |= {key: facts["number"] for key, facts in cast["workers"].items()}
    return numbers | {key: facts["number"] for key, facts in cast["strangers"].items()}
