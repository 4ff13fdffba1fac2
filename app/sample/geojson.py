"""The drawing as GeoJSON (RFC 7946, WGS-84, longitude first), for the community map and for any map program."""

from typing import Any

from app.sample.names import Named
from app.sample.plane import Box, Point, degrees, line_on_map
from app.sample.streets import Community, Street, Town


def polygon(box: Box) -> dict[str, Any]:
    """A rectangle of the sheet as a GeoJSON geometry."""
    return {"type": "Polygon", "coordinates": [line_on_map(box.ring())]}


def map_of(town: Town) -> dict[str, Any]:
    """The whole district as a FeatureCollection; properties: kind, name, name_en, and code, rank or use if any."""
    features = [_feature("district", town.name, polygon(town.box), code=town.code)]
    features.append(_feature("river", town.river_name, polygon(town.river)))
    for part in town.subdistricts:
        features.append(_feature("subdistrict", part.name, polygon(part.box), code=part.code))
        features += [feature for community in part.communities for feature in _community(community)]
    features += [_street(street) for street in town.streets]
    return {"type": "FeatureCollection", "name": town.name.en, "features": features}


def _community(community: Community) -> list[dict[str, Any]]:
    shown = [_feature("community", community.name, polygon(community.box), code=community.code)]
    shown += [_feature("block", block.name, polygon(block.box), use=block.use) for block in community.blocks]
    shown += [_street(lane) for lane in community.lanes]
    shown += [_feature("landmark", mark.name, _dot(mark.at)) for mark in community.landmarks]
    return shown


def _street(street: Street) -> dict[str, Any]:
    geometry = {"type": "LineString", "coordinates": line_on_map(street.line)}
    return _feature("street", street.name, geometry, rank=street.rank)


def _dot(point: Point) -> dict[str, Any]:
    return {"type": "Point", "coordinates": degrees(point)}


def _feature(kind: str, name: Named | None, geometry: dict[str, Any], **properties: str) -> dict[str, Any]:
    named = {"name": name.zh, "name_en": name.en} if name else {}
    return {"type": "Feature", "properties": {"kind": kind, **named, **properties}, "geometry": geometry}
