"""Take over residents, known by the office's id, else by name and phone.

A second import updates: filled cells replace, empty cells leave what is known; phones and relatives are added in front
of the known ones, never removed; nobody's consent is changed.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import crypto
from app.core.errors import BadInput
from app.imports.fields import Row
from app.imports.lookups import Lookups
from app.imports.phone_cells import Line
from app.imports.problems import Problem, RowError
from app.imports.report import Outcome
from app.imports.words import meanings, plain
from app.people import residents as files
from app.people.models import Relative, Resident, ResidentPhone
from app.places import addresses, areas
from app.places.models import Area

SAME = ("name", "external_id", "gender", "address", "language", "dialect", "pace", "note")
YES_NO_FLAGS = ("living_alone", "hardship", "mobility_limited", "hard_of_hearing")
CARE_LEVELS = {"care_level_1", "care_level_2", "care_level_3"}


def key(row: Row) -> list[str]:
    """What makes two rows of a file the same resident: the id if there is one, else the name with any phone."""
    if "external_id" in row.values:
        return [row.values["external_id"]]
    return [f"{row.values['name']} {line.e164}" for line in row.values["phones"]]


def order(row: Row) -> int:
    """Residents do not depend on each other."""
    return 0


class Residents:
    """Writes the rows of one import."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lookups = Lookups(session)

    def write(self, row: Row, by: str) -> tuple[Resident, Outcome, list[Problem]]:
        """Open or update one resident's file; returns it, what happened and notes. Raises RowError."""
        notes = _phone_notes(row)
        resident = self._known(row)
        values = self._values(row, resident, notes)
        if resident is None:
            return self._made(lambda: files.create(self._session, values, by)), "added", notes
        fresh = {name: value for name, value in values.items() if not _has(resident, name, value)}
        if fresh:
            self._made(lambda: files.update(self._session, resident, fresh, by))
        return resident, "updated" if fresh else "same", notes

    def _made(self, act: Any) -> Resident:
        try:
            made: Resident = act()
        except BadInput as error:
            wrong = [f"{one['field']} {one['code']}" for one in error.facts.get("problems", [])]  # type: ignore[attr-defined]
            raise RowError(Problem("row.refused_by_database", "", {"given": ", ".join(wrong)})) from error
        return made

    def _known(self, row: Row) -> Resident | None:
        """The resident that the row is about. Raises RowError("row.ambiguous")."""
        wanted = row.values.get("external_id")
        if wanted is not None:
            found = self._session.scalar(select(Resident).where(Resident.external_id == wanted))
            if found is not None:
                return found
        same = [one for one in self._by_name_and_phone(row) if wanted is None or one.external_id is None]
        if len(same) > 1:
            raise RowError(row.problem("row.ambiguous", "", count=len(same)))
        return same[0] if same else None

    def _by_name_and_phone(self, row: Row) -> list[Resident]:
        hashes = [crypto.keyed_hash(line.e164) for line in row.values["phones"]]
        own = select(ResidentPhone.resident_id).where(ResidentPhone.number_hash.in_(hashes))
        family = select(Relative.resident_id).where(Relative.number_hash.in_(hashes))
        reached = own.union(family)  # an "or" of the two would read every resident for every row
        same = select(Resident).where(Resident.name == row.values["name"], Resident.id.in_(reached))
        return list(self._session.scalars(same))

    def _values(self, row: Row, resident: Resident | None, notes: list[Problem]) -> dict[str, Any]:
        given = row.values
        values: dict[str, Any] = {name: given[name] for name in SAME if name in given}
        if (born := given.get("birth_year", _year_by_age(given, resident))) is not None:
            values["birth_year"] = born
        values |= self._located(row, resident, notes)
        values["flags"] = _flags(given, resident)
        values["phones"] = _phones(row, resident)
        if relatives := _relatives(row):
            values["relatives"] = _merged(relatives, resident)
        if "usual_item" in given:
            item = self._lookups.item(given["usual_item"])
            if item is None:
                notes.append(row.problem("service.unknown", "usual_item", given=given["usual_item"]))
            else:
                values["usual_item_id"] = item.id
        return values

    def _located(self, row: Row, resident: Resident | None, notes: list[Problem]) -> dict[str, Any]:
        """Community and place: coordinates given, else a landmark in the address, else the community's centre."""
        given = row.values
        point = [given["latitude"], given["longitude"]] if {"latitude", "longitude"} <= given.keys() else None
        community = self._lookups.community(row)
        if community is None and point:
            community = areas.community_of(self._lookups.communities, *point)
        if community is None and resident is None:
            raise RowError(row.problem("resident.no_community", "address", given=given["address"]))
        if point:
            return _placed(community, point, False)
        moved = resident is None or given["address"] != resident.address or _other(community, resident)
        if not moved:
            return {}
        home = community.id if community else resident.community_id  # type: ignore[union-attr]
        found = addresses.locate(self._session, home, given["address"])
        if found.source == "community":
            notes.append(row.problem("resident.approximate", "address"))
        return _placed(community, found.place, found.approximate)


def _placed(community: Area | None, place: list[float], approximate: bool) -> dict[str, Any]:
    where = {"community_id": community.id} if community else {}
    return where | {"place": place, "approximate": approximate}


def _other(community: Area | None, resident: Resident) -> bool:
    return community is not None and community.id != resident.community_id


def _year_by_age(given: dict[str, Any], resident: Resident | None) -> int | None:
    """An age tells the year only to within one: it does not replace what is known better."""
    year: int | None = given.get("age")
    if year is not None and resident is not None and resident.birth_year and abs(year - resident.birth_year) <= 1:
        return resident.birth_year
    return year


def _flags(given: dict[str, Any], resident: Resident | None) -> list[str]:
    """Known flags, those that the row adds, without those that it denies; only one care level at a time."""
    flags = set(resident.flags if resident else []) | set(given.get("flags", []))
    flags |= {flag for flag in YES_NO_FLAGS if given.get(flag) is True}
    flags -= {flag for flag in YES_NO_FLAGS if given.get(flag) is False}
    level = given.get("care_level") or next((flag for flag in given.get("flags", []) if flag in CARE_LEVELS), None)
    if level is not None:
        flags = flags - CARE_LEVELS | ({level} & CARE_LEVELS)
    if "hard_of_hearing" in flags:
        flags.add("people_only")
    return sorted(flags)


def _phones(row: Row, resident: Resident | None) -> list[str]:
    own = [line for line in row.values["phones"] if not _somebody_elses(line, row)]
    if wrong := [line.e164 for line in own if line.kind == "short"]:
        raise RowError(row.problem("phone.unreadable", "phones", given=wrong[0]))
    known = [phone.number for phone in resident.phones] if resident else []
    return list(dict.fromkeys([*(line.e164 for line in own), *known]))


def _relatives(row: Row) -> list[dict[str, Any]]:
    """Everybody else whom the row names, without consent, by number."""
    given = row.values
    lines = [(line, "") for line in given["phones"] if _somebody_elses(line, row)]
    lines += [(line, given.get("relative_name", "")) for line in given.get("relative_phones", [])]
    return [_relative(line, name, given.get("relation", "")) for line, name in lines]


def _relative(line: Line, name: str, relation: str) -> dict[str, Any]:
    said = plain(line.label) in meanings("relations")
    kinship = line.label if said else relation
    return {"name": name or line.label or kinship or line.e164[-4:], "relation": kinship[:20], "number": line.e164}


def _merged(relatives: list[dict[str, Any]], resident: Resident | None) -> list[dict[str, Any]]:
    """The row's relatives and the known ones; who is known under a number keeps language and consent."""
    known = {
        one.number: {
            "name": one.name,
            "relation": one.relation,
            "number": one.number,
            "language": one.language,
            "consented": one.consented_at is not None,
            "consent_call_id": one.consent_call_id,
        }
        for one in (resident.relatives if resident else [])
    }
    fresh = {one["number"]: known.get(one["number"], {}) | one for one in relatives}
    return [*fresh.values(), *(one for number, one in known.items() if number not in fresh)]


def _somebody_elses(line: Line, row: Row) -> bool:
    """Whether the label beside a number names another person than the resident."""
    return bool(line.label) and plain(line.label) != plain(row.values["name"])


def _phone_notes(row: Row) -> list[Problem]:
    lines = [*row.values["phones"], *row.values.get("relative_phones", [])]
    notes = [row.problem("phone.extension", "phones", given=line.extension) for line in lines if line.extension]
    others = [line for line in row.values["phones"] if _somebody_elses(line, row)]
    return notes + [row.problem("phone.of_relative", "phones", given=line.label) for line in others]


def _has(resident: Resident, name: str, value: Any) -> bool:
    """Whether the file says so already."""
    if name == "phones":
        return [phone.number for phone in resident.phones] == value
    if name == "relatives":
        family = {one.number: (one.name, one.relation) for one in resident.relatives}
        return bool(family == {one["number"]: (one["name"], one["relation"]) for one in value})
    known = getattr(resident, name)
    return bool(sorted(known) == value if name == "flags" else known == value)
