"""Make up the social workers of the sample: who they are, what they can do, when they work."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import hypot
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.sample.addresses import Address, nearest, written
from app.sample.catalogue import Organisation
from app.sample.data import document
from app.sample.names import Named, PeopleNames
from app.sample.numbers import Numbers
from app.sample.plane import Point
from app.sample.streets import Town

SHIFT_DAYS = 14
ALL_DAY = ("08:00", "20:00")
"""When those of the cast who are always on duty work: without a break, every day."""


@dataclass(frozen=True)
class Span:
    """A shift, break or leave; aware moments."""

    kind: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Worker:
    """A social worker; organisation by code; cast: the name by which demo and tests know him."""

    external_id: str
    name: Named
    number: str
    gender: str
    language: str
    speaks: list[str]
    skills: list[str]
    home: Address
    mode: str
    organisation: str | None
    shifts: list[Span]
    cast: str | None = None


def draw_workers(
    seed: int,
    count: int,
    town: Town,
    organisations: list[Organisation],
    today: date,
    zone: ZoneInfo,
    numbers: Numbers,
    around: Point,
) -> list[Worker]:
    """The cast's workers and as many others as make ``count``.

    today: the first day of the shifts, in the district's zone. around: Rosa's place on the sheet; none but the cast
    lives within ``clear_metres`` of it, so that the demo's first choice stays the same.
    """
    random = Random(f"{seed}/workers")
    cast = [_from_cast(key, facts, town, organisations, today, zone, around) for key, facts in _cast().items()]
    names = PeopleNames(random)
    others = [_drawn(n, names, town, organisations, numbers, around, random) for n in range(1, count - len(cast) + 1)]
    return cast + [_with_shifts(worker, today, zone, random) for worker in others]


def _cast() -> dict[str, dict[str, Any]]:
    return dict(document("cast.yaml")["workers"])


def _from_cast(
    key: str,
    facts: dict[str, Any],
    town: Town,
    organisations: list[Organisation],
    today: date,
    zone: ZoneInfo,
    around: Point,
) -> Worker:
    wish = (around[0] + facts["place"][0], around[1] + facts["place"][1])
    days = range(SHIFT_DAYS) if facts["duty"] == "always" else ()
    return Worker(
        facts["external_id"],
        Named(facts["name"], facts["name_en"]),
        facts["number"],
        facts["gender"],
        facts["language"],
        list(facts["speaks"]),
        list(facts["skills"]),
        nearest(town, wish, Random(key)),
        facts["mode"],
        organisations[0].code if organisations else None,
        [_span("work", today + timedelta(days=day), *ALL_DAY, zone) for day in days],
        cast=key,
    )


def _drawn(
    number: int,
    names: PeopleNames,
    town: Town,
    organisations: list[Organisation],
    numbers: Numbers,
    around: Point,
    random: Random,
) -> Worker:
    profile = _profile(random)
    gender = profile.get("gender") or random.choice("ffm")
    words = document("people.yaml")
    modes = words["worker_modes"]
    return Worker(
        f"W{number:04d}",
        names.person(gender, "younger"),
        numbers.next("mobiles"),
        gender,
        "zh-CN",
        _speaks(words, random),
        list(profile["skills"]),
        _home(town, around, random),
        random.choices(list(modes), list(modes.values()))[0],
        organisations[number % len(organisations)].code if organisations else None,
        [],
    )


def _profile(random: Random) -> dict[str, Any]:
    profiles = document("catalogue.yaml")["profiles"]
    found: dict[str, Any] = random.choices(profiles, [profile["weight"] for profile in profiles])[0]
    return found


def _speaks(words: dict[str, Any], random: Random) -> list[str]:
    spoken = ["zh-CN"]
    if random.randrange(100) < words["worker_dialect_share"]:
        spoken += random.choices(list(words["dialects"]), list(words["dialects"].values()))
    if random.randrange(100) < words["worker_english_share"]:
        spoken.append("en")
    return spoken


def _home(town: Town, around: Point, random: Random) -> Address:
    """Anywhere but close to Rosa; a tiny district has no other choice after some tries."""
    clear = document("cast.yaml")["clear_metres"]
    for _ in range(50):
        community = random.choice(town.communities)
        house = community.house(random)
        if hypot(house.at[0] - around[0], house.at[1] - around[1]) > clear:
            break
    return written(community, house, random)


def _with_shifts(worker: Worker, today: date, zone: ZoneInfo, random: Random) -> Worker:
    patterns = document("people.yaml")["shift_patterns"]
    pattern = random.choices(list(patterns.values()), [one["weight"] for one in patterns.values()])[0]
    for ahead in range(SHIFT_DAYS):
        worker.shifts.extend(_day(pattern, today + timedelta(days=ahead), zone, random))
    return worker


def _day(pattern: dict[str, Any], day: date, zone: ZoneInfo, random: Random) -> list[Span]:
    """Work with its break; most weekends off, now and then a day of leave."""
    words = document("people.yaml")
    weekend, draw = day.weekday() >= 5, random.randrange(100)
    if weekend and draw >= words["weekend_share"]:
        return []
    work = _span("work", day, pattern["start"], pattern["end"], zone)
    if not weekend and draw < words["leave_share"]:
        return [work, Span("leave", work.starts_at, work.ends_at)]
    return [work, _span("break", day, pattern["break"][0], pattern["break"][1], zone)]


def _span(kind: str, day: date, start: str, end: str, zone: ZoneInfo) -> Span:
    first, last = (datetime.combine(day, time.fromisoformat(text), zone) for text in (start, end))
    return Span(kind, first, last)
