"""The catalogue from a spreadsheet: two levels, clocks in the words offices use."""

from typing import Any

from sqlalchemy import select

from app.catalogue.models import ServiceItem
from app.imports.reading import read
from app.imports.report import Report
from app.imports.service import import_rows
from tests.imports.files import xlsx

HEADER = ["项目编码", "项目名称", "类别", "所需技能", "时长", "响应时限", "办结时限", "紧急", "人数"]
CARE = ["CARE", "照护", "", "", "", "", "", "", ""]
BATH = ["care-01", "上门助浴", "照护", "助浴", "1小时", "2", "7天", "否", 2]


def take(session, *rows: list[Any]) -> Report:
    return import_rows(session, "services", read(xlsx([HEADER, *rows]), "a.xlsx", "services"), "staff:1")


def item(session, code: str) -> ServiceItem:
    return session.scalars(select(ServiceItem).where(ServiceItem.code == code)).one()


def codes(report: Report) -> list[list[str]]:
    return [[problem.code for problem in row.problems] for row in report.rows]


def test_a_service_comes_in_below_its_category_wherever_that_stands(session):
    assert take(session, BATH, CARE).counts["added"] == 2
    bath = item(session, "CARE-01")
    assert bath.parent_id == item(session, "CARE").id
    assert (bath.skill, bath.minutes, bath.workers_needed, bath.urgent) == ("bathing", 60, 2, False)
    assert (bath.offer_seconds, bath.resolution_seconds) == (7200, 7 * 86400)


def test_left_out_clocks_are_the_districts_defaults(session):
    take(
        session,
        CARE,
        ["C2", "理发", "CARE", "理发", "30", "", "", "", ""],
        ["C3", "抢修", "CARE", "水电", "30", "", "", "是", ""],
    )
    assert (item(session, "C2").offer_seconds, item(session, "C2").resolution_seconds) == (7200, 604800)
    assert item(session, "C3").offer_seconds == 900


def test_a_skill_of_the_districts_own_is_kept_and_a_missing_one_is_told(session):
    report = take(
        session,
        CARE,
        ["C2", "手语", "CARE", "手语翻译", "", "", "", "", ""],
        ["C3", "聊天", "CARE", "", "", "", "", "", ""],
    )
    assert item(session, "C2").skill == "手语翻译"
    assert [note.code for note in report.rows[2].notes] == ["service.no_skill"]


def test_a_missing_category_is_refused_with_what_to_do(session):
    report = take(session, BATH)
    assert codes(report) == [["service.no_category"]]
    assert "add a row" in report.lines("en")[0]


def test_there_are_two_levels_only(session):
    report = take(
        session,
        CARE,
        BATH,
        ["X", "小项", "care-01", "", "", "", "", "", ""],
        ["Y", "自己", "Y", "", "", "", "", "", ""],
    )
    assert codes(report) == [[], [], ["service.two_levels"], ["service.no_category"]]
    assert codes(take(session, ["CARE", "照护", "CARE", "", "", "", "", "", ""])) == [["service.own_category"]]


def test_a_second_import_updates_by_code(session):
    take(session, CARE, BATH)
    assert take(session, CARE, BATH).counts["same"] == 2
    assert take(session, [*BATH[:4], "90分钟", "", "", "", ""]).counts["updated"] == 1
    assert (item(session, "CARE-01").minutes, item(session, "CARE-01").workers_needed) == (90, 2)


def test_wrong_amounts_are_all_told_at_once(session):
    report = take(session, CARE, ["C2", "理发", "CARE", "", "很久", "马上", "9999天", "也许", "5"])
    expected = ["cell.duration", "cell.number", "cell.duration", "cell.duration", "cell.word"]
    assert sorted(codes(report)[1]) == sorted(expected)
