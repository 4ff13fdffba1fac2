"""The sample's service items and organisations, as the data files list them."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.sample.data import document
from app.sample.names import Named
from app.sample.numbers import Numbers
from app.sample.streets import Town


@dataclass(frozen=True)
class Item:
    """A category (no parent, no skill) or a service that can be ordered; times in seconds, the visit in minutes."""

    code: str
    name: Named
    parent: str | None = None
    skill: str | None = None
    minutes: int = 30
    workers_needed: int = 1
    offer_seconds: int = 7200
    resolution_seconds: int = 7 * 86400
    urgent: bool = False


@dataclass(frozen=True)
class Organisation:
    """A provider; area is a subdistrict's code, None serves everywhere."""

    code: str
    name: Named
    kind: str
    area: str | None
    phone: str
    licence_until: date


def items() -> list[Item]:
    """The whole catalogue, each category before its items."""
    words = document("catalogue.yaml")
    found = []
    for category in words["categories"]:
        found.append(Item(category["code"], Named(category["name"], category["name_en"])))
        found += [_item(category["code"], entry, words["defaults"]) for entry in category["items"]]
    return found


def _item(parent: str, entry: dict[str, object], defaults: dict[str, int]) -> Item:
    urgent = bool(entry.get("urgent", False))
    offer = defaults["urgent_offer_seconds" if urgent else "offer_seconds"]
    sizes = {
        key: int(str(entry.get(key, defaults.get(key, offer))))
        for key in ("minutes", "workers_needed", "offer_seconds", "resolution_seconds")
        if key != "offer_seconds"
    }
    name = Named(str(entry["name"]), str(entry["name_en"]))
    return Item(str(entry["code"]), name, parent, str(entry["skill"]), offer_seconds=offer, urgent=urgent, **sizes)


def organisations(town: Town, count: int, today: date, numbers: Numbers) -> list[Organisation]:
    """``count`` organisations; the list is gone through again where it is too short. today: the district's date."""
    rows = document("organisations.yaml")
    found = []
    for number in range(count):
        row, again = rows[number % len(rows)], number // len(rows)
        name = Named(row["name"], row["name_en"])
        if again:
            name = Named(f"{name.zh}{again + 1}部", f"{name.en} {again + 1}")
        area = town.subdistricts[number % len(town.subdistricts)].code if again else None
        until = today + timedelta(days=row["licence_days"])
        phone = numbers.next("organisations")
        found.append(Organisation(f"ORG{number + 1:03d}", name, row["kind"], area, phone, until))
    return found
