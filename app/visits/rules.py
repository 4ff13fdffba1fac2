"""The rules of a visit and of an offer: their states, pure."""

from app.core.machine import Machine

VISIT = Machine(
    table={
        "open": {"offered": "offered", "assigned": "accepted", "cancelled": "cancelled", "nobody_left": "attention"},
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
            "missed": "missed",
            "cancelled": "cancelled",
        },
        "en_route": {"arrived": "arrived", "withdrawn": "open", "missed": "missed", "cancelled": "cancelled"},
        "arrived": {"code_proved": "in_progress", "failed": "not_done", "withdrawn": "open", "cancelled": "cancelled"},
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
