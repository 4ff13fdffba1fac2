"""Jobs of the hotline: ring agents, bring caller and agent together, place voice messages, read texts."""

from app.core import db, settings
from app.gateways import carrier
from app.gateways.errors import GatewayError, Passing
from app.hotline import calls, inbound, outbound, rings

CALL_TIMEOUT = 30
"""Seconds that a resident's phone rings: old people need time to get to it."""


def ring_agents(call_id: int) -> None:
    """Ring every free agent for a waiting caller."""
    with db.unit_of_work() as session:
        to_ring = rings.place(session, call_id)
    for ring_id, address in to_ring:
        _ring(ring_id, address)


def _ring(ring_id: int, address: str) -> None:
    base = settings.current().public_base_url
    try:
        sid = carrier.current().place_call(
            address,
            url=f"{base}/carrier/ring?ring={ring_id}",
            status_url=f"{base}/carrier/ring-status?ring={ring_id}",
            timeout=rings.RING_SECONDS,
        )
    except GatewayError:
        with db.unit_of_work() as session:
            rings.failed(session, ring_id, "failed")
        return
    with db.unit_of_work() as session:
        rings.placed(session, ring_id, sid)


def silence(call_id: int) -> None:
    """Stop the phones that still ring for a call that is answered or over."""
    with db.unit_of_work() as session:
        sids = rings.withdraw(session, call_id)
    for sid in sids:
        carrier.current().hang_up(sid)


def join_caller(call_id: int) -> None:
    """Move the waiting caller into the conference in which the agent already is."""
    with db.unit_of_work() as session:
        sid = calls.to_join(session, call_id)
    if sid:
        url = f"{settings.current().public_base_url}/carrier/voice/join?call={call_id}"
        carrier.current().redirect_call(sid, url)


def place_call(message_id: int) -> None:
    """Carry out a voice message: claim it, ring the person, keep the call's sid."""
    with db.unit_of_work() as session:
        placing = outbound.begin(session, message_id)
    if placing is None:
        return
    base = settings.current().public_base_url
    try:
        sid = carrier.current().place_call(
            placing.number,
            url=f"{base}/carrier/voice?call={placing.call_id}",
            status_url=f"{base}/carrier/call-status?call={placing.call_id}",
            timeout=CALL_TIMEOUT,
        )
    except GatewayError as error:
        with db.unit_of_work() as session:
            outbound.not_placed(session, placing.call_id, error.code, passing=isinstance(error, Passing))
        return
    with db.unit_of_work() as session:
        outbound.placed(session, placing.call_id, sid)


def read_text(text_id: int) -> None:
    """Understand a text that came in and do what it says."""
    with db.unit_of_work() as session:
        inbound.read_text(session, text_id)
