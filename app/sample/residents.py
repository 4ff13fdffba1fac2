"""Make up the residents of the sample: households, phones, relatives, needs and wishes."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from app.sample.addresses import Address, nearest, unlocated, written
from app.sample.data import document
from app.sample.names import Named, PeopleNames
from app.sample.numbers import Numbers
from app.sample.plane import Point
from app.sample.streets import Town
from app.sample.workers import Worker


@dataclass(frozen=True)
class Relative:
    """Family or neighbour; consent: whether the resident agreed that he hears about visits."""

    name: Named
    relation: str
    number: str
    consent: bool


@dataclass(frozen=True)
class Resident:
    """A resident; usual_item by code, usual_worker by external id; cast: the name demo and tests know her by."""

    external_id: str
    name: Named
    gender: str
    birth_year: int
    address: Address
    language: str
    pace: str
    dialect: str | None
    flags: list[str]
    wishes: dict[str, Any]
    phones: list[str]
    relatives: list[Relative] = field(default_factory=list)
    household_password: str | None = None
    note: str | None = None
    usual_item: str | None = None
    usual_worker: str | None = None
    cast: str | None = None


def cast_places(town: Town) -> Point:
    """Where Rosa lives on the sheet: a door in the middle of the district, north of the river."""
    u, _ = town.box.middle
    community = min(town.communities, key=lambda one: abs(one.box.middle[0] - u) + abs(one.box.middle[1] - 6200))
    return nearest(town, community.box.middle, Random("rosa")).spot


def cast_residents(town: Town, workers: list[Worker], around: Point) -> list[Resident]:
    """Rosa, Mr Shan and Grace, as cast.yaml has them."""
    ids = {worker.cast: worker.external_id for worker in workers if worker.cast}
    return [_from_cast(key, facts, town, ids, around) for key, facts in document("cast.yaml")["residents"].items()]


def _from_cast(key: str, facts: dict[str, Any], town: Town, ids: dict[str, str], around: Point) -> Resident:
    wish = (around[0] + facts["place"][0], around[1] + facts["place"][1])
    same = ("external_id", "gender", "birth_year", "language", "pace", "dialect", "household_password", "note")
    relatives = [
        Relative(Named(one["name"], one["name_en"]), one["relation"], one["number"], one["consent"])
        for one in facts["relatives"]
    ]
    return Resident(
        **{name: facts[name] for name in same},
        name=Named(facts["name"], facts["name_en"]),
        address=nearest(town, wish, Random(key)),
        flags=list(facts["flags"]),
        wishes=dict(facts["wishes"]),
        phones=list(facts["phones"]),
        relatives=relatives,
        usual_item=facts["usual_item"],
        usual_worker=ids.get(facts["usual_worker"]),
        cast=key,
    )


class Households:
    """Draws residents household by household, since they share an address, a surname and often a landline."""

    def __init__(self, seed: int, town: Town, workers: list[Worker], numbers: Numbers) -> None:
        self._random = Random(f"{seed}/residents")
        self._names = PeopleNames(self._random)
        self._words: dict[str, Any] = document("people.yaml")
        self._usual: dict[str, int] = document("catalogue.yaml")["usual"]
        self._skill = _skills()
        self._town, self._numbers = town, numbers
        self._workers = [worker for worker in workers if worker.cast != "tom"]
        self._count = 0

    def draw(self, count: int) -> list[Resident]:
        """``count`` residents."""
        found: list[Resident] = []
        while len(found) < count:
            found += self._household()
        return found[:count]

    def _household(self) -> list[Resident]:
        size = int(self._weighted(self._words["household_sizes"]))
        address = self._address()
        landline = self._numbers.next("landlines") if self._happens("landline_share") else None
        english = size == 1 and self._random.randrange(100) < self._words["english"]["share"]
        surname = self._names.surname()
        genders = ["f", "m"] if size == 2 else [self._random.choice("ffm") for _ in range(size)]
        members = []
        for nth, gender in enumerate(genders):
            family = surname if nth != 1 else None
            name = self._names.foreigner(gender) if english else self._names.person(gender, "elder", family)
            members.append(self._person(name, gender, address, landline, english, alone=size == 1))
        return members

    def _person(
        self, name: Named, gender: str, address: Address, landline: str | None, english: bool, alone: bool
    ) -> Resident:
        self._count += 1
        years = self._words["birth_years"]
        item = str(self._weighted(self._usual)) if self._happens("usual_share") else None
        return Resident(
            f"R{self._count:05d}",
            name,
            gender,
            self._random.randint(years["from"], years["to"]),
            address,
            "en" if english else "zh-CN",
            "slow" if self._happens("slow_share") else "normal",
            str(self._weighted(self._words["dialects"])) if self._happens("dialect_share") and not english else None,
            self._flags(alone),
            self._wishes(gender),
            self._phones(landline),
            self._relatives(name, english),
            self._random.choice(self._words["passwords"]) if self._happens("password_share") else None,
            self._random.choice(self._words["notes"]) if self._random.randrange(100) < 12 else None,
            item,
            self._usual_worker(item),
        )

    def _address(self) -> Address:
        community = self._random.choice(self._town.communities)
        address = written(community, community.house(self._random), self._random)
        return unlocated(address) if self._happens("approximate_share") else address

    def _flags(self, alone: bool) -> list[str]:
        flags = ["living_alone"] if alone else []
        flags += [flag for flag, share in self._words["flags"].items() if self._random.randrange(100) < share]
        draw = self._random.randrange(100)
        for level, share in self._words["care_levels"].items():
            if 0 <= draw < share:
                flags.append(level)
            draw -= share
        return [*flags, "people_only"] if "hard_of_hearing" in flags else flags

    def _wishes(self, gender: str) -> dict[str, Any]:
        wishes: dict[str, Any] = {}
        if self._happens("same_gender_wish_share"):
            wishes["gender"] = gender
        if self._happens("straight_share"):
            wishes["straight_to_person"] = True
        return wishes

    def _phones(self, landline: str | None) -> list[str]:
        """Whatever of landline and mobiles the person has; nobody is without a phone."""
        phones = [landline] if landline else []
        if not landline or self._happens("mobile_share"):
            phones.append(self._numbers.next("mobiles"))
            if self._happens("second_mobile_share"):
                phones.append(self._numbers.next("mobiles"))
            self._random.shuffle(phones)
        return phones

    def _relatives(self, name: Named, english: bool) -> list[Relative]:
        wanted = self._happens("relative_share") + self._happens("second_relative_share")
        kinds = self._random.sample(list(self._words["relations"].items()), k=wanted)
        return [self._relative(name, relation, gender, english) for relation, gender in kinds]

    def _relative(self, name: Named, relation: str, gender: str, english: bool) -> Relative:
        same = not english and relation in {"儿子", "女儿"}
        family = next((one for one in self._names.surnames() if same and name.zh.startswith(one.zh)), None)
        person = self._names.person(gender, "younger", family)
        return Relative(person, relation, self._numbers.next("mobiles"), self._happens("consent_share"))

    def _usual_worker(self, item: str | None) -> str | None:
        if item is None or not self._happens("usual_worker_share"):
            return None
        fitting = [worker.external_id for worker in self._workers if self._skill[item] in worker.skills]
        return self._random.choice(fitting) if fitting else None

    def _happens(self, share: str) -> bool:
        return self._random.randrange(100) < int(self._words[share])

    def _weighted(self, weights: dict[Any, int]) -> Any:
        return self._random.choices(list(weights), list(weights.values()))[0]


def _skills() -> dict[str, str]:
    """The skill each service needs, by its code."""
    categories = document("catalogue.yaml")["categories"]
    return {entry["code"]: entry["skill"] for category in categories for entry in category["items"]}
