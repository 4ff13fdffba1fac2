"""Who may hear what about a resident."""

import pytest

from app.people.rules import may_hear

PERSONAL = ("worker", "service", "address", "code", "name")
BASIC = ("number", "state", "time")
NOTICES = ("accepted", "done", "missed")


@pytest.mark.parametrize("what", PERSONAL + BASIC + NOTICES)
def test_a_residents_own_phone_may_hear_everything(what: str) -> None:
    assert may_hear(what, own=True, shared=False, consented=False)


@pytest.mark.parametrize("what", PERSONAL + NOTICES)
def test_a_shared_phone_hears_nothing_personal(what: str) -> None:
    assert not may_hear(what, own=True, shared=True, consented=False)


@pytest.mark.parametrize("what", BASIC)
def test_a_shared_phone_hears_number_state_and_time(what: str) -> None:
    assert may_hear(what, own=True, shared=True, consented=False)


@pytest.mark.parametrize("what", NOTICES)
def test_a_consented_relative_hears_the_three_notices(what: str) -> None:
    assert may_hear(what, own=False, shared=False, consented=True)


@pytest.mark.parametrize("what", PERSONAL + BASIC)
def test_a_consented_relative_hears_nothing_else(what: str) -> None:
    assert not may_hear(what, own=False, shared=False, consented=True)


@pytest.mark.parametrize("what", PERSONAL + BASIC + NOTICES)
@pytest.mark.parametrize("shared", [True, False])
def test_a_stranger_hears_nothing(what: str, shared: bool) -> None:
    assert not may_hear(what, own=False, shared=shared, consented=False)
