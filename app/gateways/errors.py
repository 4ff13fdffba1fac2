"""What can go wrong at the carrier, told apart by what is to be done about it; the table is data."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import ClassVar, Literal

import yaml

from app.core.errors import DoorlineError

Kind = Literal["passing", "unclear", "permanent", "misconfigured", "over"]


class GatewayError(DoorlineError):
    """The carrier did not do what we asked.

    code: the carrier's number as text, or a word of ours. number: the line itself is at fault. opted_out: its owner
    refused texts. tries: how many attempts are worth making for this reason, None for the usual number.
    """

    kind: ClassVar[str]
    number: bool = False
    opted_out: bool = False
    tries: int | None = None


class Passing(GatewayError):
    """It was not done, and may succeed later: back off and try again."""

    kind = "passing"


class Unclear(Passing):
    """No answer came back: the carrier may have done it or not. Ask before trying again."""

    kind = "unclear"


class Permanent(GatewayError):
    """It will never succeed this way."""

    kind = "permanent"


class Misconfigured(GatewayError):
    """Our own set-up is wrong; a person must mend it."""

    kind = "misconfigured"


class CallOver(Permanent):
    """The call had ended before we asked."""

    kind = "over"


@dataclass(frozen=True)
class Meaning:
    """What one error code means; see GatewayError for the fields."""

    kind: Kind
    meaning: str
    number: bool = False
    opted_out: bool = False
    tries: int | None = None


_CLASSES: dict[Kind, type[GatewayError]] = {
    "passing": Passing,
    "permanent": Permanent,
    "misconfigured": Misconfigured,
    "over": CallOver,
}


@cache
def table() -> dict[str, Meaning]:
    """Every error code we know."""
    rows = yaml.safe_load(resources.files(__package__).joinpath("carrier_errors.yaml").read_text("utf-8"))
    return {str(code): Meaning(**row) for code, row in rows.items()}


def from_code(code: int | str | None, status: int = 400) -> GatewayError:
    """The error for a refusal by the carrier.

    code: the carrier's error code, if it gave one. status: the HTTP status; without a known code it decides: 429 is
    passing, 401 and 403 are our set-up, 5xx is unclear, any other 4xx is permanent.
    """
    known = table().get(str(code))
    if known is None:
        return _from_status(str(code or f"http_{status}"), status)
    error = _CLASSES[known.kind](str(code), meaning=known.meaning)
    error.number, error.opted_out, error.tries = known.number, known.opted_out, known.tries
    return error


def _from_status(code: str, status: int) -> GatewayError:
    if status == 429:
        return Passing(code)
    if status in (401, 403):
        return Misconfigured(code)
    return Unclear(code) if status >= 500 else Permanent(code)
