"""Take over areas: district, subdistrict and community, known by their code."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports import latin
from app.imports.fields import Row
from app.imports.problems import Problem, RowError
from app.imports.report import Outcome
from app.places.models import Area

LEVELS = ("district", "subdistrict", "community")
BY_CODE_LENGTH = {6: "district", 9: "subdistrict", 12: "community"}
"""Lengths of codes (GB/T 2260 for districts, GB/T 10114 and the statistical division codes below)."""
ENDINGS = {"街道": "subdistrict", "镇": "subdistrict", "乡": "subdistrict", "社区": "community", "居委会": "community"}
COLUMNS = ("name", "name_en", "latitude", "longitude", "phone", "address")


def key(row: Row) -> list[str]:
    """What makes two rows of a file the same area."""
    return [row.values["code"]]


def order(row: Row) -> int:
    """Areas above are taken over before those below, wherever they stand in the file."""
    level = _level(row.values)
    return LEVELS.index(level) if level else len(LEVELS)


class Areas:
    """Writes rows of one import."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(self, row: Row, by: str) -> tuple[Area, Outcome, list[Problem]]:
        """Add or update one area; returns it, what happened and notes. Raises RowError."""
        area = self._session.scalar(select(Area).where(Area.code == row.values["code"]))
        level = row.values.get("level") or (area.level if area else None) or _level(row.values)
        if level is None:
            raise RowError(row.problem("area.level_missing", "level"))
        parent = self._parent(row, level, area)
        values, notes = self._values(row, parent, area)
        if area is None:
            area = Area(code=row.values["code"], level=level, parent_id=parent and parent.id, **values)
            self._session.add(area)
            return area, "added", notes
        return area, _changed(area, values | {"level": level, "parent_id": parent and parent.id}), notes

    def _parent(self, row: Row, level: str, area: Area | None) -> Area | None:
        """The area above, by the column that names it, else by the code that this code goes on from."""
        if level == "district":
            return None
        wanted = row.values.get("parent")
        if wanted is None and area is not None and area.parent_id is not None:
            return self._session.get(Area, area.parent_id)
        parent = self._named(wanted) if wanted else self._above(row.values["code"])
        if parent is None:
            raise RowError(row.problem("area.no_parent" if wanted else "area.parent_missing", "parent", given=wanted))
        if LEVELS.index(parent.level) != LEVELS.index(level) - 1:
            expected = Problem("area.order")
            raise RowError(row.problem("area.wrong_parent", "parent", given=parent.name, expected=expected))
        return parent

    def _named(self, wanted: str) -> Area | None:
        rows = select(Area).where((Area.code == wanted) | (Area.name == wanted)).order_by(Area.code != wanted).limit(2)
        return self._session.scalars(rows).first()

    def _above(self, code: str) -> Area | None:
        starts = [code[:length] for length in range(len(code) - 1, 1, -1)]
        rows = select(Area).where(Area.code.in_(starts))
        return max(self._session.scalars(rows), key=lambda area: len(area.code), default=None)

    def _values(self, row: Row, parent: Area | None, area: Area | None) -> tuple[dict[str, Any], list[Problem]]:
        values = {name: row.values[name] for name in COLUMNS if name in row.values}
        notes: list[Problem] = []
        if "phone" in values:
            values["phone"] = values["phone"].e164
        if area is None:
            values.setdefault("name_en", latin.place(values["name"]))
            if not {"latitude", "longitude"} <= values.keys():
                if parent is None:
                    raise RowError(row.problem("area.no_place", "latitude"))
                values |= {"latitude": parent.latitude, "longitude": parent.longitude}
                notes.append(row.problem("area.centre_borrowed", "latitude"))
        return values, notes


def _level(values: dict[str, Any]) -> str | None:
    """The level by its column, else by the code's length, else by the name's ending."""
    by_name = next((level for ending, level in ENDINGS.items() if values["name"].endswith(ending)), None)
    found: str | None = values.get("level") or BY_CODE_LENGTH.get(len(values["code"])) or by_name
    return found


def _changed(area: Area, values: dict[str, Any]) -> Outcome:
    fresh = {name: value for name, value in values.items() if getattr(area, name) != value}
    for name, value in fresh.items():
        setattr(area, name, value)
    return "updated" if fresh else "same"
