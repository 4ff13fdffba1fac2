"""The people of the tests: Rosa and Mr Shan call, Amir and Lena visit, Tom is off duty, Eve is a stranger."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import clock, crypto, moves
from app.orders import intake
from app.orders.models import ServiceOrder
from app.people import residents
from app.people.models import Resident
from app.places.models import Area
from app.visits.models import Visit
from app.workforce.models import Shift, Worker

SHANGHAI = ZoneInfo("Asia/Shanghai")

ROSA = "+862155500001"
"""A landline."""
SHAN = "+8613800130002"
DAUGHTER = "+8613800130011"
"""Rosa's daughter: consented."""
SON = "+8613800130012"
"""Mr Shan's son: not consented."""
EVE = "+8613800130099"
AMIR, LENA = "+8613800130021", "+8613800130022"


@dataclass(frozen=True)
class Town:
    """A district with one subdistrict and two communities, and its catalogue."""

    district: Area
    subdistrict: Area
    market: Area
    river: Area
    care: ServiceItem
    haircut: ServiceItem
    gas: ServiceItem


def town(session: Session) -> Town:
    """Build the town."""
    district = _area(session, "310", "district", None, "虹湾区", "Rainbow Bay", 31.20, 121.40)
    subdistrict = _area(session, "310001", "subdistrict", district, "白杨街道", "Poplar", 31.20, 121.40)
    market = _area(session, "310001001", "community", subdistrict, "菜场社区", "Market", 31.201, 121.401)
    river = _area(session, "310001002", "community", subdistrict, "河边社区", "Riverside", 31.221, 121.441)
    care = _item(session, "CARE", None, "生活照料", "Care at home", None)
    return Town(
        district,
        subdistrict,
        market,
        river,
        care,
        _item(session, "CARE-03", care, "上门理发", "Haircut at home", "haircut"),
        _item(
            session,
            "SAFE-01",
            care,
            "燃气检查",
            "Gas check",
            "repairs",
            urgent=True,
            offer_seconds=900,
            resolution_seconds=7200,
        ),
    )


def rosa(session: Session, place: Town, **more: Any) -> Resident:
    """Rosa: 83, a landline only, a daughter who may hear."""
    values = {
        "name": "罗莎",
        "gender": "f",
        "community_id": place.market.id,
        "address": "白杨路5号302室",
        "place": [31.2011, 121.4012],
        "phones": [ROSA],
        "relatives": [{"name": "罗晓燕", "relation": "女儿", "number": DAUGHTER, "consented": True}],
    }
    return residents.create(session, values | more, "system:test")


def mr_shan(session: Session, place: Town, **more: Any) -> Resident:
    """Mr Shan: a mobile, a son who may not hear."""
    values = {
        "name": "单德明",
        "gender": "m",
        "community_id": place.river.id,
        "address": "河滨路8号",
        "place": [31.2212, 121.4413],
        "phones": [SHAN],
        "relatives": [{"name": "单立新", "relation": "儿子", "number": SON}],
    }
    return residents.create(session, values | more, "system:test")


def amir(session: Session, days: int = 14, hours: tuple[int, int] = (8, 20)) -> Worker:
    """Amir, on shift for ``days`` from today, ``hours`` local."""
    worker = Worker(
        name="阿米尔",
        name_en="Amir",
        number=AMIR,
        number_hash=crypto.keyed_hash(AMIR),
        skills=["haircut", "repairs"],
        home=[31.2, 121.4],
    )
    session.add(worker)
    session.flush()
    first = clock.now().astimezone(SHANGHAI).date()
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        starts, ends = (datetime.combine(day, time(hour), SHANGHAI) for hour in hours)
        session.add(Shift(worker_id=worker.id, kind="work", starts_at=starts, ends_at=ends))
    session.flush()
    return worker


def order(session: Session, town: Town, subject: Resident, **more: Any) -> ServiceOrder:
    """An open order for a haircut, taken by an agent on the phone."""
    values: dict[str, Any] = {
        "channel": "phone_agent",
        "item_id": town.haircut.id,
        "subject_id": subject.id,
        "by": "staff:1",
    }
    return intake.open_order(session, **(values | more))


def finished_visit(session: Session, of: ServiceOrder, worker: Worker) -> Visit:
    """Amir was there and went a minute ago; the order waits for the follow-up."""
    for event in ("scheduled", "started", "finished"):
        moves.move(session, of, event, "system:test")
    now = clock.now()
    visit = Visit(
        order_id=of.id,
        state="done",
        worker_id=worker.id,
        during=Range(now - timedelta(minutes=31), now - timedelta(minutes=1)),
        minutes=30,
        place=of.place,
        window_start=of.window_start,
        window_end=of.window_end,
        code="1234",
        created_at=now,
        ended_at=now - timedelta(minutes=1),
    )
    session.add(visit)
    session.flush()
    return visit


def local(text: str) -> datetime:
    """A moment in the district's time, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def _area(
    session: Session,
    code: str,
    level: str,
    parent: Area | None,
    name: str,
    name_en: str,
    latitude: float,
    longitude: float,
) -> Area:
    area = Area(
        code=code,
        level=level,
        parent_id=parent.id if parent else None,
        name=name,
        name_en=name_en,
        latitude=latitude,
        longitude=longitude,
    )
    session.add(area)
    session.flush()
    return area


def _item(
    session: Session, code: str, parent: ServiceItem | None, name: str, name_en: str, skill: str | None, **more: Any
) -> ServiceItem:
    parent_id = parent.id if parent else None
    item = ServiceItem(code=code, parent_id=parent_id, name=name, name_en=name_en, skill=skill, **more)
    session.add(item)
    session.flush()
    return item
