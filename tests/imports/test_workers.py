"""Workers from a spreadsheet: known by their mobile, placed, skilled."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from app.catalogue.models import ServiceItem
from app.imports.reading import read
from app.imports.report import Report
from app.imports.service import import_rows
from app.organisations.models import Organisation
from app.places.models import Area
from app.workforce.models import Worker
from tests.imports.files import csv, xlsx

HEADER = ["工号", "姓名", "手机", "专长", "服务区域", "所属机构", "交通方式", "语言"]
AMIR = ["W1", "阿米尔", 13800130021.0, "助浴、理发", "青禾街道", "晚晴", "电瓶车", "普通话、上海话"]


@pytest.fixture(autouse=True)
def house(session) -> None:
    session.add(
        Area(code="990101001", level="subdistrict", name="青禾街道", name_en="Qinghe", latitude=31.2, longitude=121.4)
    )
    firm = Organisation(code="ORG1", name="晚晴", name_en="Wanqing", kind="home_care", licence_until=date(2028, 1, 1))
    category = ServiceItem(code="TALK", name="关爱", name_en="Company")
    session.add_all([firm, category])
    session.flush()
    session.add(ServiceItem(code="S1", name="手语翻译", name_en="Sign language", skill="sign", parent_id=category.id))
    session.flush()


def take(session, *rows: list[Any], header: list[str] | None = None) -> Report:
    table = read(xlsx([header or HEADER, *rows]), "a.xlsx", "workers")
    return import_rows(session, "workers", table, "staff:1")


def codes(report: Report) -> list[list[str]]:
    return [[problem.code for problem in row.problems] for row in report.rows]


def test_a_worker_comes_in_with_everything_the_office_knows(session):
    report = take(session, AMIR)
    amir = session.scalars(select(Worker)).one()
    assert (amir.number, amir.mode, amir.speaks) == ("+8613800130021", "ebike", ["zh-CN", "wu"])
    assert (amir.skills, amir.home, amir.external_id) == (["bathing", "haircut"], [31.2, 121.4], "W1")
    assert amir.organisation_id and amir.area_id
    assert [note.code for note in report.rows[0].notes] == ["worker.home_borrowed"]


def test_english_lists_are_read_as_well(session):
    rows = [
        ["Name", "Mobile phone", "Skills", "Lat", "Lng", "Travel mode"],
        ["Lena", "138 0013 0022", "meals; haircut", "31.2", "121.4", "Car"],
    ]
    report = import_rows(session, "workers", read(csv(rows), "a.csv", "workers"), "staff:1")
    lena = session.scalars(select(Worker)).one()
    assert report.counts["added"] == 1
    assert (lena.name_en, lena.mode, lena.skills) == ("Lena", "car", ["meals", "haircut"])


def test_a_chinese_name_is_spelt_with_the_surnames_own_reading(session):
    take(session, ["W2", "单立新", "13800130012", "维修", "青禾街道", "", "", ""])
    assert session.scalars(select(Worker)).one().name_en == "Shan Lixin"


def test_the_phone_is_the_key_and_empty_cells_leave_what_is_known(session):
    take(session, AMIR)
    assert take(session, AMIR).counts["same"] == 1
    report = take(session, ["W1", "阿米尔", "138-0013-0021", "陪聊", "", "", "", ""])
    amir = session.scalars(select(Worker)).one()
    assert report.counts["updated"] == 1
    assert (amir.skills, amir.mode) == (["talk"], "ebike")


def test_a_staff_number_of_somebody_else_is_refused(session):
    take(session, AMIR)
    assert codes(take(session, ["W1", "连娜", "13800130022", "助浴", "青禾街道", "", "", ""])) == [["row.id_taken"]]


def test_a_landline_gets_no_texts_and_is_refused(session):
    assert codes(take(session, ["W1", "连娜", "021-55500001", "助浴", "青禾街道", "", "", ""])) == [
        ["phone.not_mobile"]
    ]


def test_skills_are_words_or_services_or_what_the_catalogue_asks_for(session):
    take(session, ["W1", "连娜", "13800130022", "手语翻译，sign，助洁", "青禾街道", "", "", ""])
    assert session.scalars(select(Worker)).one().skills == ["sign", "cleaning"]
    report = take(session, ["W3", "汤慕", "13800130023", "开飞机", "青禾街道", "", "", ""])
    assert codes(report) == [["cell.word"]]
    assert "助餐" in report.lines("zh-CN")[0]


@pytest.mark.parametrize(
    ("area", "organisation", "code"),
    [("某街道", "", "area.unknown"), ("青禾街道", "某社", "organisation.unknown"), ("", "", "worker.no_home")],
)
def test_what_is_not_known_is_refused(session, area, organisation, code):
    assert codes(take(session, ["W1", "连娜", "13800130022", "助浴", area, organisation, "", ""])) == [[code]]


def test_who_left_is_switched_off(session):
    take(session, AMIR)
    take(session, [*AMIR, "离职"], header=[*HEADER, "是否在职"])
    assert session.scalars(select(Worker)).one().active is False
