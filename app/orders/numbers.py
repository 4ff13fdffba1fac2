"""The number of an order, made to be spoken: seven digits and a check digit, said in two groups of four.

The check digit (Damm) finds every single wrong digit and every swap of two neighbours, the two mistakes people make
when they read digits to each other. Numbers start with no zero, hold no digit three times in a row before the check
digit, and do not tell how many orders there are.
"""

import hashlib
from functools import cache
from unicodedata import normalize

from stdnum import damm

from app.core import settings
from app.core.errors import BadInput

LENGTH = 8
HALF_BITS = 12
ROUNDS = 4


@cache
def _tails(digits: int, run: int) -> int:
    """How many ways there are to go on for ``digits`` digits after ``run`` equal ones, never three in a row."""
    if digits == 0:
        return 1
    again = _tails(digits - 1, 2) if run == 1 else 0
    return 9 * _tails(digits - 1, 1) + again


CAPACITY = 9 * _tails(LENGTH - 2, 1)
"""How many different numbers there are: about 8.5 million."""


def make(count: int) -> str:
    """The number of the ``count``-th order of this installation (see issue), keyed by HASH_KEY."""
    return issue(count, settings.current().hash_key)


def issue(count: int, key: str) -> str:
    """The number of the ``count``-th order, 0 to CAPACITY - 1; different counts give different numbers, pure.

    key: any text; it decides the order in which the numbers are used up and must never change.
    Raises BadInput("number.used_up").
    """
    if not 0 <= count < CAPACITY:
        raise BadInput("number.used_up", capacity=CAPACITY)
    index = _scramble(count, key)
    while index >= CAPACITY:  # walking on in the cycle keeps it one to one
        index = _scramble(index, key)
    payload = _unrank(index)
    return payload + damm.calc_check_digit(payload)


def is_valid(number: str) -> bool:
    """Whether ``number`` is eight digits whose check digit fits."""
    is_written_right = len(number) == LENGTH and number.isascii() and number.isdigit() and number[0] != "0"
    return is_written_right and damm.is_valid(number)


def read(text: str) -> str | None:
    """The number in ``text`` as people write it (spaces, hyphens, full-width digits), or None if it is none."""
    plain = "".join(char for char in normalize("NFKC", text) if not char.isspace() and char not in "-–—.#")
    return plain if is_valid(plain) else None


def spoken(number: str) -> tuple[str, str]:
    """The two groups in which the number is written and read out."""
    return number[: LENGTH // 2], number[LENGTH // 2 :]


def _scramble(value: int, key: str) -> int:
    """A keyed permutation of 24-bit values: a Feistel network of four rounds."""
    left, right = divmod(value, 1 << HALF_BITS)
    for step in range(ROUNDS):
        digest = hashlib.blake2b(f"{step}:{right}:{key}".encode(), digest_size=2, person=b"order number").digest()
        left, right = right, left ^ (int.from_bytes(digest) % (1 << HALF_BITS))
    return (left << HALF_BITS) | right


def _unrank(index: int) -> str:
    """The ``index``-th string of seven digits that starts with no zero and never has three equal digits in a row."""
    digits, run, last = "", 0, "0"
    for left in range(LENGTH - 2, -1, -1):
        for digit in "0123456789":
            length = run + 1 if digit == last else 1
            ways = 0 if (not digits and digit == "0") or (digits and length > 2) else _tails(left, length)
            if index < ways:
                digits, run, last = digits + digit, length, digit
                break
            index -= ways
    return digits
