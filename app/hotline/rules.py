"""The rules of the hotline: states of seats, rings and call-backs, the rank of call statuses, pure."""

from app.core.machine import Machine

SEAT = Machine(
    table={
        "away": {"ready": "available"},
        "available": {"left": "away", "rung": "ringing"},
        "ringing": {"missed": "available", "answered": "talking", "left": "away"},
        "talking": {"ended": "wrap_up", "left": "away"},
        "wrap_up": {"ready": "available", "left": "away"},
    },
    initial="away",
    live=frozenset({"available", "ringing", "talking", "wrap_up"}),
)

RING = Machine(
    table={
        "placing": {"placed": "ringing", "failed": "failed", "withdrawn": "withdrawn", "answered": "answered"},
        "ringing": {"answered": "answered", "missed": "missed", "withdrawn": "withdrawn", "failed": "failed"},
        "answered": {"missed": "missed"},
        "missed": {},
        "withdrawn": {},
        "failed": {},
    },
    initial="placing",
    live=frozenset({"placing", "ringing"}),
)

CALL_BACK = Machine(
    table={
        "open": {"taken": "taken", "done": "done"},
        "taken": {"returned": "open", "done": "done", "not_reached": "open"},
        "done": {"reopened": "open"},
    },
    initial="open",
    live=frozenset({"open", "taken"}),
)

STATUS_RANK = {
    "queued": 0,
    "initiated": 1,
    "ringing": 2,
    "in-progress": 3,
    "completed": 4,
    "busy": 4,
    "no-answer": 4,
    "canceled": 4,
    "failed": 4,
}
"""Callbacks come late, twice and out of order: a status never gives way to one of lower or equal rank
(https://www.twilio.com/docs/voice/api/call-resource#call-status-values)."""


def supersedes(new: str, old: str) -> bool:
    """Whether call status ``new`` may overwrite ``old``."""
    return STATUS_RANK.get(new, -1) > STATUS_RANK.get(old, -1)


def is_final(status: str) -> bool:
    """Whether the call is over."""
    return STATUS_RANK.get(status, -1) == 4
