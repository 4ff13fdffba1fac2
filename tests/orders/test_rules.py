"""The states of an order."""

from app.orders.rules import CHANGEABLE, LATE_STATES, ORDER


def test_an_order_that_is_over_stands_still() -> None:
    assert {"closed", "cancelled"} == ORDER.states - ORDER.live


def test_every_live_order_can_be_cancelled_until_the_work_is_done() -> None:
    for state in ORDER.live - {"done"}:
        assert ORDER.next(state, "cancelled") == "cancelled"


def test_clocks_run_and_changes_are_possible_until_the_work_is_done() -> None:
    assert CHANGEABLE == LATE_STATES == ORDER.live - {"done"}
