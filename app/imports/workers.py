"""Take over social workers, known by their mobile. A second import updates: empty cells leave what is known."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import crypto
from app.imports import latin
from app.imports.fields import Row
from app.imports.lookups import Lookups
from app.imports.problems import Problem, RowError
from app.imports.report import Outcome
from app.imports.words import examples, meanings, plain
from app.workforce.models import Worker

SAME = ("name", "name_en", "external_id", "gender", "speaks", "mode", "active")


def key(row: Row) -> list[str]:
    """What makes two rows of a file the same worker."""
    return [row.values["phone"].e164]


def order(row: Row) -> int:
    """Workers do not depend on each other."""
    return 0


class Workers:
    """Writes the rows of one import."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lookups = Lookups(session)

    def write(self, row: Row, by: str) -> tuple[Worker, Outcome, list[Problem]]:
        """Add or update one worker; returns him, what happened and notes. Raises RowError."""
        notes: list[Problem] = []
        number = row.values["phone"].e164
        worker = self._session.scalar(select(Worker).where(Worker.number_hash == crypto.keyed_hash(number)))
        self._check_id(row, worker)
        values = self._values(row, worker, notes)
        if worker is not None:
            fresh = {name: value for name, value in values.items() if getattr(worker, name) != value}
            for name, value in fresh.items():
                setattr(worker, name, value)
            return worker, "updated" if fresh else "same", notes
        values.setdefault("name_en", latin.person(values["name"]))
        values.setdefault("speaks", ["zh-CN"])
        worker = Worker(number=number, number_hash=crypto.keyed_hash(number), **values)
        self._session.add(worker)
        return worker, "added", notes

    def _check_id(self, row: Row, worker: Worker | None) -> None:
        wanted = row.values.get("external_id")
        if wanted is None:
            return
        owner = self._session.scalar(select(Worker.id).where(Worker.external_id == wanted))
        if owner is not None and (worker is None or owner != worker.id):
            raise RowError(row.problem("row.id_taken", "external_id", given=wanted))

    def _values(self, row: Row, worker: Worker | None, notes: list[Problem]) -> dict[str, Any]:
        given = row.values
        values = {name: given[name] for name in SAME if name in given}
        values["skills"] = self._skills(row)
        if (firm := self._lookups.organisation(row)) is not None:
            values["organisation_id"] = firm.id
        area = self._lookups.area(row, "area")
        if area is not None:
            values["area_id"] = area.id
        if {"latitude", "longitude"} <= given.keys():
            values["home"] = [given["latitude"], given["longitude"]]
        elif worker is None:
            start = self._lookups.area(row, "community") or area
            if start is None:
                raise RowError(row.problem("worker.no_home", "latitude"))
            values["home"] = [start.latitude, start.longitude]
            notes.append(row.problem("worker.home_borrowed", "", given=start.name))
        return values

    def _skills(self, row: Row) -> list[str]:
        """The skills meant: known words, skills that the catalogue asks for, and names of its services."""
        known = {item.skill for item in self._lookups.items}
        found: list[str] = []
        for word in row.values["skills"]:
            item = self._lookups.item(word)
            by_catalogue = word if word in known else item.skill if item else None
            skill = meanings("skills").get(plain(word)) or by_catalogue
            if skill is None:
                raise RowError(row.problem("cell.word", "skills", given=word, expected=examples("skills")))
            found.append(skill)
        return list(dict.fromkeys(found))
