"""A small district for the pages: people of the sample, and an order in every stage of its life."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.catalogue import items
from app.core import clock, crypto, moves, settings
from app.hotline import call_backs, documents, seats
from app.hotline.models import Call, CallBack
from app.messages.models import Message
from app.orders import changes, intake
from app.orders.models import ServiceOrder
from app.people import access, staff
from app.people.models import Resident, Staff
from app.quality.models import FollowUp
from app.sample.draw import Options, draw
from app.sample.load import load, midnight
from app.visits import telling
from app.visits.models import DayPlan, Decision, Offer, Visit
from app.workforce.models import Shift, Worker

BY = "system:test"
SMALL = Options(seed=1, subdistricts=1, communities=3, residents=12, workers=6, organisations=2)
PASSWORD = "doorline-demo"


@dataclass(frozen=True)
class Scene:
    """Ids and numbers of what the tests look at."""

    rosa: int
    shan: int
    amir: int
    lena: int
    tom: int
    item: int
    order: str
    visit: int
    troubled: int
    call_back: int
    call: int
    staff: dict[str, int]


def empty(session: Session) -> None:
    """Only the accounts: one of each role."""
    for role in ("agent", "dispatcher", "supervisor", "admin"):
        staff.create(session, username=role, password=PASSWORD, name=role.title(), role=role, by=BY, language="zh-CN")


def district(session: Session) -> None:
    """The sample's people, services and workers, and one account of each role."""
    zone = settings.current().zone
    drawn = draw(SMALL, clock.now().astimezone(zone).date(), zone)
    load(session, replace(drawn, staff=[]), midnight(zone))
    empty(session)


def full(session: Session) -> Scene:
    """The district with a day's work in it."""
    district(session)
    rosa, shan = (_one(session, Resident, key) for key in ("R-ROSA", "R-SHAN"))
    amir, lena, tom = (_one(session, Worker, key) for key in ("W-AMIR", "W-LENA", "W-TOM"))
    item = items.by_code(session, "CARE-03")
    accounts = {one.username: one.id for one in session.scalars(select(Staff))}
    agent = f"staff:{accounts['agent']}"
    call = _call(session, accounts["agent"], rosa)
    order = _order(session, rosa, item.id, agent, "要理发，耳朵不好，请大声敲门")
    visit = _visit(session, order, amir, lena, tom)
    troubled = _order(session, shan, item.id, agent, "水龙头漏水")
    trouble = _open_visit(session, troubled)
    _cancelled(session, shan, item.id, agent)
    _draft(session, shan, call)
    _follow_up(session, order, visit)
    _plan(session, visit, trouble, lena, tom)
    call_back = _call_backs(session, call, order, accounts["agent"])
    access.log(session, agent, "number", rosa.id, "call-back 1")
    session.flush()
    ids = (rosa.id, shan.id, amir.id, lena.id, tom.id, item.id, order.number)
    return Scene(*ids, visit.id, trouble.id, call_back.id, call.id, accounts)


def _one(session: Session, model: Any, key: str) -> Any:
    return session.scalars(select(model).where(model.external_id == key)).one()


def _call(session: Session, agent: int, rosa: Resident) -> Call:
    number = rosa.phones[0].number
    call = Call(
        sid="CA" + "1" * 32,
        direction="inbound",
        purpose="hotline",
        status="in-progress",
        number=number,
        number_hash=crypto.keyed_hash(number),
        digest=documents.current(session, "hotline"),
        flow_state={},
        step=1,
        language="zh-CN",
        resident_id=rosa.id,
        waiting_since=clock.now(),
        started_at=clock.now(),
        finished=False,
    )
    session.add(call)
    session.flush()
    moves.record(session, call, "arrived", f"call:{call.id}")
    seats.ready(session, agent, "browser")
    seats.ring(session, seats.of(session, agent), call)
    return call


def _order(session: Session, subject: Resident, item_id: int, by: str, text: str) -> ServiceOrder:
    order = intake.open_order(
        session, channel="phone_agent", item_id=item_id, subject_id=subject.id, by=by, text=text, caller_name="王阿姨"
    )
    session.flush()
    return order


def _visit(session: Session, order: ServiceOrder, amir: Worker, lena: Worker, tom: Worker) -> Visit:
    start = order.window_start
    assert start is not None
    visit = _open_visit(session, order)
    _decision(session, visit, amir, lena, tom)
    for worker, answer in ((lena, "declined"), (amir, "accepted")):
        offer = Offer(
            order_id=order.id,
            visit_id=visit.id,
            worker_id=worker.id,
            state="sent",
            code="27",
            starts_at=start,
            created_at=clock.now(),
            expires_at=clock.now() + timedelta(minutes=15),
            answered_at=clock.now(),
            answered_by="sms",
            reason="too_far" if answer == "declined" else None,
        )
        session.add(offer)
        session.flush()
        moves.move(session, offer, answer, f"worker:{worker.id}")
        _message(session, visit, offer)
    visit.worker_id, visit.during = amir.id, Range(start, start + timedelta(minutes=30))
    visit.travel_seconds = 480
    session.flush()
    moves.move(session, visit, "assigned", "system:dispatch", worker_id=amir.id)
    moves.move(session, order, "scheduled", "system:dispatch", worker_id=amir.id)
    order.responded_at = visit.accepted_at = clock.now()
    return visit


def _open_visit(session: Session, order: ServiceOrder) -> Visit:
    visit = Visit(
        order_id=order.id,
        state="open",
        minutes=30,
        skill="haircut",
        place=order.place,
        community_id=order.community_id,
        window_start=order.window_start,
        window_end=order.window_end,
        code="1234",
        created_at=clock.now() - timedelta(minutes=20),
    )
    session.add(visit)
    session.flush()
    moves.record(session, visit, "created", "system:dispatch")
    return visit


def _decision(session: Session, visit: Visit, amir: Worker, lena: Worker, tom: Worker) -> None:
    start = int(visit.window_start.timestamp())
    fits = [
        {
            "worker_id": worker.id,
            "start": start,
            "end": start + 1800,
            "travel_seconds": way,
            "metres": way * 4,
            "source": "estimate",
            "leaves": "home",
            "after": None,
            "before": None,
            "parts": {"travel": way, "load": 120},
            "price": way + 120,
        }
        for worker, way in ((amir, 480), (lena, 900))
    ]
    session.add(
        Decision(
            order_id=visit.order_id,
            visit_id=visit.id,
            at=clock.now(),
            planner="insertion-1",
            problem={},
            candidates=[{"worker_id": tom.id, "failed": "shift"}, *fits],
            chosen_worker_id=amir.id,
            by="system:dispatch",
        )
    )


def _message(session: Session, visit: Visit, offer: Offer) -> None:
    telling.offer(session, visit, offer)
    message = session.scalars(select(Message).where(Message.key == f"offer:{offer.id}")).one()
    for event in ("claimed", "sent", "delivered"):
        moves.move(session, message, event, "carrier:twilio")


def _plan(session: Session, visit: Visit, trouble: Visit, lena: Worker, tom: Worker) -> None:
    """A plan that was carried out because Tom will be away tomorrow, and one that broke down."""
    now, start = clock.now(), int(visit.window_start.timestamp())
    tomorrow = now + timedelta(days=1)
    session.add(Shift(worker_id=tom.id, kind="leave", starts_at=tomorrow, ends_at=tomorrow + timedelta(hours=8)))
    moved = {"worker_id": visit.worker_id, "start": start, "was_worker_id": lena.id, "was_start": start - 3600}
    changes = [
        {"visit_id": visit.id, **moved, "promised": True, "why": "room"},
        {"visit_id": trouble.id, **dict.fromkeys(moved), "promised": False, "why": "absent"},
    ]
    times = {"until": tomorrow, "wanted_at": now, "began_at": now, "ended_at": now}
    session.add(DayPlan(state="applied", why=["absence"], requests=2, unserved=1, changes=changes, **times))
    session.add(DayPlan(state="failed", why=["morning", "late"], changes=[], **times))


def _cancelled(session: Session, shan: Resident, item_id: int, by: str) -> None:
    changes.cancel(session, _order(session, shan, item_id, by, "不用了"), by, "儿子来了")


def _draft(session: Session, shan: Resident, call: Call) -> ServiceOrder:
    return intake.draft(
        session,
        channel="phone_menu",
        by=f"caller:{call.id}",
        call_id=call.id,
        contact=shan.phones[0].number,
        text="想要有人来……",
        subject_id=shan.id,
    )


def _follow_up(session: Session, order: ServiceOrder, visit: Visit) -> None:
    row = FollowUp(
        order_id=order.id, visit_id=visit.id, due_at=clock.now() + timedelta(days=1), state="due", attempts=0
    )
    session.add(row)
    session.flush()
    moves.record(session, row, "planned", "system:follow_up", after="due")


def _call_backs(session: Session, call: Call, order: ServiceOrder, agent: int) -> CallBack:
    first = call_backs.open_for(session, "missed_call", "call:first", number="+8613800130099", said="请尽快回电")
    session.flush()
    first.due_at = clock.now() - timedelta(minutes=40)
    call_backs.open_for(session, "emergency", "emergency:1", call=call, order_id=order.id, said="摔倒了")
    session.flush()
    mine = call_backs.open_for(session, "voicemail", "call:mine", number="+8613800130002", resident_id=call.resident_id)
    session.flush()
    call_backs.take(session, mine, agent)
    done = call_backs.open_for(session, "wanted", "call:done", number="+8613800130002")
    session.flush()
    call_backs.finish(session, done, agent, "已回电")
    return first
