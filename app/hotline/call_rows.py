"""The row of a call: how it begins, and by which ids it is found."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock, crypto
from app.core.errors import NotFound
from app.hotline import documents
from app.hotline.models import Call
from ivr_flows import engine


class UnknownCall(NotFound):
    """The carrier speaks of a call, or of a ring, that is not ours."""


@dataclass(frozen=True)
class Opening:
    """How a call begins.

    flow: name of its document. facts: what the flow may say. number: the other side, E.164.
    """

    flow: str
    purpose: str
    number: str
    facts: dict[str, Any]
    language: str
    pace: str = "normal"
    resident_id: int | None = None
    worker_id: int | None = None
    order_id: int | None = None
    message_id: int | None = None


def create(session: Session, opening: Opening, direction: str, sid: str | None = None) -> int | None:
    """Make the call's row with its flow at the beginning; its id, or None if ``sid`` has one already."""
    digest = documents.current(session, opening.flow)
    state = engine.begin(documents.flow(session, digest), opening.facts, opening.language, opening.pace)
    row = insert(Call).values(
        sid=sid,
        direction=direction,
        purpose=opening.purpose,
        status="queued" if direction == "outbound" else "ringing",
        number=opening.number,
        number_hash=crypto.keyed_hash(opening.number),
        digest=digest,
        flow_state=state.to_json(),
        step=-1,
        language=opening.language,
        resident_id=opening.resident_id,
        worker_id=opening.worker_id,
        order_id=opening.order_id,
        message_id=opening.message_id,
        started_at=clock.now(),
        finished=False,
    )
    made: int | None = session.scalar(row.on_conflict_do_nothing(index_elements=["sid"]).returning(Call.id))
    return made


def id_of(session: Session, sid: str) -> int | None:
    """Our id of the carrier's call."""
    return session.scalar(select(Call.id).where(Call.sid == sid))


def sid_of(session: Session, call_id: int) -> str | None:
    """The carrier's id of our call."""
    return session.scalar(select(Call.sid).where(Call.id == call_id))


def picked_up(session: Session, call_id: int, sid: str) -> None:
    """A call that we placed was answered under ``sid``; this repairs a crash between placing and keeping the sid.

    Raises UnknownCall("call.unknown").
    """
    call = session.get(Call, call_id)
    if call is None:
        raise UnknownCall("call.unknown", call=call_id)
    call.sid = call.sid or sid
    call.answered_at = call.answered_at or clock.now()
