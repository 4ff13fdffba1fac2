"""The rules of a message: its states, pure."""

from app.core.machine import Machine

MESSAGE = Machine(
    table={
        "queued": {"claimed": "sending", "withheld": "withheld", "withdrawn": "withdrawn"},
        "sending": {
            "sent": "sent",
            "refused": "failed",
            "postponed": "queued",
            "lost": "unknown",
            "delivered": "delivered",
            "undelivered": "undelivered",
            "handed_over": "withdrawn",
        },
        "sent": {"delivered": "delivered", "undelivered": "undelivered", "refused": "failed", "postponed": "queued"},
        "unknown": {
            "sent": "sent",
            "delivered": "delivered",
            "undelivered": "undelivered",
            "repeated": "queued",
            "withdrawn": "withdrawn",
        },
        "undelivered": {"repeated": "queued", "delivered": "delivered"},
        "failed": {"repeated": "queued"},
        "withheld": {"repeated": "queued"},
        "delivered": {},
        "withdrawn": {},
    },
    initial="queued",
    live=frozenset({"queued", "sending", "sent", "unknown"}),
)
"""A row in sending is never sent again by the sweep: the carrier is asked, and what stays unknown goes to a person."""
