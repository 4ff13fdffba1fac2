"""The agents' console: what staff see and do, a module for each matter, their templates alongside."""

from app.web.console import (
    access_log,
    accounts,
    delivery,
    dispatch,
    follow_ups,
    intake,
    looked_for,
    menu,
    naming,
    numbers,
    orders,
    residents,
    seat,
    sign_in,
    telling,
    workers,
    working_days,
)
from app.web.console.blueprint import blueprint

__all__ = [
    "access_log",
    "accounts",
    "blueprint",
    "delivery",
    "dispatch",
    "follow_ups",
    "intake",
    "looked_for",
    "menu",
    "naming",
    "numbers",
    "orders",
    "residents",
    "seat",
    "sign_in",
    "telling",
    "workers",
    "working_days",
]
