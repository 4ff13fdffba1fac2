"""Find the area, organisation or service that a cell names."""

from functools import cached_property
from typing import NoReturn

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.imports.data import document
from app.imports.fields import Row
from app.imports.problems import Problem, RowError
from app.imports.words import plain
from app.organisations.models import Organisation
from app.places import areas
from app.places.models import Area

CLOSE = 50
"""From this likeness (0 to 100) on a name is offered as what may have been meant."""


class Lookups:
    """What one import looks up again and again, read once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def communities(self) -> list[Area]:
        """Every community."""
        return areas.communities(self._session)

    @cached_property
    def _parents(self) -> dict[int, Area]:
        rows = self._session.scalars(select(Area).where(Area.level != "community"))
        return {area.id: area for area in rows}

    @cached_property
    def _by_name(self) -> dict[str, list[Area]]:
        found: dict[str, list[Area]] = {}
        for area in self.communities:
            for name in {_bare(area.name), plain(area.name_en), plain(area.name)}:
                found.setdefault(name, []).append(area)
        return found

    def community(self, row: Row) -> Area | None:
        """The community of a row: by code, by name (with the subdistrict where several have it), or in the address.

        None if the row names none at all. Raises RowError: community.unknown, community.several.
        """
        code, name = row.values.get("community_code"), row.values.get("community")
        if code:
            found = [area for area in self.communities if area.code == code]
            return (found or self._unknown(row, "community_code", code))[0]
        if name:
            known = self._by_name.get(plain(name)) or self._by_name.get(_bare(name))
            return self._only(row, known or self._unknown(row, "community", name), name)
        return self._in_address(row)

    def _only(self, row: Row, known: list[Area], name: str) -> Area:
        wanted = plain(row.values.get("subdistrict", ""))
        above = {area.id: self._parents.get(area.parent_id or 0) for area in known}
        fitting = [area for area in known if wanted and _begins(above[area.id], wanted)]
        if len(fitting) != 1 and len(known) > 1:
            raise RowError(row.problem("community.several", "community", given=name, count=len(known)))
        return fitting[0] if fitting else known[0]

    def _in_address(self, row: Row) -> Area | None:
        """The community whose whole name stands in the address; the longest name wins."""
        address = plain(row.values.get("address", ""))
        named = [area for area in self.communities if _named_in(address, area)]
        longest = max((len(area.name) for area in named), default=0)
        best = [area for area in named if len(area.name) == longest]
        return self._only(row, best, best[0].name) if best else None

    def _unknown(self, row: Row, field: str, given: str) -> NoReturn:
        scored = process.extract(given, [area.name for area in self.communities], scorer=fuzz.ratio, limit=3)
        names = [name for name, score, _ in scored if score >= CLOSE]
        near: object = Problem("near", "", {"names": names}) if names else ""
        raise RowError(row.problem("community.unknown", field, given=given, near=near))

    def area(self, row: Row, field: str) -> Area | None:
        """The area that the cell names by code or name, on any level. Raises RowError("area.unknown")."""
        given = row.values.get(field)
        if given is None:
            return None
        for area in (*self._parents.values(), *self.communities):
            if given == area.code or plain(given) in (plain(area.name), plain(area.name_en)):
                return area
        raise RowError(row.problem("area.unknown", field, given=given))

    @cached_property
    def _organisations(self) -> list[Organisation]:
        return list(self._session.scalars(select(Organisation)))

    def organisation(self, row: Row) -> Organisation | None:
        """The organisation that the cell names by code or name. Raises RowError("organisation.unknown")."""
        given = row.values.get("organisation")
        if given is None:
            return None
        for one in self._organisations:
            if plain(given) in (plain(one.code), plain(one.name), plain(one.name_en)):
                return one
        raise RowError(row.problem("organisation.unknown", "organisation", given=given))

    @cached_property
    def items(self) -> list[ServiceItem]:
        """Every service that can be ordered."""
        return list(self._session.scalars(select(ServiceItem).where(ServiceItem.parent_id.is_not(None))))

    def item(self, given: str) -> ServiceItem | None:
        """The service of this code or name."""
        wanted = plain(given)
        return next((i for i in self.items if wanted in (plain(i.code), plain(i.name), plain(i.name_en))), None)


def _bare(name: str) -> str:
    """A community's name without the words that offices put behind it: 雨山社区居委会 is 雨山."""
    short = plain(name)
    for ending in document("words.yaml")["community_endings"]:
        if short.endswith(ending) and len(short) > len(ending):
            return short.removesuffix(ending)
    return short


def _begins(area: Area | None, wanted: str) -> bool:
    """Whether an area is meant by ``wanted``: 青禾 or 青禾街道, or its English name."""
    return area is not None and (plain(area.name).startswith(wanted) or plain(area.name_en).startswith(wanted))


def _named_in(address: str, area: Area) -> bool:
    bare = _bare(area.name)
    return any(bare + ending in address for ending in document("words.yaml")["community_endings"]) or (
        plain(area.name_en) in address
    )
