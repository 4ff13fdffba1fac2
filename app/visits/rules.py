"""The rules of a visit and of an offer: their states, the codes of reasons, what makes a record whole; pure."""

from collections.abc import Mapping
from typing import Any

from app.core.machine import Machine

VISIT = Machine(
    table={
        "open": {
            "offered": "offered",
            "assigned": "accepted",
            "cancelled": "cancelled",
            "nobody_left": "attention",
            "held": "attention",
        },
        "attention": {"offered": "offered", "assigned": "accepted", "cancelled": "cancelled", "retried": "open"},
        "offered": {
            "accepted": "accepted",
            "declined": "open",
            "expired": "open",
            "withdrawn": "open",
            "assigned": "accepted",
            "cancelled": "cancelled",
        },
        "accepted": {
            "departed": "en_route",
            "arrived": "arrived",
            "withdrawn": "open",
            "assigned": "accepted",
            "moved": "accepted",
            "missed": "missed",
            "cancelled": "cancelled",
        },
        "en_route": {
            "arrived": "arrived",
            "withdrawn": "open",
            "assigned": "accepted",
            "missed": "missed",
            "cancelled": "cancelled",
        },
        "arrived": {
            "code_proved": "in_progress",
            "began_unproved": "in_progress",
            "failed": "not_done",
            "withdrawn": "open",
            "cancelled": "cancelled",
        },
        "in_progress": {"finished": "done", "failed": "not_done"},
        "done": {},
        "not_done": {},
        "missed": {},
        "cancelled": {},
    },
    initial="open",
    live=frozenset({"offered", "accepted", "en_route", "arrived", "in_progress"}),
)
"""``live`` are the states in which the worker's time is taken: the EXCLUDE constraint covers these."""

OFFER = Machine(
    table={
        "sent": {"accepted": "accepted", "declined": "declined", "expired": "expired", "withdrawn": "withdrawn"},
        "accepted": {},
        "declined": {},
        "expired": {},
        "withdrawn": {},
    },
    initial="sent",
    live=frozenset({"sent"}),
)

PLAN = Machine(
    table={
        "wanted": {"begun": "searching"},
        "searching": {
            "applied": "applied",
            "kept": "kept",
            "outdated": "outdated",
            "failed": "failed",
            "lost": "lost",
        },
        "applied": {},
        "kept": {},
        "outdated": {},
        "failed": {},
        "lost": {},
    },
    initial="wanted",
    live=frozenset({"searching"}),
)
"""A plan of the day. kept: nothing better was found. outdated: what it was made for had changed; a new one is made.
lost: whoever searched is gone. At most one is wanted, and one searched for, at any time."""

ABSENCES = Machine(
    table={
        "drafted": {
            "changed": "drafted",
            "begun": "weighing",
            "noted": "noted",
            "dropped": "dropped",
        },
        "weighing": {
            "changed": "drafted",
            "outdated": "drafted",
            "lost": "drafted",
            "weighed": "shown",
            "failed": "failed",
            "noted": "noted",
            "dropped": "dropped",
        },
        "shown": {"changed": "drafted", "noted": "noted", "dropped": "dropped"},
        "failed": {"changed": "drafted", "noted": "noted", "dropped": "dropped"},
        "noted": {},
        "dropped": {},
    },
    initial="drafted",
    live=frozenset({"drafted", "weighing", "shown", "failed"}),
)
"""Absences that a dispatcher thinks of noting. shown: what would follow is worked out. failed: it could not be.
outdated, lost: what it was worked out for had changed, or whoever did it is gone; it is worked out again."""

PLAN_REASONS = ("morning", "no_room", "absence", "late", "weather", "asked", "outdated", "lost")
"""Why a plan is wanted."""

CHANGES = ("free", "absent", "late", "room")
"""Why a plan changes a visit."""

SEARCHED = frozenset({"open", "scheduled", "under_way"})
"""States of an order in which a worker may be looked for."""

CURRENT = VISIT.live | {"open", "attention"}
"""States in which a visit still is to come or goes on."""

PROMISED = frozenset({"accepted", "en_route"})
"""Somebody has said that he comes and is not there yet."""

AT_THE_DOOR = frozenset({"arrived", "in_progress"})

BUSY = frozenset({"en_route", "arrived", "in_progress"})
"""The worker rides or is with somebody: no offers meanwhile, unless urgent."""

HARD_RULES = (
    "forbidden",
    "already_offered",
    "two_person",
    "skill",
    "licence",
    "scope",
    "shift",
    "leave",
    "overlap",
    "window",
)
"""Why a candidate can't be sent: the first rule he failed."""

COST_PARTS = (
    "travel",
    "lateness",
    "overtime",
    "priority",
    "load",
    "continuity",
    "language",
    "dialect",
    "gender",
    "promised_worker",
    "promised_time",
    "asking",
)
"""What a candidate's price is made of, seconds each."""

ATTENTION = (
    "nobody_left",
    "late",
    "missed",
    "nobody_home",
    "refused",
    "other",
    "unproved",
    "wrong_codes",
    "duress",
    "changed",
    "too_short",
    "overrun",
    "far_away",
)
"""Why a dispatcher must look at a visit."""

WEATHER = {"rain": 1.2, "storm": 1.5, "ice": 2.0}
"""So many times as long as usual every way takes: in rain, in heavy rain or snow, on icy roads."""

ALARMS = frozenset({"wrong_codes", "duress"})
"""Those that a person must hear of at once."""

DOUBTS = ALARMS | {"too_short", "far_away"}
"""Those that the end of the visit does not settle: was somebody there, and was he safe?"""

DECLINE_REASONS = ("busy", "too_far", "ill", "not_suitable", "other")
NOT_DONE_REASONS = ("nobody_home", "refused", "other")
PROOFS = ("code", "password", "resident_phone")
ANSWERED_BY = ("sms", "link", "phone", "staff")

SIX_FACTS = ("service", "recipient", "provider", "date", "times", "place")
"""Electronic visit verification, 21st Century Cures Act (US), section 12006: these six are recorded of every visit."""

WRONG_CODES = 3
"""So many wrong entries raise an alarm and end the guessing."""


def missing_facts(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Which of SIX_FACTS are not known; a visit's record is whole if none is missing."""
    return tuple(name for name in SIX_FACTS if not facts.get(name))
