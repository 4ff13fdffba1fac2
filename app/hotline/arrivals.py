"""How a call begins: who is calling, which flow answers him, and what that flow may say."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, crypto, moves, phones, settings
from app.core.errors import BadInput, NotFound
from app.hotline import call_rows, hours, residents_line
from app.hotline.call_rows import Opening, UnknownCall
from app.hotline.models import Call, Ring
from app.people import residents
from app.people.models import Resident, Staff
from app.workforce.models import Worker

MOST_NAMED = 3
"""Not more people of one phone are offered by key: at most three options."""

UNKNOWN_CALLER = "anonymous"


def arrive(session: Session, sid: str, number: str) -> int:
    """The id of the incoming call ``sid`` from ``number`` (as the carrier gives it), made at the first asking."""
    known = call_rows.id_of(session, sid)
    if known is not None:
        return known
    made = call_rows.create(session, opening(session, _e164(number)), "inbound", sid)
    call_id = made if made is not None else call_rows.id_of(session, sid)
    if call_id is None:
        raise NotFound("call.unknown", sid=sid)
    if made is not None:
        moves.record(session, session.get_one(Call, call_id), "arrived", f"call:{call_id}")
    return call_id


def opening(session: Session, number: str) -> Opening:
    """Which flow answers a call from ``number``, and its facts."""
    worker = session.scalar(
        select(Worker).where(Worker.number_hash == crypto.keyed_hash(number), Worker.active.is_(True))
    )
    if worker is not None:
        return Opening("worker", "worker", number, {}, worker.language, worker_id=worker.id)
    here = sorted(residents.by_number(session, number), key=lambda resident: resident.id)
    first = here[0] if here else None
    return Opening(
        flow="hotline" if hours.is_open(session, clock.now()) else "out_of_hours",
        purpose="hotline",
        number=number,
        facts=_facts(session, here),
        language=first.language if first else settings.current().default_language,
        pace=first.pace if first else "normal",
        resident_id=here[0].id if len(here) == 1 else None,
    )


def _facts(session: Session, here: list[Resident]) -> dict[str, Any]:
    if not here:
        return {"caller": "unknown"}
    straight = any((resident.wishes or {}).get("straight_to_person") for resident in here)
    facts: dict[str, Any] = {"straight": "yes" if straight else "no"}
    if len(here) == 1:
        name = residents_line.usual(session, here[0], here[0].language)
        return facts | {"caller": "known", "has_usual": "yes" if name else "no", "usual": name}
    if len(here) > MOST_NAMED:
        return facts | {"caller": "unknown"}
    names = {
        f"person{index}": residents.speakable(resident, here[0].language)
        for index, resident in enumerate(here, start=1)
    }
    return facts | names | {"caller": "shared", "people": str(len(here))}


def agent_picked_up(session: Session, ring_id: int, sid: str) -> int:
    """The id of the call to an agent's phone, which his own short flow leads.

    Raises UnknownCall("ring.unknown").
    """
    known = call_rows.id_of(session, sid)
    if known is not None:
        return known
    ring = session.get(Ring, ring_id)
    if ring is None:
        raise UnknownCall("ring.unknown", ring=ring_id)
    caller = session.get_one(Call, ring.call_id)
    staff = session.get_one(Staff, ring.staff_id)
    ring.sid = ring.sid or sid
    facts = {"line": ring.line, "who": _caller(session, caller, staff.language), "call": str(caller.id)}
    made = call_rows.create(
        session,
        Opening("agent_leg", "agent", staff.number or f"client:agent-{staff.id}", facts, staff.language),
        "outbound",
        sid,
    )
    call_id = made if made is not None else call_rows.id_of(session, sid)
    assert call_id is not None
    leg = session.get_one(Call, call_id)
    leg.ring_id = ring.id
    return call_id


def _caller(session: Session, caller: Call, language: str) -> str:
    if caller.resident_id is not None:
        return residents.speakable(session.get_one(Resident, caller.resident_id), language)
    return phones.last_four(caller.number) if caller.number.startswith("+") else ""


def _e164(number: str) -> str:
    try:
        return phones.parse(number, settings.current().default_region).e164
    except BadInput:
        return number or UNKNOWN_CALLER
