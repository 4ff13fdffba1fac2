"""The error table: complete, consistent, and every kind of refusal leads where it should."""

import pytest

from app.gateways import errors
from app.gateways.errors import CallOver, Misconfigured, Passing, Permanent, Unclear, from_code

PERMANENT = ["21211", "21214", "21217", "21408", "21610", "21612", "21614", "30005", "30006", "30007", "21602", "21617"]
MISCONFIGURED = ["20003", "21205", "21210", "21212", "21606", "21609", "30002"]
PASSING = ["20429", "30001", "14107", "21611", "30003", "30008"]


@pytest.mark.parametrize("code", PERMANENT)
def test_permanent(code: str) -> None:
    assert isinstance(from_code(code), Permanent)
    assert isinstance(from_code(int(code)), Permanent)


@pytest.mark.parametrize("code", MISCONFIGURED)
def test_misconfigured(code: str) -> None:
    assert isinstance(from_code(code), Misconfigured)


@pytest.mark.parametrize("code", PASSING)
def test_passing(code: str) -> None:
    error = from_code(code)
    assert isinstance(error, Passing) and not isinstance(error, Unclear)


def test_nothing_else_is_in_the_table_but_what_is_proved_here() -> None:
    assert set(errors.table()) == {*PERMANENT, *MISCONFIGURED, *PASSING, "21220", "20404"}


@pytest.mark.parametrize("code", ["21408", "30007", "21602", "21617"])
def test_what_is_not_the_lines_fault_does_not_mark_it(code: str) -> None:
    assert not from_code(code).number


def test_an_unknown_error_is_tried_once_more_only() -> None:
    assert from_code(30008).tries == 2


def test_a_call_that_was_over() -> None:
    assert isinstance(from_code(21220), CallOver)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, Passing), (401, Misconfigured), (403, Misconfigured), (400, Permanent), (500, Unclear), (503, Unclear)],
)
def test_without_a_known_code_the_status_decides(status: int, kind: type[errors.GatewayError]) -> None:
    assert type(from_code(None, status)) is kind
    assert type(from_code(99999, status)) is kind
