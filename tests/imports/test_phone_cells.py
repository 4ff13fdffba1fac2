"""Phones in cells: what offices write becomes E.164, and what was lost is never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports import phone_cells
from app.imports.problems import CellError

MOBILE, LANDLINE = "+8613800130002", "+862155500001"


def numbers(value, area_code=""):
    return [line.e164 for line in phone_cells.read(value, area_code)]


@pytest.mark.parametrize(
    "written",
    [
        "13800130002",
        13800130002,
        13800130002.0,
        "13800130002.0",
        "1.3800130002E+10",
        "１３８００１３０００２",
        "138 0013 0002",
        "138-0013-0002",
        "138‑0013‑0002",
        "8613800130002",
        "+86 138 0013 0002",
        "0086 138 0013 0002",
        "'13800130002",
        "13800130002（微信同号）",
        "手机：13800130002",
        "\u200b13800130002\xa0",
    ],
)
def test_a_mobile_is_read_however_it_is_written(written):
    assert numbers(written) == [MOBILE]


@pytest.mark.parametrize(
    "written",
    ["021-55500001", "02155500001", "(021)5550 0001", "（０２１）５５５００００１", 2155500001, "021/55500001"],
)
def test_a_landline_is_read_however_it_is_written(written):
    assert numbers(written) == [LANDLINE]


@pytest.mark.parametrize(
    "separator", ["、", "，", ",", ";", "；", "/", " ", "\n", "_x000D_\n", " 或 ", " and ", "|", "、 "]
)
def test_several_numbers_in_a_cell_are_kept_apart(separator):
    assert numbers(f"13800130002{separator}021-55500001") == [MOBILE, LANDLINE]


def test_spaces_inside_and_between_numbers_are_told_apart():
    assert numbers("138 0013 0002 021 5550 0001") == [MOBILE, LANDLINE]


def test_a_landline_without_area_code_needs_one():
    assert numbers("55500001", "021") == [LANDLINE]
    with pytest.raises(CellError, match="no_area_code"):
        numbers("55500001")


@pytest.mark.parametrize("rounded", ["1.38E+10", 1.38e10, 13800000000, 13800130002.5, "1.38001E+10"])
def test_a_number_that_excel_rounded_is_refused_and_not_guessed(rounded):
    with pytest.raises(CellError, match="rounded"):
        numbers(rounded)


@pytest.mark.parametrize("wrong", ["12345678901", "abc", "1380013000", "138001300022", "+", "13800130002、女儿", "999"])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(CellError, match="unreadable"):
        numbers(wrong)


@pytest.mark.parametrize("nothing", ["", None, "无", "-", "/", "N/A", " 暂无 "])
def test_a_word_for_nothing_is_no_number(nothing):
    assert numbers(nothing) == []


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("13800130002（儿子） 13800130003", ["儿子", ""]),
        ("女儿13800130012儿子13800130013", ["女儿", "儿子"]),
        ("女儿、13800130012", ["女儿"]),
        ("本人13800130002、女儿：13800130012", ["", "女儿"]),
        ("王女士 13800130012", ["王女士"]),
    ],
)
def test_a_label_says_whose_number_it_is(written, labels):
    assert [line.label for line in phone_cells.read(written)] == labels


def test_a_number_marked_as_dead_is_refused():
    with pytest.raises(CellError, match="dead"):
        numbers("13800130002（空号）")


def test_an_extension_is_kept_apart():
    (line,) = phone_cells.read("021-55500001转801")
    assert (line.e164, line.extension) == (LANDLINE, "801")


def test_a_mobile_is_wanted_where_texts_are_sent():
    assert phone_cells.mobile("13800130002").e164 == MOBILE
    with pytest.raises(CellError, match="not_mobile"):
        phone_cells.mobile("021-55500001")
    with pytest.raises(CellError, match="one_only"):
        phone_cells.mobile("13800130002、13800130003")


mobiles = st.integers(0, 9999).map(lambda n: f"1380013{n:04d}")
gaps = st.sampled_from(["", " ", "-", "\u2011"])


@given(st.lists(mobiles, min_size=1, max_size=4, unique=True), gaps, st.sampled_from(["、", "，", ";", "/", " ", "\n"]))
def test_any_mobiles_written_in_any_way_come_back(digits, gap, separator):
    written = separator.join(gap.join((one[:3], one[3:7], one[7:])) for one in digits)
    assert numbers(written) == [f"+86{one}" for one in digits]


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.none(), st.booleans()))
def test_nothing_breaks_the_reader_and_what_it_reads_is_a_number(value):
    try:
        found = phone_cells.read(value, "021")
    except CellError:
        return
    assert all(line.kind in {"mobile", "landline", "short"} for line in found)
