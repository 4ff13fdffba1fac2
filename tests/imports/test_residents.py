"""Residents from a spreadsheet: located, flagged, reachable; updated the second time and never half."""

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.moves import History
from app.imports.reading import read
from app.imports.report import Report
from app.imports.service import import_rows
from app.people import residents
from app.people.models import Relative, Resident, ResidentPhone
from app.places.models import Area, Landmark
from tests.imports.files import xlsx

HEADER = ["编号", "姓名", "社区", "住址", "联系电话"]
ROSA = ["A1", "罗莎", "雨山社区", "柳光弄82号", "021-55500001"]
SHAN = ["A2", "单德明", "松岭社区", "宁堤弄32号", 13800130002]


@pytest.fixture(autouse=True)
def places(session: Session) -> dict[str, Area]:
    """A district with two subdistricts; 雨山 exists in both."""
    district = Area(code="990101", level="district", name="云庭区", name_en="Yunting", latitude=31.2, longitude=121.4)
    session.add(district)
    session.flush()
    found = {}
    for number, (part, names) in enumerate({"青禾街道": ("雨山社区", "松岭社区"), "望舒街道": ("玉丰社区",)}.items()):
        code = f"99010100{number}"
        above = _area(session, code, "subdistrict", part, district.id)
        for nth, name in enumerate(names):
            found[name] = _area(session, f"{code}00{nth}", "community", name, above.id)
    return found


def _area(session: Session, code: str, level: str, name: str, parent: int) -> Area:
    place = {"latitude": 31.2 + int(code[-1]) / 100, "longitude": 121.4}
    area = Area(code=code, level=level, name=name, name_en=name, parent_id=parent, **place)
    session.add(area)
    session.flush()
    return area


def take(session: Session, *rows: list[Any], header: list[str] | None = None, **options: Any) -> Report:
    table = read(xlsx([header or HEADER, *rows]), "a.xlsx", "residents")
    return import_rows(session, "residents", table, "staff:1", **options)


def only(session: Session, name: str) -> Resident:
    return session.scalars(select(Resident).where(Resident.name == name)).one()


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def codes(report: Report) -> list[list[str]]:
    return [[problem.code for problem in row.problems] for row in report.rows]


def test_good_rows_go_in_and_bad_ones_are_told_with_their_reason(session):
    report = take(session, ROSA, ["A9", "", "雨山社区", "x", "13800130003"], SHAN)
    assert report.counts == {"added": 2, "updated": 0, "same": 0, "refused": 1}
    assert "Row 3: 姓名: must not be empty." in report.lines("en")
    assert {one.name for one in session.scalars(select(Resident))} == {"罗莎", "单德明"}


def test_a_resident_is_found_by_number_and_pinyin_afterwards(session):
    take(session, ROSA, SHAN)
    assert [one.name for one in residents.by_number(session, "+8613800130002")] == ["单德明"]
    assert [one.name for one in residents.search(session, "shandeming")] == ["单德明"]


def test_who_cannot_be_located_stands_at_the_centre_marked_approximate(session, places):
    report = take(session, ROSA)
    rosa, area = only(session, "罗莎"), places["雨山社区"]
    assert (rosa.place, rosa.approximate) == ([area.latitude, area.longitude], True)
    assert [note.code for note in report.rows[0].notes] == ["resident.approximate"]


def test_a_landmark_in_the_address_locates(session, places):
    session.add(Landmark(community_id=places["雨山社区"].id, name="老茶馆", place=[31.23, 121.45], confirmed=True))
    session.flush()
    take(session, ["A1", "罗莎", "雨山社区", "老茶馆楼上", "021-55500001"])
    assert (only(session, "罗莎").place, only(session, "罗莎").approximate) == ([31.23, 121.45], False)


def test_coordinates_are_taken_and_a_missing_community_is_the_nearest(session, places):
    header = ["姓名", "住址", "电话", "纬度", "经度"]
    take(session, ["罗莎", "柳光弄82号", "13800130002", 31.2101, 121.4], header=header)
    rosa = only(session, "罗莎")
    assert (rosa.place, rosa.approximate, rosa.community_id) == ([31.2101, 121.4], False, places["松岭社区"].id)


@pytest.mark.parametrize("written", ["雨山社区", "雨山", "雨山居委会", "雨山社区居委会", " 雨山 社区"])
def test_a_community_is_known_by_the_names_offices_use(session, places, written):
    take(session, ["A1", "罗莎", written, "柳光弄82号", "13800130002"])
    assert only(session, "罗莎").community_id == places["雨山社区"].id


def test_a_community_is_found_in_the_address(session, places):
    take(session, ["罗莎", "云庭区青禾街道松岭居委会宁堤弄3号", "13800130002"], header=["姓名", "地址", "电话"])
    assert only(session, "罗莎").community_id == places["松岭社区"].id


def test_an_unknown_community_is_refused_with_what_may_be_meant(session):
    report = take(session, ["A1", "罗莎", "雨山里社区", "x", "13800130002"])
    assert codes(report) == [["community.unknown"]]
    assert "雨山社区" in report.lines("zh-CN")[0]


def test_one_name_in_two_subdistricts_needs_the_subdistrict(session, places):
    twin = _area(session, "990101001009", "community", "雨山社区", places["玉丰社区"].parent_id)
    assert codes(take(session, ROSA)) == [["community.several"]]
    take(session, ["罗莎", "望舒", "雨山", "x", "13800130002"], header=["姓名", "街道", "社区", "地址", "电话"])
    assert only(session, "罗莎").community_id == twin.id


def test_no_community_anywhere_is_refused(session):
    assert codes(take(session, ["罗莎", "某地", "13800130002"], header=["姓名", "地址", "电话"])) == [
        ["resident.no_community"]
    ]


def test_a_second_import_changes_nothing_and_a_changed_one_updates(session):
    take(session, ROSA, SHAN)
    assert take(session, ROSA, SHAN).counts == {"added": 0, "updated": 0, "same": 2, "refused": 0}
    moved = ["A1", "罗莎", "松岭社区", "宁堤弄7号", "021-55500001、13800130005"]
    assert take(session, moved).counts["updated"] == 1
    rosa = only(session, "罗莎")
    assert rosa.address == "宁堤弄7号"
    assert [phone.number for phone in rosa.phones] == ["+862155500001", "+8613800130005"]
    assert count(session, Resident) == 2


def test_a_visited_place_is_kept_while_the_address_stays(session):
    take(session, ROSA)
    rosa = only(session, "罗莎")
    rosa.place, rosa.approximate = [31.3, 121.5], False
    session.flush()
    take(session, [*ROSA[:4], "021-55500001，13800130005"])
    assert (rosa.place, rosa.approximate) == ([31.3, 121.5], False)


def test_without_an_id_name_and_phone_are_the_key(session):
    header = HEADER[1:]
    take(session, ROSA[1:], header=header)
    take(session, ["罗莎", "雨山社区", "柳光弄90号", "13800130007；021-55500001"], header=header)
    assert only(session, "罗莎").address == "柳光弄90号"
    take(session, ["罗莎", "雨山社区", "柳光弄1号", "13800130009"], header=header)
    assert count(session, Resident) == 2


def test_an_id_is_given_to_who_was_known_by_name_and_phone(session):
    take(session, ROSA[1:], header=HEADER[1:])
    assert take(session, ROSA).counts["updated"] == 1
    assert only(session, "罗莎").external_id == "A1"


def test_two_people_on_one_phone_are_two(session):
    take(session, ROSA, ["A3", "罗建国", "雨山社区", "柳光弄82号", "021-55500001"])
    assert len(residents.by_number(session, "+862155500001")) == 2


def test_two_of_the_same_name_and_phone_are_not_guessed(session):
    take(session, ROSA, ["A7", *ROSA[1:]])
    assert codes(take(session, ROSA[1:], header=HEADER[1:])) == [["row.ambiguous"]]


def test_a_duplicate_in_one_file_is_told_with_the_row_it_repeats(session):
    report = take(session, ROSA, SHAN, ROSA)
    assert codes(report) == [[], [], ["row.duplicate"]]
    assert report.rows[2].problems[0].facts["row"] == 2
    assert count(session, Resident) == 2


def test_a_refused_row_does_not_count_as_the_first_of_a_pair(session):
    report = take(session, ["A1", "罗莎", "没有社区", "x", "13800130002"], ROSA)
    assert codes(report) == [["community.unknown"], []]


def test_empty_cells_leave_what_is_known(session):
    header = [*HEADER, "备注", "性别"]
    take(session, [*ROSA, "敲门请重一点", "女"], header=header)
    take(session, [*ROSA, "", "无"], header=header)
    assert (only(session, "罗莎").note, only(session, "罗莎").gender) == ("敲门请重一点", "f")


def test_flags_come_from_words_and_from_yes_and_no(session):
    header = [*HEADER, "人员类别", "独居", "低保", "护理等级"]
    take(session, [*ROSA, "耳背、轮椅", "是", "否", "二级"], header=header)
    expected = ["care_level_2", "hard_of_hearing", "living_alone", "mobility_limited", "people_only"]
    assert only(session, "罗莎").flags == expected
    take(session, [*ROSA, "", "否", "√", "三级"], header=header)
    expected = ["care_level_3", "hard_of_hearing", "hardship", "mobility_limited", "people_only"]
    assert only(session, "罗莎").flags == expected


def test_a_number_labelled_as_the_daughters_is_kept_as_hers_without_consent(session):
    report = take(session, ["A1", "罗莎", "雨山社区", "x", "021-55500001、女儿13800130011"])
    rosa = only(session, "罗莎")
    assert [phone.number for phone in rosa.phones] == ["+862155500001"]
    assert [(one.relation, one.number, one.consented_at) for one in rosa.relatives] == [
        ("女儿", "+8613800130011", None)
    ]
    assert "phone.of_relative" in [note.code for note in report.rows[0].notes]
    assert take(session, ["A1", "罗莎", "雨山社区", "x", "021-55500001、女儿13800130011"]).counts["same"] == 1


def test_contacts_become_relatives_and_keep_their_consent(session):
    header = [*HEADER, "紧急联系人", "与老人关系", "紧急联系人电话"]
    take(session, [*ROSA, "罗晓燕", "女儿", "13800130011"], header=header)
    (daughter,) = only(session, "罗莎").relatives
    residents.consent(session, daughter, "staff:1")
    take(session, [*ROSA, "罗燕", "女儿", "13800130011、13800130014"], header=header)
    people = {one.number: (one.name, one.consented_at is not None) for one in only(session, "罗莎").relatives}
    assert people == {"+8613800130011": ("罗燕", True), "+8613800130014": ("罗燕", False)}
    assert count(session, Relative) == 2


def test_the_area_code_is_put_before_short_landlines(session):
    assert codes(take(session, [*ROSA[:4], "55500001"])) == [["phone.no_area_code"]]
    take(session, [*ROSA[:4], "55500001"], area_code="021")
    assert session.scalars(select(ResidentPhone)).one().number == "+862155500001"


def test_a_short_number_is_nobodys_phone(session):
    assert codes(take(session, [*ROSA[:4], "12345"])) == [["phone.unreadable"]]


def test_identity_numbers_are_neither_stored_nor_repeated(session):
    secret = "11010519491231002X"
    header = [*HEADER, "身份证号", "备注"]
    report = take(session, [*ROSA, secret, ""], [*SHAN, secret, f"身份证 {secret}"], header=header)
    assert report.notices[0].code == "column.id_number"
    assert codes(report) == [[], ["cell.id_number"]]
    told = str(report.lines("zh-CN")) + str(report.lines("en")) + str(report.to_mend("zh-CN"))
    assert secret not in told
    assert "身份证号" not in report.to_mend("zh-CN")[0]


def test_a_dry_run_tells_the_same_and_keeps_nothing(session):
    report = take(session, ROSA, SHAN, ["", "x"], dry_run=True)
    assert report.counts["added"] == 2 and report.dry_run
    assert (count(session, Resident), count(session, ResidentPhone), count(session, History)) == (0, 0, 0)
    assert take(session, ROSA, SHAN).counts["added"] == 2


def test_a_row_that_the_database_refuses_leaves_nothing_behind(session, monkeypatch):
    create = residents.create

    def failing(session, values, by):
        made = create(session, values, by)
        if values["name"] == "罗莎":
            made.name = "x" * 200
            session.flush()
        return made

    monkeypatch.setattr(residents, "create", failing)
    report = take(session, ROSA, SHAN)
    assert codes(report) == [["row.refused_by_database"], []]
    assert [one.name for one in session.scalars(select(Resident))] == ["单德明"]
    assert count(session, ResidentPhone) == 1


def test_every_import_is_in_the_history_without_personal_data(session):
    take(session, ROSA)
    take(session, [*ROSA[:3], "柳光弄90号", ROSA[4]])
    rows = session.scalars(select(History).order_by(History.id)).all()
    assert [(row.event, row.by) for row in rows] == [("created", "staff:1"), ("changed", "staff:1")]
    assert "柳光弄" not in str(rows[1].facts)


def test_the_usual_service_is_found_by_name_or_told(session):
    report = take(session, [*ROSA, "飞行"], header=[*HEADER, "常用服务"])
    assert "service.unknown" in [note.code for note in report.rows[0].notes]
