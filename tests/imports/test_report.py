"""The report: both languages, refused rows to be mended, and no cell that acts as a formula."""

import csv
import re
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.imports import cells, writing
from app.imports.data import document
from app.imports.fields import Context, read_rows
from app.imports.headers import Column
from app.imports.problems import Problem, say
from app.imports.reading import Table, read
from app.imports.report import Report, RowResult
from tests.imports.files import xlsx

ROWS = [
    (2, ["罗莎", "=cmd|' /C calc'!A0", 13800130002.0, "11010519491231002X"]),
    (3, ["单德明", "宁堤弄32号", "1.38E+10", ""]),
    (5, ["连娜"]),
]
COLUMNS = [
    Column(0, "姓名", "name"),
    Column(1, "地址", "address"),
    Column(2, "电话", "phones"),
    Column(3, "身份证号", "", "column.id_number"),
]


@pytest.fixture
def report() -> Report:
    problem = Problem("phone.rounded", "电话", {"given": "1.38E+10"})
    rows = [
        RowResult(2, "refused", (Problem("community.unknown", "社区", {"given": "x", "near": ""}),)),
        RowResult(3, "refused", (problem, Problem("cell.missing", "社区"))),
        RowResult(5, "added"),
    ]
    return Report(Table("residents", COLUMNS, ROWS), rows, [Problem("column.id_number", "身份证号")])


def test_the_refused_rows_come_back_with_the_reason_and_without_identity_numbers(report):
    header, first, second = report.to_mend("zh-CN")
    assert header == ["行号", "姓名", "地址", "电话", "原因"]
    assert first[:4] == ["2", "罗莎", "=cmd|' /C calc'!A0", "13800130002"]
    assert second[4] == report.reason(report.rows[1], "zh-CN")
    assert "「电话」" in second[4] and "；「社区」" in second[4]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_was_refused_can_be_mended_and_imported_as_it_is(report, language, tmp_path):
    for name in ("back.csv", "back.xlsx"):
        path = tmp_path / name
        writing.write(path, report.to_mend(language), "居民")
        table = read(path.read_bytes(), name, "residents")
        assert [column.field for column in table.columns] == ["", "name", "address", "phones", ""]
        assert [column.why for column in table.columns] == [""] * 5
        assert table.rows[1][1][:4] == ["3", "单德明", "宁堤弄32号", "1.38E+10"]


def test_a_formula_in_a_cell_is_only_text_in_what_we_write(report):
    lines = list(csv.reader(StringIO(writing.as_csv(report.to_mend("en")).decode("utf-8-sig"))))
    assert lines[1][2] == "'=cmd|' /C calc'!A0"
    sheet = load_workbook(BytesIO(writing.as_xlsx(report.to_mend("en"), "t"))).active
    cell = sheet["C2"]
    assert (cell.data_type, cell.value, cell.number_format) == ("s", "=cmd|' /C calc'!A0", "@")


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_no_cell_of_ours_begins_like_a_formula_and_our_reader_gets_it_back(row):
    (line,) = csv.reader(StringIO(writing.as_csv([row]).decode("utf-8-sig"), newline=""))
    assert not any(cell.lstrip(" ").startswith(writing.DANGEROUS) for cell in line)
    for written, meant in zip(line, row, strict=True):
        if meant and meant[0] in "=+-@":
            assert cells.text(written) == cells.text(meant)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_any_text_can_be_written_as_a_workbook(row):
    sheet = load_workbook(BytesIO(writing.as_xlsx([row], "t"))).active
    assert all(cell.data_type != "f" for cells_ in sheet.iter_rows() for cell in cells_)


def test_the_summary_counts_in_both_languages(report):
    assert report.summary("en") == "3 rows: 1 added, 0 updated, 0 unchanged, 2 refused."
    report.dry_run = True
    assert "没有保存" in report.summary("zh-CN")


def test_every_line_says_row_and_column(report):
    assert report.lines("en")[0].startswith("身份证号: This column was not read")
    assert "Row 3: 社区: must not be empty." in report.lines("en")
    assert any(line.startswith("第3行 「电话」") for line in report.lines("zh-CN"))


@pytest.mark.parametrize("code", document("texts.yaml")["problems"])
def test_every_sentence_exists_in_both_languages_with_the_same_facts(code):
    texts = document("texts.yaml")["problems"][code]
    holes = {language: set(re.findall(r"{(\w+)}", texts[language])) for language in ("zh-CN", "en")}
    assert texts["zh-CN"] and texts["en"]
    assert holes["zh-CN"] == holes["en"]


def test_every_problem_the_code_can_raise_has_a_sentence():
    known = set(document("texts.yaml")["problems"])
    used: set[str] = set()
    for path in Path(__file__).parents[2].joinpath("app", "imports").glob("*.py"):
        found = re.findall(
            r'"((?:file|column|cell|phone|row|resident|community|area|worker|organisation|service)\.[a-z_]+)"',
            path.read_text(),
        )
        used |= set(found)
    assert used <= known
    assert known - used <= {"near", "area.order", "column.money"}


def test_long_cells_are_cut_in_sentences():
    sentence = say("problems/cell.date", "en", given="x" * 500)
    assert len(sentence) < 200


def test_a_row_tells_all_its_problems_at_once():
    table = read(
        xlsx([["姓名", "地址", "电话", "出生日期", "性别"], ["", "x", "abc", "昨天", "外星"]]), "a.xlsx", "residents"
    )
    (row,) = read_rows(table, Context(date(2026, 11, 24)))
    assert {problem.code for problem in row.problems} == {"cell.missing", "phone.unreadable", "cell.date", "cell.word"}


def test_a_note_for_many_rows_is_told_once():
    note = Problem("resident.approximate", "住址")
    rows = [RowResult(number, "added", notes=(note,)) for number in range(2, 40)]
    (line,) = Report(Table("residents", COLUMNS, ROWS), rows).lines("en")
    assert line.startswith("38 rows (2, 3, 4, 5, 6, 7, 8, 9…): 住址:")
