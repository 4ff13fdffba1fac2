"""Put names together, of places and of people, each in Chinese and in English, none of a place twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from app.sample.data import document, table


@dataclass(frozen=True)
class Named:
    """A name in Chinese and its English equivalent."""

    zh: str
    en: str


class Names:
    """A bag of place names, shuffled once; every street, community and subdistrict gets another one."""

    def __init__(self, words: dict[str, Any], random: Random) -> None:
        self._words = words
        self._random = random
        self._pairs = self._bag()
        self._communities = self._bag()
        self._subdistricts = [Named(zh, en) for zh, en in words["subdistricts"].items()]
        self._round = 0

    def _bag(self) -> list[Named]:
        pairs = product(self._words["first"].items(), self._words["second"].items())
        bag = [Named(a + c, b + d) for (a, b), (c, d) in pairs if a != c]
        self._random.shuffle(bag)
        return bag

    def subdistrict(self) -> Named:
        """The next subdistrict's name."""
        base = self._subdistricts.pop(0) if self._subdistricts else self._next(self._communities)
        return self._with("subdistrict", base)

    def community(self) -> Named:
        """The next community's name."""
        return self._with("community", self._next(self._communities))

    def street(self, rank: str) -> Named:
        """The next name for a street of this rank: avenue, road, lane or bridge."""
        return self._with(rank, self._next(self._pairs))

    def block(self, community: Named) -> tuple[str, Named | None]:
        """What stands on a block; whatever is not homes has a name."""
        uses = self._words["uses"]
        use = self._random.choices(uses, [entry["weight"] for entry in uses])[0]
        if use["use"] == "homes":
            return "homes", None
        base, base_en = (community.zh.removesuffix("社区"), community.en.removesuffix(" Community"))
        return use["use"], Named(base + use["name"], f"{base_en} {use['name_en']}")

    def landmark(self, street: Named) -> Named:
        """What people call a spot on ``street``."""
        form = self._random.choice(self._words["landmarks"])
        return Named(form["name"].format(street=street.zh), form["name_en"].format(street_en=street.en))

    def _with(self, kind: str, base: Named) -> Named:
        zh, en = self._words["suffixes"][kind]
        return Named(base.zh + zh, f"{base.en} {en}")

    def _next(self, bag: list[Named]) -> Named:
        """The next unused name; when the bag is empty it is filled again with numbered names."""
        if not bag:
            self._round += 1
            bag += [Named(f"{name.zh}{_NUMERALS[self._round]}", f"{name.en} {self._round + 1}") for name in self._bag()]
        return bag.pop()


_NUMERALS = "一二三四五六七八九十"


class PeopleNames:
    """Natural names of persons, rare and polyphonic surnames included, as often as they occur."""

    def __init__(self, random: Random) -> None:
        rows = table("surnames.csv")
        self._random = random
        self._surnames = [Named(row["surname"], row["pinyin"]) for row in rows]
        self._weights = [int(row["weight"]) for row in rows]
        self._given: dict[tuple[str, str], list[Named]] = {}
        for row in table("given_names.csv"):
            self._given.setdefault((row["era"], row["gender"]), []).append(Named(row["given"], row["pinyin"]))

    def surname(self) -> Named:
        """A surname by its weight."""
        return self._random.choices(self._surnames, self._weights)[0]

    def surnames(self) -> Sequence[Named]:
        """Every surname, the commonest first."""
        return self._surnames

    def person(self, gender: str, era: str, surname: Named | None = None) -> Named:
        """A whole name; gender f or m, era elder or younger, surname given or drawn."""
        family = surname or self.surname()
        given = self._random.choice(self._given[era, gender])
        return Named(family.zh + given.zh, f"{family.en} {given.en}")

    def foreigner(self, gender: str) -> Named:
        """A Latin name, of somebody who would rather speak English."""
        words = document("people.yaml")["english"]
        fitting = [name for name in words["names"] if (name in words["men"]) == (gender == "m")]
        name = f"{self._random.choice(fitting)} {self._random.choice(words['families'])}"
        return Named(name, name)
