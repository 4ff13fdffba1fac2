"""Phone numbers: read what people write, keep E.164, show no more than needed.

Short numbers are our own table: the phonenumbers library does not know 122 as an emergency number of China and calls
12345 invalid.
"""

import re
from dataclasses import dataclass
from typing import Literal
from unicodedata import normalize

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from app.core.errors import BadInput

Kind = Literal["mobile", "landline", "short", "unknown"]

EMERGENCY_NUMBERS = {"110": "police", "119": "fire", "120": "ambulance", "122": "traffic"}
LONGEST_AREA_CODE = 5
"""Digits that a mask never shows at the beginning; 0512 is an area code, 01632 is shown as 016."""

SHORT_NUMBERS = EMERGENCY_NUMBERS | {"12345": "city hotline", "12349": "care hotline", "96525": "care hotline"}

_KINDS: dict[int, Kind] = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "mobile",
}


@dataclass(frozen=True)
class Phone:
    """A number in E.164 (short numbers as dialled) and what kind of line it is; only a mobile gets texts."""

    e164: str
    kind: Kind

    @property
    def takes_texts(self) -> bool:
        """Whether a text can reach this line; a landline gets a voice call instead."""
        return self.kind == "mobile"


def parse(text: str, region: str = "CN") -> Phone:
    """Read a phone number as people write it; without country code it belongs to ``region`` (ISO 3166).

    Raises BadInput("phone.unreadable", given=text).
    """
    plain = normalize("NFKC", text).strip()
    if plain in SHORT_NUMBERS:
        return Phone(plain, "short")
    try:
        number = phonenumbers.parse(plain, region)
    except NumberParseException as error:
        raise BadInput("phone.unreadable", given=text) from error
    if not phonenumbers.is_possible_number(number):
        raise BadInput("phone.unreadable", given=text)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164, _KINDS.get(phonenumbers.number_type(number), "unknown"))


def mask(e164: str) -> str:
    """The number as lists show it: 138****8000, 021****0001; national form with its area code, the middle hidden."""
    if e164 in SHORT_NUMBERS or not e164:
        return e164
    try:
        national = phonenumbers.format_number(phonenumbers.parse(e164, None), PhoneNumberFormat.NATIONAL)
    except NumberParseException:
        return "****"
    digits = re.sub(r"\D", "", national)
    if len(digits) < 9:
        return f"****{digits[-2:]}"
    first = re.findall(r"\d+", national)[0]
    return f"{first if len(first) < LONGEST_AREA_CODE else digits[:3]}****{digits[-4:]}"


def last_four(e164: str) -> str:
    """The digits an agent asks for to find a person."""
    return e164[-4:]
