"""Put a drawn district into the database, in bulk, through the wings' tables.

What is there already (by code, external id or user name) stays as it is; only the shifts from the first day on are
drawn anew, so that loading again gives an old sample a new fortnight.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.catalogue.models import ServiceItem
from app.core import clock, site
from app.core.phones import Phone
from app.organisations.models import Organisation
from app.people import names
from app.people.models import Relative, Resident, ResidentPhone, Staff
from app.people.residents import hashed
from app.places.models import Area, Landmark
from app.sample import addresses
from app.sample.draw import Sample
from app.sample.geojson import polygon
from app.sample.names import Named
from app.sample.plane import Box, degrees
from app.sample.residents import Resident as DrawnResident
from app.sample.streets import Community
from app.sample.workers import Worker as DrawnWorker
from app.workforce.models import Shift, Worker

Ids = dict[str, int]
Rows = list[dict[str, Any]]


def load(session: Session, sample: Sample, first_day: datetime) -> dict[str, int]:
    """Write the whole sample; the caller commits.

    first_day: midnight (aware) from which on shifts are replaced. Returns how many rows of each kind were added.
    """
    counts: dict[str, int] = {}
    areas = _areas(session, sample, counts)
    items = _items(session, sample, counts)
    firms = _organisations(session, sample, areas, counts)
    workers = _workers(session, sample, firms, counts)
    counts["shifts"] = _shifts(session, sample.workers, workers, first_day)
    _residents(session, sample, areas, items, workers, counts)
    _staff(session, sample, counts)
    site.put(session, "sample", {"seed": sample.options.seed})
    return counts


def is_empty(session: Session) -> bool:
    """Whether nobody has entered areas, services, workers or residents yet."""
    return all(session.scalar(select(model.id).limit(1)) is None for model in (Area, ServiceItem, Worker, Resident))


def midnight(zone: ZoneInfo) -> datetime:
    """The beginning of today in the district."""
    return datetime.combine(clock.now().astimezone(zone).date(), time(), zone)


def _areas(session: Session, sample: Sample, counts: dict[str, int]) -> Ids:
    town, offices = sample.town, sample.offices
    district = _missing(session, Area.code, [_area("district", town.code, None, town.name, town.box, offices)])
    top = district[town.code]
    parts = [_area("subdistrict", one.code, top, one.name, one.box, offices) for one in town.subdistricts]
    subdistricts = _missing(session, Area.code, parts)
    known = set(session.scalars(select(Area.code).where(Area.level == "community")))
    rows = [
        _area("community", one.code, subdistricts[one.subdistrict.code], one.name, one.box, offices)
        | {"address": addresses.office(one)[0]}
        for one in town.communities
    ]
    ids = _missing(session, Area.code, rows, counts, "communities")
    fresh = [one for one in town.communities if one.code not in known]
    _insert(session, Landmark, [row for one in fresh for row in _landmarks(one, ids)])
    return ids | subdistricts | district


def _area(level: str, code: str, parent: int | None, name: Named, box: Box, offices: dict[str, str]) -> dict[str, Any]:
    longitude, latitude = degrees(box.middle)
    return {
        "code": code,
        "level": level,
        "parent_id": parent,
        "name": name.zh,
        "name_en": name.en,
        "latitude": latitude,
        "longitude": longitude,
        "phone": offices[code],
        "phone_verified_on": clock.now().date(),
        "address": None,
        "polygon": polygon(box),
    }


def _landmarks(community: Community, ids: Ids) -> Rows:
    rows = []
    for mark in community.landmarks:
        longitude, latitude = degrees(mark.at)
        place = [latitude, longitude]
        rows.append({"community_id": ids[community.code], "name": mark.name.zh, "place": place, "confirmed": True})
    return rows


def _items(session: Session, sample: Sample, counts: dict[str, int]) -> Ids:
    tops = [_item(one, None) for one in sample.items if one.parent is None]
    categories = _missing(session, ServiceItem.code, tops)
    rows = [_item(one, categories[one.parent]) for one in sample.items if one.parent is not None]
    return categories | _missing(session, ServiceItem.code, rows, counts, "services")


def _item(item: Any, parent: int | None) -> dict[str, Any]:
    same = ("code", "skill", "minutes", "workers_needed", "offer_seconds", "resolution_seconds", "urgent")
    values = {name: getattr(item, name) for name in same}
    return values | {"name": item.name.zh, "name_en": item.name.en, "parent_id": parent, "active": True}


def _organisations(session: Session, sample: Sample, areas: Ids, counts: dict[str, int]) -> Ids:
    rows = [
        {
            "code": one.code,
            "name": one.name.zh,
            "name_en": one.name.en,
            "kind": one.kind,
            "area_id": areas[one.area] if one.area else None,
            "phone": one.phone,
            "licence_until": one.licence_until,
        }
        for one in sample.organisations
    ]
    return _missing(session, Organisation.code, rows, counts, "organisations")


def _workers(session: Session, sample: Sample, firms: Ids, counts: dict[str, int]) -> Ids:
    rows = [
        {
            "external_id": one.external_id,
            "name": one.name.zh,
            "name_en": one.name.en,
            "number": one.number,
            "number_hash": hashed(_phone(one.number))["number_hash"],
            "gender": one.gender,
            "language": one.language,
            "speaks": one.speaks,
            "skills": one.skills,
            "home": one.home.place,
            "mode": one.mode,
            "organisation_id": firms[one.organisation] if one.organisation else None,
            "active": True,
        }
        for one in sample.workers
    ]
    return _missing(session, Worker.external_id, rows, counts, "workers")


def _shifts(session: Session, workers: Iterable[DrawnWorker], ids: Ids, first_day: datetime) -> int:
    session.execute(delete(Shift).where(Shift.worker_id.in_(ids.values()), Shift.starts_at >= first_day))
    rows = [
        {"worker_id": ids[one.external_id], "kind": span.kind, "starts_at": span.starts_at, "ends_at": span.ends_at}
        for one in workers
        for span in one.shifts
    ]
    _insert(session, Shift, rows)
    return len(rows)


def _residents(session: Session, sample: Sample, areas: Ids, items: Ids, workers: Ids, counts: dict[str, int]) -> None:
    known = set(session.scalars(select(Resident.external_id)))
    fresh = [one for one in sample.residents if one.external_id not in known]
    rows = [_resident(one, areas, items, workers) for one in fresh]
    ids = _missing(session, Resident.external_id, rows, counts, "residents")
    _insert(session, ResidentPhone, [row for one in fresh for row in _phones(one, ids[one.external_id])])
    _insert(session, Relative, [row for one in fresh for row in _relatives(one, ids[one.external_id])])


def _resident(one: DrawnResident, areas: Ids, items: Ids, workers: Ids) -> dict[str, Any]:
    same = ("external_id", "gender", "birth_year", "language", "dialect", "pace", "flags", "wishes")
    keys = names.keys(one.name.zh)
    return {name: getattr(one, name) for name in same} | {
        "name": one.name.zh,
        "name_keys": keys,
        "name_text": names.line(one.name.zh, keys),
        "community_id": areas[one.address.community.code],
        "address": one.address.zh,
        "place": one.address.place,
        "approximate": one.address.approximate,
        "household_password": one.household_password,
        "note": one.note,
        "usual_item_id": items[one.usual_item] if one.usual_item else None,
        "usual_worker_id": workers[one.usual_worker] if one.usual_worker else None,
        "created_at": clock.now(),
    }


def _phones(one: DrawnResident, resident_id: int) -> Rows:
    numbered = enumerate(one.phones)
    return [{"resident_id": resident_id, "rank": rank, **hashed(_phone(number))} for rank, number in numbered]


def _relatives(one: DrawnResident, resident_id: int) -> Rows:
    return [
        {
            "resident_id": resident_id,
            "name": relative.name.zh,
            "relation": relative.relation,
            "language": "zh-CN",
            "consented_at": clock.now() if relative.consent else None,
            **hashed(_phone(relative.number)),
        }
        for relative in one.relatives
    ]


def _staff(session: Session, sample: Sample, counts: dict[str, int]) -> None:
    hasher = PasswordHasher()
    known = set(session.scalars(select(Staff.username)))
    rows = [
        {
            "username": one.username,
            "password_hash": hasher.hash(one.password),
            "name": one.name.en if one.language == "en" else one.name.zh,
            "role": one.role,
            "language": one.language,
            "active": True,
            "session_mark": token_hex(16),
            "created_at": clock.now(),
        }
        for one in sample.staff
        if one.username not in known
    ]
    _insert(session, Staff, rows)
    counts["staff"] = len(rows)


def _phone(number: str) -> Phone:
    """Drawn numbers of mobiles begin with +861, the others are landlines."""
    return Phone(number, "mobile" if number.startswith("+861") else "landline")


def _missing(
    session: Session,
    key: InstrumentedAttribute[Any],
    rows: Sequence[dict[str, Any]],
    counts: dict[str, int] | None = None,
    counted_as: str = "",
) -> Ids:
    """Insert the rows whose ``key`` is not in the table yet; the ids of all of them by that key."""
    model = key.class_
    found = session.execute(select(key, model.id).where(key.in_([row[key.key] for row in rows])))
    ids: Ids = {name: number for name, number in found}
    fresh = [row for row in rows if row[key.key] not in ids]
    if fresh:
        made = session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), fresh)
        ids |= {row[key.key]: number for row, number in zip(fresh, made, strict=True)}
    if counts is not None:
        counts[counted_as] = len(fresh)
    return ids


def _insert(session: Session, model: Any, rows: Rows) -> None:
    if rows:
        session.execute(insert(model), rows)
