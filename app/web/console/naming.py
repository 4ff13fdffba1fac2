"""Names for ids, looked up once a request: areas, services, workers, staff, and whoever history says it was."""

from collections.abc import Callable
from typing import Any

from flask import g
from flask_babel import gettext
from sqlalchemy import Select, select

from app.catalogue.models import ServiceItem
from app.core import db
from app.orders import numbers
from app.people.models import Relative, Resident, Staff
from app.places.models import Area
from app.web import i18n
from app.web.console.blueprint import blueprint
from app.workforce.models import Worker

NOBODY = "–"

Rows = Callable[[], "Select[*tuple[Any, ...]]"]
"""A query, made only when its rows are not known yet."""


def _all(kind: str, rows: Rows) -> dict[int, Any]:
    """Every row of a small table by id, read once a request."""
    known: dict[str, dict[int, Any]] = g.setdefault("names", {})
    if kind not in known:
        with db.unit_of_work() as session:
            known[kind] = {row.id: row for row in session.execute(rows())}
    return known[kind]


def _named(kind: str, rows: Rows, key: Any) -> str:
    row = _all(kind, rows).get(int(key)) if key else None
    return i18n.in_language(row) if row is not None else NOBODY


@blueprint.app_template_filter("spoken")
def spoken(number: str) -> str:
    """An order's number in its two groups."""
    return " ".join(numbers.spoken(number))


@blueprint.app_template_filter("area_name")
def area_name(key: int | None) -> str:
    """The area's name in the reader's language."""
    return _named("area", lambda: select(Area.id, Area.name, Area.name_en), key)


@blueprint.app_template_filter("item_name")
def item_name(key: int | None) -> str:
    """The service's name in the reader's language."""
    return _named("item", lambda: select(ServiceItem.id, ServiceItem.name, ServiceItem.name_en), key)


@blueprint.app_template_filter("worker_name")
def worker_name(key: int | None) -> str:
    """The social worker's name in the reader's language."""
    return _named("worker", lambda: select(Worker.id, Worker.name, Worker.name_en), key)


@blueprint.app_template_filter("staff_name")
def staff_name(key: int | None) -> str:
    """The member of staff."""
    row = _all("staff", lambda: select(Staff.id, Staff.name)).get(int(key)) if key else None
    return str(row.name) if row is not None else NOBODY


@blueprint.app_template_filter("who")
def who(by: str | None) -> str:
    """Who did something, as history names him: "staff:7", "worker:3", "resident:12", "caller:9", "system:dispatch"."""
    kind, _, key = (by or "").partition(":")
    known: dict[str, Callable[[int], str]] = {
        "staff": staff_name,
        "worker": worker_name,
        "resident": lambda key: _person(Resident, key),
        "relative": lambda key: _person(Relative, key),
    }
    if kind in known and key.isdigit():
        return known[kind](int(key))
    if kind in ("caller", "call"):
        return gettext("the caller")
    if kind == "carrier":
        return gettext("the carrier")
    return gettext("the system")


def _person(model: type[Resident] | type[Relative], key: int) -> str:
    known: dict[tuple[str, int], str] = g.setdefault("people", {})
    name = (model.__tablename__, key)
    if name not in known:
        with db.unit_of_work() as session:
            known[name] = session.scalar(select(model.name).where(model.id == key)) or NOBODY
    return known[name]


@blueprint.app_template_filter("yes_no")
def yes_no(value: bool | None) -> str:
    """Yes, no, or not asked."""
    return {True: gettext("yes"), False: gettext("no")}.get(value, NOBODY)  # type: ignore[arg-type]
