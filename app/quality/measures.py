"""The three rates of the follow-up, each with the numbers it is made of: a rate without its base says nothing.

Contacted, solved, satisfied (fair counts as satisfied) are each counted over those who answered that question. Who was
not reached is in no base, and is shown.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.orders.models import ServiceOrder
from app.places import areas
from app.quality.models import FollowUp
from app.quality.rules import BAD_GRADES, GRADES


class Answer(Protocol):
    """A follow-up, or anything like it."""

    @property
    def state(self) -> str: ...
    @property
    def contacted(self) -> bool | None: ...
    @property
    def solved(self) -> bool | None: ...
    @property
    def grade(self) -> str | None: ...


@dataclass(frozen=True)
class Rate:
    """``part`` of ``base``."""

    part: int
    base: int

    @property
    def value(self) -> float | None:
        """0 to 1; None without a base."""
        return self.part / self.base if self.base else None


@dataclass(frozen=True)
class Rates:
    """The three rates, how many were reached of those tried to the end, and how often each grade was given."""

    reached: Rate
    contacted: Rate
    solved: Rate
    satisfied: Rate
    grades: dict[str, int]


def rates(answers: Iterable[Answer]) -> Rates:
    """The rates over ``answers``, pure."""
    every = list(answers)
    said = [one for one in every if one.state == "answered"]
    ended = len(said) + sum(one.state == "not_reached" for one in every)
    grades = Counter(one.grade for one in said if one.grade is not None)
    return Rates(
        reached=Rate(len(said), ended),
        contacted=_yes([one.contacted for one in said]),
        solved=_yes([one.solved for one in said]),
        satisfied=Rate(sum(count for grade, count in grades.items() if grade not in BAD_GRADES), grades.total()),
        grades={grade: grades[grade] for grade in GRADES},
    )


def of_period(
    session: Session, start: datetime, end: datetime, area_id: int | None = None, item_id: int | None = None
) -> Rates:
    """The rates of the follow-ups that were due in [start, end) (aware), of one area or item where given."""
    rows = select(FollowUp).join(ServiceOrder, ServiceOrder.id == FollowUp.order_id)
    rows = rows.where(FollowUp.due_at >= start, FollowUp.due_at < end)
    if area_id is not None:
        rows = rows.where(ServiceOrder.community_id.in_(areas.within(session, area_id)))
    if item_id is not None:
        rows = rows.where(ServiceOrder.item_id == item_id)
    return rates(session.scalars(rows))


def _yes(answers: list[bool | None]) -> Rate:
    given = [answer for answer in answers if answer is not None]
    return Rate(sum(given), len(given))
