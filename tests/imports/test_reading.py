"""Finding the list in a file: encodings, delimiters, titles, merged cells, header words, refused columns."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from app.imports.headers import fields, meaning
from app.imports.problems import FileError
from app.imports.reading import Table, read, read_file
from tests.imports.files import csv, xlsx

HEADER = ["姓名", "家庭住址", "联系电话"]
ROSA = ["罗莎", "柳光弄82号", "021-55500001"]


def held(table: Table) -> list[str]:
    return [column.field for column in table.columns]


def cells(table: Table) -> list[list]:
    return [row for _, row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_in_every_encoding_and_with_every_delimiter(encoding, delimiter):
    table = read(csv([HEADER, ROSA], delimiter, encoding), "老人.csv", "residents")
    assert held(table) == ["name", "address", "phones"]
    assert cells(table) == [ROSA]


def test_excel_may_name_the_delimiter_in_the_first_line():
    content = b"sep=;\r\n" + csv([HEADER, ROSA], ";")
    assert cells(read(content, "a.csv", "residents")) == [ROSA]


def test_quoted_cells_may_hold_delimiters_and_line_breaks():
    table = read(csv([HEADER, ["罗莎", "柳光弄82号,后门", "13800130002\n13800130003"]]), "a.csv", "residents")
    assert cells(table) == [["罗莎", "柳光弄82号,后门", "13800130002\n13800130003"]]


def test_title_rows_and_empty_rows_are_passed_over():
    rows = [["云庭区2026年老年人花名册"], [], ["填表人：方小宁", "", "日期：2026-11-01"], HEADER, [], ROSA, ["", " "]]
    table = read(xlsx(rows), "a.xlsx", "residents")
    assert table.rows == [(6, ROSA)]
    assert table.header_row == 4


def test_row_numbers_are_those_that_the_office_sees():
    table = read(xlsx([HEADER, ROSA, [], ROSA]), "a.xlsx", "residents")
    assert [number for number, _ in table.rows] == [2, 4]


def test_a_cell_merged_downwards_holds_for_all_its_rows():
    rows = [["社区", *HEADER], ["雨山社区", *ROSA], [None, *ROSA], ["松岭社区", *ROSA]]
    table = read(xlsx(rows, merged=("A2:A3",)), "a.xlsx", "residents")
    assert [row[0] for row in cells(table)] == ["雨山社区", "雨山社区", "松岭社区"]


def test_a_header_of_two_rows_with_a_group_over_it_is_understood():
    rows = [
        ["名单"],
        ["姓名", "住址", "联系方式", None, "网格"],
        [None, None, "手机", "座机"],
        ["罗莎", "柳光弄", 13800130002, None],
    ]
    table = read(xlsx(rows, merged=("A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3")), "a.xlsx", "residents")
    assert held(table) == ["name", "address", "phones", "phones", ""]
    assert table.header_row == 3


def test_the_sheet_that_fits_is_found_and_one_can_be_named():
    others = {"名单": [HEADER, ROSA], "旧": [["姓名", "地址", "电话", "性别"], ["单德明", "x", "y", "男"]]}
    data = xlsx([["说明"], ["请填写"]], title="说明", others=others)
    assert cells(read(data, "a.xlsx", "residents", sheet="名单")) == [ROSA]
    assert cells(read(data, "a.xlsx", "residents"))[0][0] == "单德明"
    with pytest.raises(FileError) as caught:
        read(data, "a.xlsx", "residents", sheet="新")
    assert "名单" in caught.value.sentence("en")


def test_hidden_sheets_are_not_read():
    book = load_workbook(BytesIO(xlsx([["说明"]], title="说明", others={"名单": [HEADER, ROSA]})))
    book["名单"].sheet_state = "hidden"
    out = BytesIO()
    book.save(out)
    with pytest.raises(FileError, match="no_header"):
        read(out.getvalue(), "a.xlsx", "residents")


def test_numbers_and_dates_keep_their_types():
    table = read(
        xlsx([["姓名", "地址", "电话", "出生日期"], ["罗莎", "x", 1.3800130002e10, 17597]]), "a.xlsx", "residents"
    )
    assert cells(table)[0][2] == 13800130002


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓 名", "name"),
        ("*姓名", "name"),
        ("姓名（必填）", "name"),
        ("Full Name", "name"),
        ("联系电话2", "phones"),
        ("手机\n号码", "phones"),
        ("ＰＨＯＮＥ", "phones"),
        ("紧急联系人电话", "relative_phones"),
        ("出生年月", "birth_year"),
        ("序号", "ignored"),
        ("phones", "phones"),
        ("身份证号码", "column.id_number"),
        ("ID number", "column.id_number"),
        ("银行卡号", "column.money"),
        ("血型", ""),
    ],
)
def test_headers_are_known_by_many_names(header, field):
    assert meaning(header, "residents") == field


@pytest.mark.parametrize("kind", ["residents", "workers", "areas", "services"])
def test_every_title_means_its_own_field(kind):
    for field, facts in fields(kind).items():
        assert {meaning(str(title), kind) for title in facts["titles"]} == {field}


def test_identity_numbers_are_refused_and_unknown_columns_are_named():
    table = read(
        xlsx([[*HEADER, "身份证号", "血型", "手机"], [*ROSA, "11010519491231002X", "A", ""]]), "a.xlsx", "residents"
    )
    assert [column.why for column in table.columns] == ["", "", "", "column.id_number", "column.unknown", ""]
    assert table.columns[3].secret and not table.columns[4].secret


def test_a_field_of_one_column_is_read_from_the_first():
    table = read(xlsx([[*HEADER, "名字"], [*ROSA, "x"]]), "a.xlsx", "residents")
    assert table.columns[3].why == "column.twice"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.empty"),
        (b" \r\n ", "file.empty"),
        (xlsx([]), "file.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old", "file.old_excel"),
        (b"PK\x03\x04 nonsense", "file.unreadable"),
        (b"\x00\x01\x02\xff\xfe", "file.encoding"),
        (xlsx([["a", "b"], ["c", "d"]]), "file.no_header"),
        (csv([HEADER]), "file.no_rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(data, code):
    with pytest.raises(FileError) as caught:
        read(data, "a", "residents")
    assert caught.value.code == code
    assert caught.value.sentence("zh-CN") and "{" not in caught.value.sentence("en")


def test_a_zip_that_is_no_workbook_is_refused():
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "x")
    with pytest.raises(FileError, match="unreadable"):
        read(out.getvalue(), "a.xlsx", "residents")


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr("app.imports.xlsx_files.MOST_UNPACKED", 100)
    with pytest.raises(FileError, match="too_large"):
        read(xlsx([HEADER, ROSA]), "a.xlsx", "residents")


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(csv([HEADER, ROSA]))
    assert cells(read_file(path, "residents")) == [ROSA]
    monkeypatch.setattr("app.imports.reading.MOST_BYTES", 10)
    with pytest.raises(FileError, match="too_large"):
        read_file(path, "residents")


def test_formulas_are_read_by_their_last_value_and_never_computed():
    book = Workbook()
    book.active.append(HEADER)
    book.active.append(["罗莎", '=HYPERLINK("http://x")', "13800130002"])
    out = BytesIO()
    book.save(out)
    assert cells(read(out.getvalue(), "a.xlsx", "residents"))[0][1] is None


visible = st.characters(codec="gb18030", exclude_categories=["Cc", "Cs", "Cf", "Zs", "Zl", "Zp"])
plain_text = st.text(visible, min_size=1, max_size=12)


@given(st.lists(plain_text.filter(lambda text: '"' not in text and text[0] not in "'"), min_size=3, max_size=3))
def test_any_text_survives_csv_in_both_encodings(row):
    for encoding in ("utf-8-sig", "gb18030"):
        delimiter = next(sign for sign in ",;\t" if not any(sign in cell for cell in row) or sign == "\t")
        table = read(csv([HEADER, row, ROSA, ROSA], delimiter, encoding), "a.csv", "residents")
        assert cells(table)[0] == row


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    for start in (b"", b"PK\x03\x04", b"\xef\xbb\xbf"):
        try:
            read(start + data, "a", "residents")
        except FileError as error:
            assert error.sentence("en")
