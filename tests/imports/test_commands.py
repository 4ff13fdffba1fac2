"""doorline import: from a file to the database and back to the office."""

from click.testing import CliRunner
from sqlalchemy import select

from app.core import db
from app.imports.commands import import_
from app.places.models import Area
from tests.imports.files import csv, xlsx

GOOD = ["990101", "云庭区", "31.2", "121.4"]
HEADER = ["编码", "名称", "纬度", "经度"]


def run(*arguments: object):
    return CliRunner().invoke(import_, [str(one) for one in arguments])


def areas() -> list[str]:
    with db.unit_of_work() as session:
        return list(session.scalars(select(Area.name)))


def test_a_file_is_taken_over_and_bad_rows_are_written_to_be_mended(database, tmp_path):
    source, back = tmp_path / "区划.csv", tmp_path / "退回.xlsx"
    source.write_bytes(csv([HEADER, GOOD, ["990102", "河东区", "north", "121.4"]], ";", "gb18030"))
    result = run("areas", source, "--refused", back, "--lang", "en")
    assert result.exit_code == 1
    assert "Row 3: 纬度:" in result.output and "1 added" in result.output
    assert areas() == ["云庭区"]
    assert run("areas", back, "--lang", "en").exit_code == 1
    source.write_bytes(csv([HEADER, ["990102", "河东区", "31.2", "121.4"]]))
    assert run("areas", source).exit_code == 0
    assert sorted(areas()) == ["云庭区", "河东区"]


def test_a_dry_run_keeps_nothing(database, tmp_path):
    source = tmp_path / "a.xlsx"
    source.write_bytes(xlsx([HEADER, GOOD]))
    result = run("areas", source, "--dry-run")
    assert result.exit_code == 0 and "没有保存" in result.output
    assert areas() == []


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path):
    source = tmp_path / "a.xls"
    source.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    result = run("areas", source, "--lang", "en")
    assert result.exit_code == 1 and "save it as .xlsx" in result.output
