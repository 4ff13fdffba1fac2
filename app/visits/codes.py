"""The digits of the door and of the offers, pure.

A visit's code has two halves, for both sides to prove themselves: the worker says the first two, the resident answers
with the last two. An offer's code is two digits, so that an answer by text is short.
"""

import hmac
from collections.abc import Callable, Collection, Sequence

HALF = 2

Choose = Callable[[Sequence[str]], str]

VISIT_HALVES = tuple(f"{n:02d}" for n in range(100) if n % 11 and n >= 10)
"""Two different digits that begin with no zero: 00 or 33 is what anybody would try."""

OFFER_CODES = tuple(f"{n}" for n in range(30, 100) if n % 10 and n % 11)
"""No 1x or 2x, which read like the answers 1 and 2; no doubled digits, no zeros."""


def new_visit_code(choose: Choose, taken: Collection[str] = ()) -> str:
    """Four digits, of two different halves that are no continuation of each other.

    choose: picks one of a sequence (secrets.choice). taken: codes of the other visits to the same household; their
    first halves are avoided, so that two digits name one visit.
    """
    first = choose([half for half in VISIT_HALVES if half not in {code[:HALF] for code in taken}])
    plain = {first, first[::-1], f"{(int(first) + 1) % 100:02d}", _continued(first)}
    return first + choose([half for half in VISIT_HALVES if half not in plain])


def _continued(half: str) -> str:
    """34 after 12, 76 after 98: the ends that a guesser tries first."""
    step = int(half[1]) - int(half[0])
    return "".join(str((int(half[1]) + step * n) % 10) for n in (1, 2))


def workers_half(code: str) -> str:
    """What the worker has, and says first."""
    return code[:HALF]


def residents_half(code: str) -> str:
    """What only the resident has, and answers."""
    return code[HALF:]


def proves(code: str, entered: str) -> bool:
    """Whether ``entered`` is what the resident answers; the whole code is all right as well."""
    return _same(residents_half(code), entered) or _same(code, entered)


def is_password(kept: str | None, said: str) -> bool:
    """Whether ``said`` is the household's standing password, blanks and letter case aside."""
    if not kept:
        return False
    return _same("".join(kept.split()).casefold(), "".join(said.split()).casefold())


def _same(kept: str, given: str) -> bool:
    return hmac.compare_digest(kept.encode(), given.encode())


def next_offer_code(live: Collection[str], last: str | None) -> str | None:
    """A code that none of the worker's ``live`` offers has, or None if all are taken.

    last: the code of his last offer; going on from there keeps a late answer to an old offer from hitting a new one.
    """
    start = OFFER_CODES.index(last) + 1 if last in OFFER_CODES else 0
    turn = OFFER_CODES[start:] + OFFER_CODES[:start]
    return next((code for code in turn if code not in live), None)
