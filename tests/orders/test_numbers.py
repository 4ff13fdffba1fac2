"""Order numbers survive being spoken and written down wrongly."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadInput
from app.orders import numbers

counts = st.integers(0, numbers.CAPACITY - 1)
KEY = "a district's key"


@given(counts)
def test_a_number_is_speakable_and_valid(count):
    number = numbers.issue(count, KEY)
    assert re.fullmatch(r"[1-9]\d{7}", number)
    assert not re.search(r"(\d)\1\1", number[:7])
    assert numbers.is_valid(number)


@given(counts, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_found(count, place, shift):
    number = numbers.issue(count, KEY)
    wrong = str((int(number[place]) + shift) % 10)
    assert not numbers.is_valid(number[:place] + wrong + number[place + 1 :])


@given(counts, st.integers(0, 6))
def test_two_swapped_neighbours_are_found(count, place):
    number = numbers.issue(count, KEY)
    if number[place] != number[place + 1]:
        assert not numbers.is_valid(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@given(st.integers(0, numbers.CAPACITY - 2000))
def test_no_number_is_given_twice(start):
    issued = [numbers.issue(count, KEY) for count in range(start, start + 200)]
    assert len(set(issued)) == len(issued)


def test_the_scramble_is_one_to_one_everywhere():
    small = {numbers._unrank(index) for index in range(0, numbers.CAPACITY, 997)}
    assert len(small) == len(range(0, numbers.CAPACITY, 997))
    assert len({numbers._scramble(value, KEY) for value in range(1 << 16)}) == 1 << 16


def test_neighbouring_orders_have_no_neighbouring_numbers():
    issued = [int(numbers.issue(count, KEY)) for count in range(1000)]
    gaps = [abs(one - other) for one, other in pairwise(issued)]
    assert sum(gap < 1000 for gap in gaps) < 10
    assert len(set(gaps)) > 950


def test_another_key_gives_another_order():
    assert numbers.issue(7, KEY) != numbers.issue(7, "another key")


@pytest.mark.parametrize("count", [-1, numbers.CAPACITY])
def test_beyond_the_capacity_no_number_is_made_up(count):
    with pytest.raises(BadInput, match=r"number\.used_up"):
        numbers.issue(count, KEY)


def test_people_may_write_it_with_spaces_and_full_width_digits():
    number = numbers.issue(12, KEY)
    assert numbers.read(f" {number[:4]} {number[4:]} ") == number
    assert numbers.read("".join(chr(ord(digit) + 0xFEE0) for digit in number)) == number
    assert numbers.read("hello") is None


@pytest.mark.parametrize("wrong", ["", "1234567", "123456789", "0000000০", "00000000", "12a45678"])
def test_what_is_no_number_is_refused(wrong):
    assert not numbers.is_valid(wrong)


def test_it_is_said_in_two_groups_of_four():
    number = numbers.issue(5, KEY)
    assert numbers.spoken(number) == (number[:4], number[4:])
