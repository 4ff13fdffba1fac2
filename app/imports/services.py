"""Take over the catalogue's categories and services, known by their code.

A row without a category is a category itself. Left out, the district's default clocks apply: a visit is offered within
2 h (urgent 15 min) and the matter settled within 7 days, counted from intake.
"""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.imports.fields import Row
from app.imports.problems import Problem, RowError
from app.imports.report import Outcome

CLOCKS = ("offer_seconds", "resolution_seconds")
SAME = ("name", "name_en", "skill", "minutes", "workers_needed", "urgent", "active", *CLOCKS)
URGENT_OFFER_SECONDS = 900


def key(row: Row) -> list[str]:
    """What makes two rows of a file the same service."""
    return [_code(row)]


def order(row: Row) -> int:
    """Categories are taken over first."""
    return 1 if "category" in row.values else 0


class Services:
    """Writes the rows of one import."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(self, row: Row, by: str) -> tuple[ServiceItem, Outcome, list[Problem]]:
        """Add or update one service; returns it, what happened and notes. Raises RowError."""
        given = row.values
        item = self._session.scalar(select(ServiceItem).where(ServiceItem.code == _code(row)))
        values: dict[str, Any] = {name: given[name] for name in SAME if name in given}
        if "category" in given:
            values["parent_id"] = self._category(row).id
        notes = [row.problem("service.no_skill", "skill")] if "category" in given and "skill" not in given else []
        if item is not None:
            fresh = {name: value for name, value in values.items() if getattr(item, name) != value}
            for name, value in fresh.items():
                setattr(item, name, value)
            return item, "updated" if fresh else "same", notes
        if values.get("urgent"):
            values.setdefault("offer_seconds", URGENT_OFFER_SECONDS)
        values.setdefault("name_en", values["name"])
        item = ServiceItem(code=_code(row), **values)
        self._session.add(item)
        return item, "added", notes

    def _category(self, row: Row) -> ServiceItem:
        """The category that the row names by code or name. Raises RowError."""
        given = row.values["category"]
        named = (ServiceItem.code == given.upper()) | (ServiceItem.name == given) | (ServiceItem.name_en == given)
        rows = select(ServiceItem).where(named).order_by(ServiceItem.parent_id.is_not(None), ServiceItem.id)
        found = self._session.scalars(rows.limit(1)).first()
        if found is None:
            raise RowError(row.problem("service.no_category", "category", given=given))
        if found.code == _code(row):
            raise RowError(row.problem("service.own_category", "category"))
        if found.parent_id is not None:
            raise RowError(row.problem("service.two_levels", "category", given=given))
        return found


def _code(row: Row) -> str:
    code: str = row.values["code"].upper()
    return code
