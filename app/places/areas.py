"""The tree of areas: district, subdistricts, communities; and which community a place lies in."""

from collections.abc import Sequence
from math import cos, radians

from shapely import Point
from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.places.models import Area


def get(session: Session, area_id: int) -> Area:
    """One area. Raises NotFound("area.unknown")."""
    area = session.get(Area, area_id)
    if area is None:
        raise NotFound("area.unknown", id=area_id)
    return area


def by_code(session: Session, code: str) -> Area | None:
    """The area with this code."""
    return session.scalar(select(Area).where(Area.code == code.strip()))


def within(session: Session, area_id: int) -> list[int]:
    """Ids of ``area_id`` and of every area below it."""
    top = select(Area.id).where(Area.id == area_id).cte("below", recursive=True)
    below = top.union_all(select(Area.id).join(top, Area.parent_id == top.c.id))
    return list(session.scalars(select(below.c.id)))


def communities(session: Session, area_id: int | None = None) -> list[Area]:
    """The communities below ``area_id`` (or all), by code."""
    rows = select(Area).where(Area.level == "community").order_by(Area.code)
    return list(session.scalars(rows if area_id is None else rows.where(Area.id.in_(within(session, area_id)))))


def path(session: Session, area_id: int) -> list[Area]:
    """From the district down to ``area_id``."""
    chain = [get(session, area_id)]
    while (parent := chain[0].parent_id) is not None:
        chain.insert(0, get(session, parent))
    return chain


def name(area: Area, language: str) -> str:
    """The area's name in ``language`` ("zh-CN" or "en")."""
    return area.name_en if language == "en" else area.name


def community_of(areas: Sequence[Area], latitude: float, longitude: float) -> Area | None:
    """The community in whose borders the place (WGS-84 degrees) lies, or else the one whose centre is nearest; pure.

    None only if ``areas`` has no community.
    """
    found = [area for area in areas if area.level == "community"]
    point = Point(longitude, latitude)
    for area in found:
        if area.polygon and shape(area.polygon).covers(point):
            return area
    return min(found, key=lambda area: _apart(area, latitude, longitude), default=None)


def _apart(area: Area, latitude: float, longitude: float) -> float:
    """Square of the distance in degrees of latitude: good enough to compare neighbours."""
    east = (area.longitude - longitude) * cos(radians(latitude))
    return (area.latitude - latitude) ** 2 + east**2
