"""Cells: dates, lengths, words and names as offices write them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports import amounts, cells, date_cells
from app.imports.problems import CellError
from app.imports.words import meanings

TODAY = date(2026, 11, 24)
BORN = date(1948, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        "1948年3月5日",
        "1948年03月05日",
        "1948/3/5",
        "1948-03-05",
        "1948.3.5",
        "19480305",
        19480305,
        17597,
        17597.0,
        "17597",
        "１９４８年３月５日",
        "一九四八年三月五日",
        " 1948-3-5 ",
        datetime(1948, 3, 5),
        BORN,
        "1948/3/5 0:00:00",
        "1948 年 3 月 5 日",
    ],
)
def test_a_day_is_read_however_it_is_written(written):
    assert date_cells.day(written) == BORN


@pytest.mark.parametrize("written", ["1948", 1948, "1948年", "1948年3月", "1948.3", "194803", "一九四八年十月"])
def test_the_year_is_enough(written):
    assert date_cells.birth_year(written, TODAY) == 1948


@pytest.mark.parametrize(
    "wrong", ["48年", "1948-13-01", "1948-02-30", "不详吧", "2027-01-01", "1800-01-01", 12, "3/5/1948"]
)
def test_what_is_no_date_of_birth_is_refused(wrong):
    with pytest.raises(CellError, match="date"):
        date_cells.birth_year(wrong, TODAY)


def test_a_lunar_date_is_refused_by_its_name():
    with pytest.raises(CellError, match="lunar"):
        date_cells.day("农历1948年三月初五")


def test_an_age_gives_the_year():
    assert date_cells.year_by_age("78岁", TODAY) == 1948
    with pytest.raises(CellError, match="number"):
        date_cells.year_by_age("178", TODAY)


@given(st.dates(date(1910, 1, 1), date(2026, 11, 24)))
def test_every_day_survives_every_way_of_writing(day):
    serial = (day - date(1899, 12, 30)).days
    forms = [f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}", day.isoformat(), f"{day:%Y%m%d}", serial, day]
    assert {date_cells.day(form) for form in forms} == {day}


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.datetimes(), st.none()))
def test_no_value_breaks_a_reader_of_cells(value):
    for reader in (date_cells.day, cells.text, cells.person, cells.code, amounts.clock, amounts.minutes, cells.yes_no):
        try:
            reader(value)
        except CellError as error:
            assert error.code


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("30", 30),
        (30.0, 30),
        ("30分钟", 30),
        ("1小时", 60),
        ("1.5小时", 90),
        ("1小时30分", 90),
        ("半小时", 30),
        ("1小时半", 90),
        ("45 min", 45),
        ("1h", 60),
        ("1 h 15 min", 75),
    ],
)
def test_a_visit_length_is_read(written, minutes):
    assert amounts.minutes(written) == minutes


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("2", 7200),
        (2, 7200),
        ("2小时", 7200),
        ("24h", 86400),
        ("7天", 604800),
        ("15个工作日", 1296000),
        ("15分钟", 900),
        ("2周", 1209600),
    ],
)
def test_a_clock_is_read_and_a_bare_number_counts_hours(written, seconds):
    assert amounts.clock(written) == seconds


@pytest.mark.parametrize("wrong", ["很快", "0", "-3", "9999天", "3 光年", "两三天", "1e999"])
def test_what_is_no_length_of_time_is_refused(wrong):
    with pytest.raises(CellError, match="duration"):
        amounts.clock(wrong)


def test_spaces_in_chinese_names_go_and_those_of_latin_names_stay():
    assert cells.person("单 玉　兰") == "单玉兰"
    assert cells.person(" Rosa  Luo ") == "Rosa Luo"
    assert cells.person("阿不都·卡里木") == "阿不都·卡里木"
    with pytest.raises(CellError, match="person"):
        cells.person("12")


def test_identity_numbers_are_never_taken_whatever_the_column():
    for written in ("11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ", "证件 11010519491231002x"):
        with pytest.raises(CellError, match="id_number"):
            cells.text(written)
    assert cells.text("110105194912310021") == "110105194912310021"  # the check digit is wrong: no identity number


def test_formula_errors_are_named():
    with pytest.raises(CellError, match="error"):
        cells.text("#REF!")


def test_invisible_signs_and_guards_are_removed():
    assert cells.text("\ufeff望江\u200b社区_x000D_\n") == "望江社区"
    assert cells.text("'=1+1") == "=1+1"
    assert cells.text("'s-Hertogenbosch") == "'s-Hertogenbosch"


def test_words_mean_the_same_whatever_their_case_and_width():
    assert cells.choice("ＥＮ", "language") == "en"
    assert cells.choice(" 女 ", "gender") == "f"
    assert cells.choices("独居、低保；听力 障碍", "flags") == ["living_alone", "hardship", "hard_of_hearing"]
    assert cells.choices("健康", "flags") == []
    assert cells.yes_no("√") and not cells.yes_no("无")


def test_an_unknown_word_says_what_was_expected():
    with pytest.raises(CellError) as caught:
        cells.choice("火箭", "mode")
    assert caught.value.facts["expected"][0] == "步行"


@pytest.mark.parametrize(
    "kind", ["yes_no", "gender", "language", "dialect", "pace", "mode", "level", "flags", "care_level", "skills"]
)
def test_every_word_list_can_be_read(kind):
    assert meanings(kind)


def test_coordinates_are_degrees():
    assert cells.degrees("31.2071°N", -90, 90, 31.2) == 31.2071
    for wrong in ("3112.5", "north", "nan", ""):
        with pytest.raises(CellError, match="coordinate"):
            cells.degrees(wrong, -90, 90, 31.2)


def test_excel_counts_days_from_the_end_of_1899():
    assert date_cells.EXCEL_DAY_ZERO + timedelta(days=1 + 59 + 1) == date(1900, 3, 1)
