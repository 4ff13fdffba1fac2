"""The rules of shifts and positions, pure: who is on duty, and how much of his whereabouts is kept."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

KINDS = ("work", "break", "leave")

DECIMALS = 3
"""A position is kept to about 100 m: enough to find who is near, too little to watch somebody."""

FORGET_AFTER = timedelta(hours=12)
"""A position is deleted so long after it was reported, on duty or not."""


class Span(Protocol):
    """A row of a worker's calendar; aware moments."""

    @property
    def kind(self) -> str: ...

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


def is_on_duty(spans: Iterable[Span], moment: datetime) -> bool:
    """Whether one works at ``moment`` (aware) by these spans: inside work and outside leave; a break is on duty."""
    kinds = {span.kind for span in spans if span.starts_at <= moment < span.ends_at}
    return "work" in kinds and "leave" not in kinds


def coarse(latitude: float, longitude: float) -> list[float]:
    """A position as it is kept, WGS-84 degrees."""
    return [round(latitude, DECIMALS), round(longitude, DECIMALS)]
