"""How many parts a text has: the tables of 3GPP TS 23.038 and 23.040, and what must hold for any text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages import parts

PLAIN = st.sampled_from(sorted(parts.BASIC))
PAIRED = st.sampled_from(sorted(parts.EXTENDED))


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "count"),
    [
        ("", "gsm7", 0, 0),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        ("好" * 70, "ucs2", 70, 1),
        ("好" * 71, "ucs2", 71, 2),
        ("好" * 134, "ucs2", 134, 2),
        ("好" * 135, "ucs2", 135, 3),
        ("a" * 69 + "好", "ucs2", 70, 1),
        ("😀" * 35, "ucs2", 70, 1),
        ("😀" * 36, "ucs2", 72, 2),
    ],
)
def test_known_lengths(text: str, alphabet: str, units: int, count: int) -> None:
    assert parts.count(text) == parts.Parts(alphabet, units, count)  # type: ignore[arg-type]


def test_the_alphabet_has_its_128_places() -> None:
    # 128 places less the escape itself; the extension table has ten characters of its own.
    assert (len(parts.BASIC), len(parts.EXTENDED)) == (127, 10)


@pytest.mark.parametrize(("alone", "char", "expected"), [(152, "€", 3), (151, "€", 2)])
def test_an_escaped_character_is_not_torn_apart(alone: int, char: str, expected: int) -> None:
    """In 152 + 2 + 152 septets the pair must move to the second part, which then overflows into a third."""
    assert parts.count("a" * alone + char + "a" * 152).count == expected


def test_a_surrogate_pair_is_not_torn_apart() -> None:
    assert parts.count("好" * 66 + "😀" + "好" * 66).count == 3
    assert parts.count("好" * 65 + "😀" + "好" * 67).count == 2


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400))
def test_every_text_fits_the_parts_it_is_said_to_have(text: str) -> None:
    found = parts.count(text)
    alone, several = (160, 153) if found.alphabet == "gsm7" else (70, 67)
    if found.count <= 1:
        assert found.units <= alone
    else:
        assert alone < found.units <= found.count * several
        # No part is less than full by more than a pair could cause.
        assert found.units > (found.count - 1) * (several - 1)


@given(st.lists(st.one_of(PLAIN, PAIRED), max_size=400).map("".join))
def test_a_plain_alphabet_never_costs_ucs2(text: str) -> None:
    assert parts.count(text).alphabet == "gsm7"


@given(st.text("a€好😀", max_size=300))
def test_a_longer_text_never_has_fewer_parts(text: str) -> None:
    counts = [parts.count("好" + text[:end]).count for end in range(len(text) + 1)]
    assert all(before <= after for before, after in pairwise(counts))


@given(st.text("好", min_size=1, max_size=500))
def test_chinese_counts_as_utf16_does(text: str) -> None:
    assert parts.count(text).units == len(text.encode("utf-16-be")) // 2
