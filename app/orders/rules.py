"""The rules of a service order: its states, pure."""

from app.core.machine import Machine

ORDER = Machine(
    table={
        "draft": {"submitted": "open", "cancelled": "cancelled"},
        "open": {"scheduled": "scheduled", "started": "under_way", "cancelled": "cancelled"},
        "scheduled": {"unscheduled": "open", "started": "under_way", "cancelled": "cancelled"},
        "under_way": {"finished": "done", "unscheduled": "open", "cancelled": "cancelled"},
        "done": {"closed": "closed", "reopened": "open"},
        "closed": {"reopened": "open"},
        "cancelled": {"restored": "open", "redrafted": "draft"},
    },
    initial="draft",
    live=frozenset({"draft", "open", "scheduled", "under_way", "done"}),
)
"""A draft is what a dropped call leaves; open waits for a worker; done waits for the follow-up."""

CHANNELS = ("phone_menu", "phone_agent", "voicemail", "web", "visit")

CHANGEABLE = frozenset({"draft", "open", "scheduled", "under_way"})
"""States in which what was asked for may still be changed."""

LATE_STATES = frozenset({"draft", "open", "scheduled", "under_way"})
"""States in which the resolution clock still runs."""
