"""Draw the district: river, subdistricts, communities, streets, blocks and landmarks, all with names.

A rectangle is cut again and again; every cut is a street. The first cuts part the subdistricts, the next ones the
communities, the last ones leave blocks, and their lanes lie wholly inside one community: addresses are found there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from app.sample.data import document
from app.sample.names import Named, Names
from app.sample.plane import Box, Point, along

WIDTH, HEIGHT = 13_000.0, 9_600.0
RIVER, BANK = 150.0, 60.0
BLOCKS = 6
EDGE = 0.08
"""Houses begin at this share of a lane, so that none stands on the border of its community."""

Line = tuple[Point, Point]


@dataclass(frozen=True)
class Street:
    """A street: class is avenue, road, lane or bridge; line on the sheet."""

    name: Named
    rank: str
    line: Line


@dataclass(frozen=True)
class Block:
    """Ground between streets, and what stands on it."""

    box: Box
    use: str
    name: Named | None


@dataclass(frozen=True)
class House:
    """A door on a lane: the number in the street and its place on the sheet."""

    street: Street
    number: int
    at: Point


@dataclass(frozen=True)
class Landmark:
    """A name people use for a place."""

    name: Named
    at: Point


@dataclass
class Community:
    """The lowest of the three levels; its lanes and blocks lie inside its box."""

    code: str
    name: Named
    box: Box
    subdistrict: "Subdistrict" = field(compare=False, repr=False)
    lanes: list[Street] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    landmarks: list[Landmark] = field(default_factory=list)
    office: House | None = None

    def house(self, random: Random) -> House:
        """Any house of this community."""
        lane = random.choice(self.lanes)
        share = random.uniform(EDGE, 1 - EDGE)
        return House(lane, 1 + int(share * 180), along(lane.line, share))


@dataclass
class Subdistrict:
    """The middle level."""

    code: str
    name: Named
    box: Box
    communities: list[Community] = field(default_factory=list)


@dataclass
class Town:
    """The whole drawing."""

    code: str
    name: Named
    box: Box
    river: Box
    river_name: Named
    subdistricts: list[Subdistrict]
    streets: list[Street]

    @property
    def communities(self) -> list[Community]:
        """All communities in the order of their codes."""
        return [community for subdistrict in self.subdistricts for community in subdistrict.communities]


def draw_town(seed: int, subdistricts: int, communities: int) -> Town:
    """Draw a district. Raises ValueError unless 1 <= subdistricts <= communities <= 999 a subdistrict."""
    if not 1 <= subdistricts <= communities <= 999 * subdistricts:
        raise ValueError("there must be at least one community in each subdistrict")
    words, random = document("places.yaml"), Random(f"{seed}/streets")
    names = Names(words, random)
    box = Box(0.0, 0.0, WIDTH, HEIGHT)
    river_at = HEIGHT * random.uniform(0.46, 0.54)
    river = Box(0.0, river_at - RIVER / 2, WIDTH, river_at + RIVER / 2)
    parts = list(_subdistricts(box, river, subdistricts, words["district"]["code"], names, random))
    streets = _embankments(river, names) + _bridges(river, names)
    for number, part in enumerate(parts):
        share = communities // subdistricts + (number < communities % subdistricts)
        streets += _settle(part, share, names, random)
    district = Named(words["district"]["name"], words["district"]["name_en"])
    water = Named(words["river"]["name"], words["river"]["name_en"])
    return Town(words["district"]["code"], district, box, river, water, parts, streets)


def _subdistricts(
    box: Box, river: Box, count: int, code: str, names: Names, random: Random
) -> Iterator[Subdistrict]:
    """Rectangles north and south of the river; with one subdistrict only, the whole north."""
    north = Box(box.left, river.top + BANK, box.right, box.top)
    south = Box(box.left, box.bottom, box.right, river.bottom - BANK)
    rows = [(north, (count + 1) // 2), (south, count // 2)]
    number = 0
    for row, wanted in rows:
        edges = [row.left + row.width * k / wanted for k in range(wanted + 1)] if wanted else []
        edges = [e if k in (0, wanted) else e + random.uniform(-200, 200) / wanted for k, e in enumerate(edges)]
        for left, right in pairwise(edges):
            number += 1
            yield Subdistrict(f"{code}{number:03d}", names.subdistrict(), Box(left, row.bottom, right, row.top))


def _embankments(river: Box, names: Names) -> list[Street]:
    lines = [((0.0, v), (WIDTH, v)) for v in (river.top + BANK, river.bottom - BANK)]
    return [Street(names.street("avenue"), "avenue", line) for line in lines]


def _bridges(river: Box, names: Names) -> list[Street]:
    places = [WIDTH * (2 * k + 1) / 12 for k in range(6)]
    lines = [((u, river.bottom - BANK), (u, river.top + BANK)) for u in places]
    return [Street(names.street("bridge"), "bridge", line) for line in lines]


def _settle(part: Subdistrict, count: int, names: Names, random: Random) -> list[Street]:
    """Give ``part`` its communities; returns the streets at their borders."""
    boxes, cuts = _cut(part.box, count, random)
    for number, box in enumerate(boxes, start=1):
        community = Community(f"{part.code}{number:03d}", names.community(), box, part)
        _build(community, names, random)
        part.communities.append(community)
    return [Street(names.street(rank), rank, line) for rank, line in _ranked(cuts)]


def _ranked(cuts: list[Line]) -> Iterator[tuple[str, Line]]:
    for depth, line in enumerate(cuts):
        yield ("avenue" if depth == 0 else "road"), line


def _build(community: Community, names: Names, random: Random) -> None:
    """Cut a community into lanes and blocks, and put its office and its landmarks there."""
    boxes, cuts = _cut(community.box, BLOCKS, random)
    community.lanes = [Street(names.street("lane"), "lane", line) for line in cuts]
    for box in boxes:
        use, name = names.block(community.name)
        community.blocks.append(Block(box.shrunk(min(14.0, box.width / 8, box.height / 8)), use, name))
    community.office = community.house(random)
    for lane in random.sample(community.lanes, k=min(2, len(community.lanes))):
        community.landmarks.append(Landmark(names.landmark(lane.name), along(lane.line, random.uniform(0.2, 0.8))))


def _cut(box: Box, count: int, random: Random) -> tuple[list[Box], list[Line]]:
    """``count`` parts of about equal size, and the lines between them, the longest cuts first."""
    boxes: list[Box] = []
    lines: list[Line] = []
    waiting = [(box, count)]
    while waiting:
        part, wanted = waiting.pop(0)
        if wanted == 1:
            boxes.append(part)
            continue
        half = wanted // 2
        first, second, line = part.cut(half / wanted * random.uniform(0.94, 1.06))
        lines.append(line)
        waiting += [(first, half), (second, wanted - half)]
    return boxes, lines
