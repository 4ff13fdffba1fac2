"""The rules of a follow-up: its states and what a grade means, pure."""

from app.core.machine import Machine

FOLLOW_UP = Machine(
    table={
        "due": {"calling": "calling", "handed_over": "task", "answered": "answered", "withdrawn": "withdrawn"},
        "calling": {"answered": "answered", "not_reached": "due", "given_up": "not_reached", "handed_over": "task"},
        "task": {"answered": "answered", "given_up": "not_reached"},
        "not_reached": {"answered": "answered"},
        "answered": {},
        "withdrawn": {},
    },
    initial="due",
    live=frozenset({"due", "calling", "task"}),
)
"""Silence is not_reached, never satisfied; a task is for a person to ring."""

GRADES = ("very_satisfied", "satisfied", "fair", "dissatisfied", "very_dissatisfied")
"""The five grades of public-service evaluation, best first."""

BAD_GRADES = frozenset({"dissatisfied", "very_dissatisfied"})


def must_reopen(solved: bool | None, grade: str | None) -> bool:
    """Whether an answer sends the order back: it was not solved, or the grade is bad."""
    return solved is False or grade in BAD_GRADES
