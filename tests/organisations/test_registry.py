"""One registry of organisations; an expired licence sends nobody."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.organisations import registry
from app.organisations.models import Organisation


def organisation(session: Session, code: str, until: date | None, kind: str = "social organisation") -> Organisation:
    row = Organisation(code=code, name="邻里帮", name_en="Neighbours", kind=kind, licence_until=until)
    session.add(row)
    session.flush()
    return row


@pytest.mark.parametrize(
    ("until", "holds"),
    [(None, True), (date(2026, 11, 24), True), (date(2026, 11, 23), False), (date(2027, 1, 1), True)],
)
def test_a_licence_holds_through_its_last_day(until: date | None, holds: bool) -> None:
    assert registry.is_licensed(Organisation(licence_until=until), date(2026, 11, 24)) is holds


def test_expired_licences_are_listed_by_the_districts_day(session: Session) -> None:
    organisation(session, "A", None)
    organisation(session, "B", date(2026, 11, 24))
    expired = organisation(session, "C", date(2026, 11, 23))
    assert registry.expired(session) == [expired]


def test_organisations_by_code_kind_and_id(session: Session) -> None:
    first, second = organisation(session, "A", None), organisation(session, "B", None, kind="department")
    assert registry.of_kind(session) == [first, second]
    assert registry.of_kind(session, "department") == [second]
    assert registry.by_code(session, " A ") is registry.get(session, first.id) is first
    assert (registry.name(first, "en"), registry.name(first, "zh-CN")) == ("Neighbours", "邻里帮")
    with pytest.raises(NotFound, match=r"organisation\.unknown"):
        registry.get(session, 99)
