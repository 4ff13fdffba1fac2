"""How many parts a text has on the air: GSM-7 where its alphabet suffices, else UCS-2; pure.

3GPP TS 23.038 (alphabets) and 23.040 (concatenation): 160 septets in one part, 153 in each of several; 70 code units
in one, 67 in each of several. A pair (an escaped character, a surrogate pair) is never torn apart.
"""

from dataclasses import dataclass
from typing import Literal

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
"""Two septets each: an escape and the character."""

LONGEST = 1600
"""The most code units that the carrier takes in one message (https://www.twilio.com/docs/errors/21617)."""


@dataclass(frozen=True)
class Parts:
    """alphabet: which one the whole text needs. units: septets or UCS-2 code units. count: parts on the air."""

    alphabet: Literal["gsm7", "ucs2"]
    units: int
    count: int


def count(text: str) -> Parts:
    """The parts of ``text``; an empty text has none."""
    plain = all(char in BASIC or char in EXTENDED for char in text)
    if plain:
        return _parts("gsm7", [2 if char in EXTENDED else 1 for char in text], 160, 153)
    return _parts("ucs2", [2 if ord(char) > 0xFFFF else 1 for char in text], 70, 67)


def _parts(alphabet: Literal["gsm7", "ucs2"], widths: list[int], alone: int, several: int) -> Parts:
    units = sum(widths)
    if units <= alone:
        return Parts(alphabet, units, 1 if units else 0)
    count, used = 1, 0
    for width in widths:
        if used + width > several:
            count, used = count + 1, 0
        used += width
    return Parts(alphabet, units, count)
