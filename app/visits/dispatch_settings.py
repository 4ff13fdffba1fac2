"""What an installation has set for dispatch: what counts how much, how far rules bend, how long ways take.

Every number has a usual value, which holds until somebody sets another; who set what stands in the history.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import clock, moves, site
from app.core.errors import BadInput, Refused
from app.core.moves import History
from app.places.distance import Estimate
from app.visits.matching.problem import Limits, Weights
from app.visits.rules import WEATHER

HOUR, DAY = 3600, 24 * 3600
STEEPEST = 100.0
"""Seconds of travel for one second: more would drown everything else."""

LEAST_PRIZE = HOUR
"""Seconds: if nobody's coming cost less, a long way would be reason enough to leave somebody without help."""


@dataclass(frozen=True)
class Setting:
    """One number. usual: what holds until another is set; least, most: what is accepted. An int takes whole numbers."""

    usual: float
    least: float
    most: float


def _of_weight(name: str, usual: float) -> Setting:
    if isinstance(usual, float):
        return Setting(usual, 0.0, STEEPEST)
    return Setting(usual, LEAST_PRIZE if name.startswith("unserved") else 0, 7 * DAY)


LIMITS = {
    "notice": (0, 4 * HOUR),
    "notice_urgent": (0, HOUR),
    "late_urgent": (0, 8 * HOUR),
    "overtime": (0, 4 * HOUR),
    "fresh": (60, DAY),
    "grain": (60, HOUR),
}
"""Least and most seconds of each of Limits."""

SETTINGS: Mapping[str, Setting] = {
    **{f"weights.{name}": _of_weight(name, usual) for name, usual in asdict(Weights()).items()},
    **{f"limits.{name}": Setting(usual, *LIMITS[name]) for name, usual in asdict(Limits()).items()},
    "travel.slowness": Setting(1.0, 0.5, 5.0),
    "plan.seconds": Setting(2.0, 0.1, 30.0),
    "plan.moves_promises": Setting(True, False, True),
}
"""Every number by group and name. weights, limits: see Weights and Limits. travel.slowness: so many times as long as
estimated does every way take here. plan.seconds: real time of one search. plan.moves_promises: whether a plan may move
what was promised."""

WEATHER_KEY = "weather"

SET = "number_set"


@dataclass(frozen=True)
class Dispatch:
    """What history knows these settings by."""

    __tablename__ = "dispatch_settings"
    id: int = 0


@dataclass(frozen=True)
class Weather:
    """kind: a key of rules.WEATHER. until: when ways are as usual again (UTC)."""

    kind: str
    until: datetime

    @property
    def factor(self) -> float:
        """So many times as long as usual every way takes."""
        return WEATHER[self.kind]


def values(session: Session) -> dict[str, float]:
    """Every number as it is now, by the names of SETTINGS."""
    groups = dict.fromkeys(name.partition(".")[0] for name in SETTINGS)
    return {f"{group}.{name}": value for group in groups for name, value in _group(session, group).items()}


def weights(session: Session) -> Weights:
    """What counts how much."""
    return Weights(**_group(session, "weights"))


def limits(session: Session) -> Limits:
    """How far rules bend."""
    return Limits(**_group(session, "limits"))


def travel(session: Session) -> Estimate:
    """How long ways take here and in this weather."""
    now = weather(session)
    return Estimate(slowness=_group(session, "travel")["slowness"] * (now.factor if now else 1.0))


def seconds(session: Session) -> float:
    """How long a search for a plan may take, real time."""
    return float(_group(session, "plan")["seconds"])


def may_move(session: Session) -> bool:
    """Whether a plan may move what was promised."""
    return bool(_group(session, "plan")["moves_promises"])


def weather(session: Session) -> Weather | None:
    """What makes ways longer just now."""
    said = site.get(session, WEATHER_KEY)
    if not said or said["kind"] not in WEATHER:
        return None
    found = Weather(said["kind"], datetime.fromisoformat(said["until"]))
    return found if clock.now() < found.until else None


def version(session: Session) -> int:
    """Grows with every change of a number."""
    rows = select(func.max(History.id)).where(History.thing == Dispatch.__tablename__, History.event == SET)
    return session.scalar(rows) or 0


def change(session: Session, wanted: Mapping[str, float], seen: int, by: str) -> int:
    """Set what differs from now; returns how many numbers that were. seen: the version that ``by`` had before him.

    Raises BadInput("setting.out_of_bounds"), Refused("setting.changed_meanwhile").
    """
    now = values(session)
    others = {name: value for name, value in wanted.items() if value != now[name]}
    for name, value in others.items():
        _check(name, value)
    if others and seen != version(session):
        raise Refused("setting.changed_meanwhile")
    for name, value in others.items():
        group, _, field = name.partition(".")
        site.merge(session, _key(group), {field: None if value == SETTINGS[name].usual else value})
        moves.record(session, Dispatch(), SET, by, name=name, was=now[name], now=value)
    return len(others)


def changes(session: Session, limit: int = 20) -> list[History]:
    """Who changed what, the latest first. Events: number_set {name, was, now}, weather_said {kind, until}."""
    rows = select(History).where(History.thing == Dispatch.__tablename__).order_by(History.id.desc())
    return list(session.scalars(rows.limit(limit)))


def _check(name: str, value: float) -> None:
    bounds = SETTINGS[name]
    is_near = bounds.least <= value <= bounds.most
    if not is_near or (isinstance(bounds.usual, int) and value != int(value)):
        raise BadInput("setting.out_of_bounds", name=name, given=value, least=bounds.least, most=bounds.most)


def _key(group: str) -> str:
    return f"dispatch_{group}"


def _group(session: Session, group: str) -> dict[str, Any]:
    """The numbers of one group by their short names."""
    usual = {name.partition(".")[2]: one.usual for name, one in SETTINGS.items() if name.startswith(f"{group}.")}
    set_here = site.get(session, _key(group), {})
    return usual | {name: value for name, value in set_here.items() if value is not None and name in usual}
