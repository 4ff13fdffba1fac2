"""Finding where an address is: by the landmark names a community uses, else the community's centre, marked approximate.

People say "the red door behind the market" as often as a street and a number. Such names are learnt when somebody says
them, and count as certain once a visit has found the door.
"""

from dataclasses import dataclass
from unicodedata import normalize

from rapidfuzz import fuzz
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.places import areas
from app.places.models import Landmark

SAME = 88
"""At this likeness (0 to 100) two spellings of a landmark are one."""

SHORTEST = 2
"""A landmark's name of one sign would fit anything."""


@dataclass(frozen=True)
class Located:
    """A place: [latitude, longitude] in WGS-84 degrees; approximate: nobody has been there yet; source: landmark or
    community.
    """

    place: list[float]
    approximate: bool
    source: str
    landmark_id: int | None = None


def locate(session: Session, community_id: int, address: str) -> Located:
    """Where ``address`` in this community probably is. Raises NotFound("area.unknown")."""
    landmark = find(session, community_id, address)
    if landmark is not None and landmark.place is not None:
        return Located(landmark.place, not landmark.confirmed, "landmark", landmark.id)
    area = areas.get(session, community_id)
    return Located([area.latitude, area.longitude], True, "community")


def find(session: Session, community_id: int, address: str) -> Landmark | None:
    """The landmark of this community that ``address`` names, spelt about so; the longest name wins."""
    wanted = _plain(address)
    known = session.scalars(select(Landmark).where(Landmark.community_id == community_id)).all()
    fitting = [landmark for landmark in known if likeness(wanted, _plain(landmark.name)) >= SAME]
    return max(fitting, key=lambda landmark: (len(landmark.name), landmark.confirmed, -landmark.id), default=None)


def learn(session: Session, community_id: int, name: str, place: list[float] | None = None) -> Landmark:
    """Remember a name that people use; a known one only gets the place it lacked."""
    name = " ".join(name.split())
    same = select(Landmark).where(Landmark.community_id == community_id, Landmark.name == name)
    landmark = session.scalar(same)
    if landmark is None:
        landmark = Landmark(community_id=community_id, name=name, confirmed=False)
        session.add(landmark)
    if landmark.place is None:
        landmark.place = place
    session.flush()
    return landmark


def confirm(session: Session, landmark: Landmark, place: list[float]) -> None:
    """A visit found the door: from now on the place ([lat, lon], WGS-84) is certain."""
    landmark.place = place
    landmark.confirmed = True
    session.flush()


def likeness(wanted: str, name: str) -> float:
    """How surely the address ``wanted`` names the landmark ``name``, 0 to 100, pure; both as by plain spelling."""
    if len(name) < SHORTEST or len(wanted) < SHORTEST:
        return 0
    if name in wanted:
        return 100
    return fuzz.partial_ratio(name, wanted) if len(wanted) >= len(name) else fuzz.ratio(name, wanted)


def _plain(text: str) -> str:
    """Without spaces, punctuation and the particle 的, which come and go."""
    return "".join(sign for sign in normalize("NFKC", text).lower() if sign.isalnum() and sign != "的")
