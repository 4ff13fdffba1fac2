"""The decision about encrypted columns and the models say the same."""

import re
from pathlib import Path

import pytest

from app.core.db import Encrypted, EncryptedJson
from app.tables import metadata

PAGE = Path(__file__).parents[2] / "docs" / "decisions" / "0001-encrypted-columns.md"
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \|", re.MULTILINE)

PERSONAL = re.compile(r"(^|_)(address|place|home|note|password|said|body|number)$")
"""Columns named so hold something about a person."""

PUBLIC = {
    "area.address",  # an office
    "service_order.number",  # the order's own
    "staff.password_hash",
}


def encrypted() -> set[str]:
    return {
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Encrypted | EncryptedJson)
    }


def decided() -> set[str]:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {f"{table}.{column}" for table, columns in rows for column in re.findall(r"`(\w+)`", columns)}


def test_the_page_lists_every_encrypted_column_and_no_other() -> None:
    assert decided() == encrypted()


def test_whatever_sounds_personal_is_encrypted() -> None:
    every = {f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns}
    assert {name for name in every if PERSONAL.search(name.split(".")[1])} - encrypted() - PUBLIC == set()


@pytest.mark.parametrize("table", ["resident_phone", "relative", "worker", "message", "call", "inbound_text"])
def test_numbers_that_are_looked_up_have_a_keyed_hash(table: str) -> None:
    assert metadata.tables[table].c.number_hash.type.length == 64  # type: ignore[attr-defined]
