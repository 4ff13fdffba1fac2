"""Names are found as agents type them: pinyin, initials, surname readings, dialect."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.people import names

SURNAMES = {
    "单桂兰": "shanguilan",
    "仇英": "qiuying",
    "解海龙": "xiehailong",
    "曾国藩": "zengguofan",
    "查良镛": "zhaliangyong",
    "区志强": "ouzhiqiang",
    "朴树": "piaoshu",
    "盖叫天": "gejiaotian",
    "覃塘": "qintang",
    "翟天临": "zhaitianlin",
    "缪荃孙": "miaoquansun",
    "单于明": "chanyuming",
    "尉迟恭": "yuchigong",
    "万俟咏": "moqiyong",
    "澹台明": "tantaiming",
    "长孙兰": "zhangsunlan",
}

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=4)
LATIN = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


def common(typed: str, name: str) -> set[str]:
    return set(names.query_keys(typed)) & set(names.keys(name))


@pytest.mark.parametrize(("name", "typed"), SURNAMES.items())
def test_a_surname_is_found_by_its_own_reading(name: str, typed: str) -> None:
    assert typed in common(typed, name)


def test_the_everyday_reading_finds_the_surname_as_well() -> None:
    assert "danguilan" in common("danguilan", "单桂兰")


@pytest.mark.parametrize("typed", ["sgl", "SGL", "shangl", "guilan", "Shan Guilan", "shàn guìlán", "ｓｇｌ"])
def test_initials_given_name_tones_spaces_and_widths_do_not_matter(typed: str) -> None:
    assert common(typed, "单桂兰")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("张志诚", "zangzicen"),
        ("刘能", "niuneng"),
        ("牛兰", "liunan"),
        ("陈明英", "chengmingyin"),
        ("胡凤", "fufeng"),
        ("黄飞", "fanghui"),
        ("单桂兰", "sanguinan"),
        ("商贵蓝", "shanguilan"),
    ],
)
def test_what_dialects_confuse_is_found(name: str, typed: str) -> None:
    assert any(key.startswith("~") for key in common(typed, name))


def test_another_name_is_not_found() -> None:
    assert not common("wangguilan", "单桂兰")
    assert not common("王桂兰", "单桂兰")


def test_another_character_of_the_same_sound_finds_the_name() -> None:
    assert common("善贵岚", "单桂兰")


@pytest.mark.parametrize("typed", ["miller", "grace", "Grace Miller", "miller grace", "GM", "Graze"])
def test_latin_names_are_found_by_word_in_any_order(typed: str) -> None:
    assert bool(common(typed, "Grace Miller")) == (typed != "Graze")


def test_u_umlaut_is_typed_as_v_u_or_yu() -> None:
    for typed in ("lvlan", "Lǚ lan", "LÜLAN", "lyulan", "lulan"):
        assert common(typed, "吕兰"), typed


def test_pinyin_of_a_name_has_the_surname_first() -> None:
    assert names.pinyin_of("单德明") == ("Shan", "Deming")
    assert names.pinyin_of("欧阳娜娜") == ("Ouyang", "Nana")
    assert names.pinyin_of("吕绿") == ("Lü", "Lü")
    assert names.pinyin_of("Grace Miller") == ("Miller", "Grace")


def test_the_surname_is_one_character_unless_it_is_compound() -> None:
    assert [names.surname_of(name) for name in ("单德明", "欧阳明", "单于", "Grace Miller", "Rosa")] == [
        "单",
        "欧阳",
        "单",
        "Miller",
        "Rosa",
    ]


@given(HAN)
def test_every_name_is_found_by_its_own_characters(name: str) -> None:
    assert common(name, name)


@given(HAN)
def test_every_name_is_found_by_its_pinyin_and_by_its_initials(name: str) -> None:
    surname, given_name = names.pinyin_of(name)
    assert common(f"{surname} {given_name}", name)


@given(HAN)
def test_keys_fit_their_column_and_do_not_repeat(name: str) -> None:
    keys = names.keys(name * 20)
    assert len(keys) == len(set(keys))
    assert all(0 < len(key) <= names.LONGEST for key in keys)


@given(st.text(max_size=40))
def test_no_text_at_all_is_a_mistake(text: str) -> None:
    assert all(key not in ("", "~") for key in names.keys(text) + names.query_keys(text))
    names.pinyin_of(text)
    names.surname_of(text)


@given(LATIN)
def test_folding_twice_changes_nothing(letters: str) -> None:
    assert names.fold(names.fold(letters)) == names.fold(letters)


@given(LATIN, LATIN)
def test_folding_forgets_only_what_dialects_confuse(first: str, second: str) -> None:
    plain = str.maketrans("", "", "zcshnlgfvu")
    if names.fold(first) == names.fold(second):
        assert first.translate(plain).replace("ei", "i") == second.translate(plain).replace("ei", "i")


def test_lists_of_people_are_in_the_order_of_their_pinyin() -> None:
    people = ["张伟", "单桂兰", "欧阳明", "安静", "Grace Miller", "李娜"]
    assert sorted(people, key=names.in_order) == ["安静", "Grace Miller", "李娜", "欧阳明", "单桂兰", "张伟"]
