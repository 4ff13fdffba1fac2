"""Reading what a form or a file says about a resident: everything is checked, and all that is wrong is told at once."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.core import clock, phones, settings
from app.core.errors import BadInput
from app.people.rules import FLAGS, GENDERS, LANGUAGES, PACES, WISHES

Values = Mapping[str, Any]
Problem = dict[str, Any]

OLDEST = 130

LOCAL_LENGTHS = (7, 8)
"""Digits of a landline written without its area code: nobody outside the town can ring that."""


class Reader:
    """Collects the values that are good and the problems of those that are not.

    A problem is {"field", "code", "given"} and, where there is a choice, "expected".
    """

    def __init__(self, given: Values) -> None:
        self.given = given
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def read(self, field: str, check: Callable[[Any], Any]) -> None:
        """Check ``field`` if it was given."""
        if field not in self.given:
            return
        try:
            self.values[field] = check(self.given[field])
        except BadInput as error:
            self.problems.append({"field": field, "code": error.code, **error.facts})

    def finish(self, required: Iterable[str] = ()) -> dict[str, Any]:
        """The good values. Raises BadInput("resident.wrong", problems=[…]) if anything is wrong or missing."""
        refused = {problem["field"] for problem in self.problems}
        missing = [field for field in required if field not in refused and not self.values.get(field)]
        self.problems += [{"field": field, "code": "field.missing"} for field in missing]
        if self.problems:
            raise BadInput("resident.wrong", problems=self.problems)
        return self.values


def resident(given: Values, *, new: bool) -> dict[str, Any]:
    """The checked values of a resident's form.

    given: any of name, external_id, gender, birth_year, community_id, address, place ([lat, lon] in degrees, WGS-84),
    approximate, language, dialect, pace, flags, wishes, household_password, note, usual_item_id, usual_worker_id,
    phones (list of numbers as people write them), relatives (list of {name, relation, number, language, consented,
    consent_call_id}). new: name, community and address are required.

    Raises BadInput("resident.wrong", problems=[{"field", "code", "given", "expected"}]).
    """
    reader = Reader(given)
    for field, check in _CHECKS.items():
        reader.read(field, check)
    return reader.finish(("name", "community_id", "address") if new else ())


def text(longest: int) -> Callable[[Any], str | None]:
    """A check for one line of at most ``longest`` characters; empty is None."""

    def check(value: Any) -> str | None:
        words = " ".join(str(value or "").split())
        if len(words) > longest:
            raise BadInput("text.too_long", given=len(words), expected=longest)
        return words or None

    return check


def lines(longest: int) -> Callable[[Any], str | None]:
    """A check for free text in which line breaks are kept."""

    def check(value: Any) -> str | None:
        words = "\n".join(" ".join(line.split()) for line in str(value or "").splitlines()).strip()
        if len(words) > longest:
            raise BadInput("text.too_long", given=len(words), expected=longest)
        return words or None

    return check


def one_of(choices: tuple[str, ...], *, optional: bool = False) -> Callable[[Any], str | None]:
    """A check for one of ``choices``."""

    def check(value: Any) -> str | None:
        if optional and value in (None, ""):
            return None
        if value not in choices:
            raise BadInput("choice.unknown", given=value, expected=list(choices))
        return str(value)

    return check


def required(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``check``, and not empty."""

    def both(value: Any) -> Any:
        found = check(value)
        if found in (None, "", []):
            raise BadInput("field.missing")
        return found

    return both


def whole_number(value: Any) -> int | None:
    """An integer or nothing."""
    if value in (None, ""):
        return None
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise BadInput("number.unreadable", given=value) from error


def _birth_year(value: Any) -> int | None:
    year = whole_number(value)
    now = clock.now().year
    if year is not None and not now - OLDEST <= year <= now:
        raise BadInput("year.unlikely", given=year, expected=[now - OLDEST, now])
    return year


def place(value: Any) -> list[float]:
    """[latitude, longitude] in degrees."""
    try:
        latitude, longitude = (float(part) for part in value)
    except (TypeError, ValueError) as error:
        raise BadInput("place.unreadable", given=value) from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise BadInput("place.off_the_earth", given=[latitude, longitude])
    return [latitude, longitude]


def _flags(value: Any) -> list[str]:
    check = one_of(FLAGS)
    return sorted({str(check(flag)) for flag in value or []})


def _wishes(value: Any) -> dict[str, Any]:
    unknown = [key for key in value or {} if key not in WISHES]
    if unknown:
        raise BadInput("choice.unknown", given=unknown, expected=list(WISHES))
    return dict(value or {})


def phone(value: Any) -> phones.Phone:
    """A phone as people write it. Raises BadInput("phone.unreadable") or BadInput("phone.area_code_missing")."""
    found = phones.parse(str(value or ""), settings.current().default_region)
    digits = [sign for sign in str(value) if sign.isdigit()]
    if found.kind == "unknown" and len(digits) in LOCAL_LENGTHS:
        raise BadInput("phone.area_code_missing", given=str(value))
    return found


def _phones(value: Any) -> list[phones.Phone]:
    read, bad = [], []
    for number in value or []:
        try:
            read.append(phone(number))
        except BadInput as error:
            bad.append(error)
    if bad:
        raise BadInput(bad[0].code, given=[error.facts["given"] for error in bad])
    return list({one.e164: one for one in read}.values())


def _relatives(value: Any) -> list[dict[str, Any]]:
    return [_relative(one) for one in value or []]


def _relative(given: Values) -> dict[str, Any]:
    return {
        "name": required(text(80))(given.get("name")),
        "relation": text(20)(given.get("relation")) or "",
        "phone": phone(given.get("number")),
        "language": one_of(LANGUAGES)(given.get("language") or settings.current().default_language),
        "consented": bool(given.get("consented")),
        "consent_call_id": whole_number(given.get("consent_call_id")),
    }


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": required(text(80)),
    "external_id": text(40),
    "gender": one_of(GENDERS, optional=True),
    "birth_year": _birth_year,
    "community_id": required(whole_number),
    "address": required(text(300)),
    "place": place,
    "approximate": bool,
    "language": one_of(LANGUAGES),
    "dialect": text(20),
    "pace": one_of(PACES),
    "flags": _flags,
    "wishes": _wishes,
    "household_password": text(40),
    "note": lines(2000),
    "usual_item_id": whole_number,
    "usual_worker_id": whole_number,
    "phones": _phones,
    "relatives": _relatives,
}
