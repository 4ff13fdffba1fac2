"""The state table of messages, quiet hours and back-off, as tables."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.rules import (
    BACK_OFF,
    DELIVERY_RANK,
    MESSAGE,
    MISSED,
    QUIET_HOURS,
    REACHED,
    first_allowed,
    wait_before,
)

ZONE = ZoneInfo("Asia/Shanghai")
VOICE = QUIET_HOURS["resident"]["voice"]


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=ZONE)


def test_every_event_leads_to_a_state_of_the_table() -> None:
    for state, events in MESSAGE.table.items():
        assert set(events.values()) <= MESSAGE.states, state


def test_every_state_can_be_reached_and_every_live_one_can_be_left() -> None:
    reached, edge = {MESSAGE.initial}, [MESSAGE.initial]
    while edge:
        edge = [s for s in {after for state in edge for after in MESSAGE.table[state].values()} if s not in reached]
        reached |= set(edge)
    assert reached == MESSAGE.states
    assert all(MESSAGE.table[state] for state in MESSAGE.live)


def test_only_asking_the_carrier_brings_a_claimed_row_back() -> None:
    """From sending no event that the sweep causes by itself leads to queued but these."""
    back = {event for event, after in MESSAGE.table["sending"].items() if after == "queued"}
    assert back == {"postponed", "rewritten", "repeated"}


def test_delivered_is_final() -> None:
    assert MESSAGE.table["delivered"] == {}


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("24T09:00", "24T09:00"),
        ("24T11:59", "24T11:59"),
        ("24T12:00", "24T14:00"),
        ("24T13:59", "24T14:00"),
        ("24T14:00", "24T14:00"),
        ("24T20:59", "24T20:59"),
        ("24T21:00", "25T07:30"),
        ("24T23:59", "25T07:30"),
        ("24T00:00", "24T07:30"),
        ("24T07:29", "24T07:30"),
        ("24T07:30", "24T07:30"),
    ],
)
def test_voice_to_residents_rests_at_noon_and_at_night(moment: str, allowed: str) -> None:
    assert first_allowed(local(moment), VOICE) == local(allowed)


def test_spans_that_touch_are_passed_through_together() -> None:
    assert first_allowed(local("24T21:30"), [["21:00", "07:30"], ["07:30", "09:00"]]) == local("25T09:00")


def test_without_spans_any_moment_is_allowed() -> None:
    assert first_allowed(local("24T03:00"), []) == local("24T03:00")


@given(st.integers(0, 3 * 24 * 60))
def test_waiting_for_the_allowed_moment_takes_less_than_a_day_and_is_settled(minutes: int) -> None:
    moment = local("24T00:00") + timedelta(minutes=minutes)
    allowed = first_allowed(moment, VOICE)
    assert moment <= allowed < moment + timedelta(days=1)
    assert first_allowed(allowed, VOICE) == allowed


def test_waits_grow_and_end() -> None:
    waits = [wait_before(attempt) for attempt in range(1, len(BACK_OFF) + 2)]
    assert waits[-1] is None and None not in waits[:-1]
    assert waits[:-1] == sorted(filter(None, waits))


def test_a_reason_may_be_worth_fewer_tries() -> None:
    assert wait_before(1, tries=2) is not None
    assert wait_before(2, tries=2) is None


def test_final_statuses_rank_highest() -> None:
    final = {status for status, rank in DELIVERY_RANK.items() if rank == max(DELIVERY_RANK.values())}
    assert final == REACHED | MISSED
