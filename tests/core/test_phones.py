"""Phone numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import phones
from app.core.errors import BadInput

WRITTEN = {
    "13800138000": ("+8613800138000", "mobile"),
    "138 0013 8000": ("+8613800138000", "mobile"),
    "138-0013-8000": ("+8613800138000", "mobile"),
    "+86 138 0013 8000": ("+8613800138000", "mobile"),
    "0086 13800138000": ("+8613800138000", "mobile"),
    "１３８００１３８０００": ("+8613800138000", "mobile"),
    "(021) 5550 0001": ("+862155500001", "landline"),
    "021-55500001": ("+862155500001", "landline"),
    "010 8888 1234": ("+861088881234", "landline"),
    "0971-6123456": ("+869716123456", "landline"),
    "+1 212 555 0123": ("+12125550123", "mobile"),
    "+44 20 7946 0958": ("+442079460958", "landline"),
    "110": ("110", "short"),
    "122": ("122", "short"),
    "12345": ("12345", "short"),
    " 120 ": ("120", "short"),
}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items())
def test_what_people_write_is_read(text: str, expected: tuple[str, str]) -> None:
    phone = phones.parse(text)
    assert (phone.e164, phone.kind) == expected


@pytest.mark.parametrize("text", ["", "   ", "abc", "12", "138001380001234567", "+86", "+999 1234567", "none"])
def test_what_is_no_number_is_refused_with_what_was_given(text: str) -> None:
    with pytest.raises(BadInput, match=r"phone\.unreadable") as error:
        phones.parse(text)
    assert error.value.facts == {"given": text}


@given(st.text(max_size=30))
def test_any_text_is_either_read_or_refused(text: str) -> None:
    try:
        phone = phones.parse(text)
    except BadInput:
        return
    assert phones.parse(phone.e164) == phone


@pytest.mark.parametrize(
    ("number", "what"), [("110", "police"), ("119", "fire"), ("120", "ambulance"), ("122", "traffic")]
)
def test_the_emergency_numbers_of_china_are_ours_to_know(number: str, what: str) -> None:
    assert phones.EMERGENCY_NUMBERS[number] == what
    assert number in phones.SHORT_NUMBERS


def test_only_a_mobile_takes_texts() -> None:
    kinds = {text: phones.parse(text).takes_texts for text in ("13800138000", "021-55500001", "12345")}
    assert kinds == {"13800138000": True, "021-55500001": False, "12345": False}


def test_a_number_without_country_code_belongs_to_the_region() -> None:
    assert phones.parse("020 7946 0958", "GB").e164 == "+442079460958"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+8613800138000", "138****8000"),
        ("+862155500001", "021****0001"),
        ("+8651268881234", "0512****1234"),
        ("110", "110"),
        ("", ""),
        ("+4912345", "****45"),
        ("garbage", "****"),
    ],
)
def test_lists_show_no_more_of_a_number_than_needed(number: str, shown: str) -> None:
    assert phones.mask(number) == shown


@given(st.integers(13000000000, 19999999999))
def test_a_mask_hides_at_least_four_digits_of_a_mobile(number: int) -> None:
    shown = phones.mask(f"+86{number}")
    assert str(number) not in shown and shown.count("*") == 4


def test_the_last_four_digits_find_a_person() -> None:
    assert phones.last_four("+8613800138000") == "8000"
