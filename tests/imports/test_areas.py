"""Areas from a spreadsheet: three levels in any order, updated by code."""

from typing import Any

from sqlalchemy import select

from app.imports.reading import read
from app.imports.report import Report
from app.imports.service import import_rows
from app.places.models import Area
from tests.imports.files import xlsx

HEADER = ["区划代码", "名称", "上级", "纬度", "经度", "电话", "办公地址"]
DISTRICT = ["990101", "云庭区", "", 31.2, 121.4, "", ""]
PART = ["990101001", "青禾街道", "", 31.21, 121.41, "", ""]
COMMUNITY = ["990101001001", "雨山社区", "青禾街道", 31.22, 121.42, "021-55580001", "柳光弄1号"]


def take(session, *rows: list[Any], header: list[str] | None = None, **options: Any) -> Report:
    table = read(xlsx([header or HEADER, *rows]), "a.xlsx", "areas")
    return import_rows(session, "areas", table, "staff:1", **options)


def area(session, code: str) -> Area:
    return session.scalars(select(Area).where(Area.code == code)).one()


def codes(report: Report) -> list[list[str]]:
    return [[problem.code for problem in row.problems] for row in report.rows]


def test_three_levels_come_in_whatever_their_order_in_the_file(session):
    assert take(session, COMMUNITY, PART, DISTRICT).counts["added"] == 3
    yushan = area(session, "990101001001")
    assert (yushan.level, yushan.name_en, yushan.phone) == ("community", "Yushan Community", "+862155580001")
    above = session.get(Area, yushan.parent_id)
    assert (above.name, session.get(Area, above.parent_id).name) == ("青禾街道", "云庭区")


def test_codes_as_numbers_are_read_whole(session):
    take(session, [990101, *DISTRICT[1:]], [990101001.0, *PART[1:]], [990101001001, *COMMUNITY[1:]])
    assert area(session, "990101001001").name == "雨山社区"


def test_the_code_shows_level_and_parent(session):
    take(session, DISTRICT, PART, [*COMMUNITY[:2], "", *COMMUNITY[3:]])
    assert area(session, "990101001001").parent_id == area(session, "990101001").id


def test_own_codes_need_a_level_and_a_parent(session):
    take(session, DISTRICT, PART)
    assert codes(take(session, ["Y1", "雨山", "", 31, 121, "", ""])) == [["area.level_missing"]]
    assert codes(take(session, ["Y1", "雨山社区", "", 31, 121, "", ""])) == [["area.parent_missing"]]
    assert codes(take(session, ["Y1", "雨山社区", "青禾街道", 31, 121, "", ""])) == [[]]


def test_a_community_cannot_stand_right_below_a_district(session):
    assert codes(take(session, DISTRICT, ["Y1", "雨山社区", "云庭区", 31, 121, "", ""])) == [[], ["area.wrong_parent"]]


def test_an_unknown_parent_is_refused(session):
    assert codes(take(session, ["Y1", "雨山社区", "无名街道", 31, 121, "", ""])) == [["area.no_parent"]]


def test_without_coordinates_the_parents_centre_stands_in(session):
    report = take(session, DISTRICT, ["990101001", "青禾街道", "", "", "", "", ""])
    assert [note.code for note in report.rows[1].notes] == ["area.centre_borrowed"]
    assert area(session, "990101001").latitude == 31.2
    assert codes(take(session, ["990102", "河东区", "", "", "", "", ""])) == [["area.no_place"]]


def test_a_second_import_updates_by_code(session):
    take(session, DISTRICT, PART, COMMUNITY)
    assert take(session, DISTRICT, PART, COMMUNITY).counts["same"] == 3
    report = take(session, ["990101001001", "雨山第一社区", "", "", "", "12345", ""])
    assert report.counts["updated"] == 1
    yushan = area(session, "990101001001")
    assert (yushan.name, yushan.phone, yushan.address, yushan.latitude) == ("雨山第一社区", "12345", "柳光弄1号", 31.22)


def test_coordinates_of_a_chinese_map_are_turned_into_wgs84(session):
    take(session, DISTRICT)
    take(session, ["990101001", "青禾街道", "", 39.908731, 116.397481, "", ""], datum="gcj02")
    found = area(session, "990101001")
    assert abs(found.latitude - 39.90733) < 1e-4 and abs(found.longitude - 116.39124) < 1e-4
