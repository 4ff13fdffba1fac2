"""Jobs of the hotline: ring agents, bring caller and agent together, place voice messages, read texts."""

from contextlib import suppress
from urllib.parse import urlencode

import structlog

from app.core import again, db, settings
from app.gateways import carrier
from app.gateways.carrier import Listing
from app.gateways.errors import CallOver, GatewayError, Passing, Permanent
from app.hotline import call_rows, endings, inbound, meeting, outbound, rings, tasks

log = structlog.get_logger(__name__)

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
            url=f"{base}/carrier/ring?ring={ring_id}{again.STEP}",
            status_url=f"{base}/carrier/ring-status?ring={ring_id}{again.STATUS}",
            timeout=rings.RING_SECONDS,
        )
    except GatewayError as error:
        if error.kind == "unclear":  # it rings perhaps: its own webhooks tell, or it is withdrawn when its time is over
            return
        log.warning("agent_not_rung", ring=ring_id, error=error.code)
        with db.unit_of_work() as session:
            rings.failed(session, ring_id, "failed")
        return
    with db.unit_of_work() as session:
        wanted = rings.placed(session, ring_id, sid)
    if not wanted:
        hang_up(sid)


def silence(call_id: int) -> None:
    """Stop the phones that still ring for a call that is answered or over."""
    with db.unit_of_work() as session:
        sids = rings.withdraw(session, call_id)
    for sid in sids:
        hang_up(sid)


def hang_up(sid: str) -> None:
    """Let a phone fall silent; what the carrier can't do now ends by its own time-out."""
    try:
        carrier.current().hang_up(sid)
    except GatewayError as error:
        log.warning("not_hung_up", error=error.code)


def agent_left(ring_id: int) -> None:
    """An agent has hung up: his caller goes on, to somebody else or to the end of the call."""
    with db.unit_of_work() as session:
        left = meeting.agent_left(session, ring_id)
    _lead(left)


def join_caller(call_id: int) -> None:
    """Move the waiting caller into the conference in which the agent already is."""
    with db.unit_of_work() as session:
        to_join = meeting.to_join(session, call_id)
    _lead(to_join)


def _lead(move: meeting.Move | None) -> None:
    """Let the caller's next step begin now, with what it is told; if it cannot be had, the duty phone is rung."""
    if move is None:
        return
    query = urlencode({"call": move.call_id, "n": move.n, **move.given})
    base = settings.current().public_base_url
    with suppress(CallOver):
        carrier.current().redirect_call(
            move.sid, f"{base}/carrier/voice/step?{query}{again.STEP}", f"{base}/carrier/voice/fallback"
        )


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
            url=f"{base}/carrier/voice?call={placing.call_id}{again.STEP}",
            status_url=f"{base}/carrier/call-status?call={placing.call_id}{again.STATUS}",
            timeout=CALL_TIMEOUT,
        )
    except GatewayError as error:
        if error.kind != "unclear":  # else perhaps it rings: its own webhook brings the sid, or find_call asks
            with db.unit_of_work() as session:
                outbound.not_placed(session, placing.call_id, error)
        return
    with db.unit_of_work() as session:
        outbound.placed(session, placing.call_id, sid)


def read_text(text_id: int) -> None:
    """Understand a text that came in and do what it says."""
    with db.unit_of_work() as session:
        inbound.read_text(session, text_id)


def find_call(call_id: int) -> None:
    """A call was to be placed and nobody knows whether it was: ask the carrier, and never ring twice on a guess."""
    with db.unit_of_work() as session:
        looked_for = outbound.unknown(session, call_id)
    if looked_for is None:
        return
    try:
        listing = carrier.current().find_calls(looked_for.number, looked_for.since)
    except GatewayError as error:
        log.warning("carrier_not_asked", call=call_id, error=error.code)
        listing = Listing((), complete=False)
    with db.unit_of_work() as session:
        status = outbound.found(session, call_id, listing.rows)
        if status is not None:
            endings.status(session, call_id, status)
        elif listing.complete:
            outbound.not_placed(session, call_id, Passing("not_placed"))
        else:
            outbound.given_up(session, call_id)


def call_over(call_id: int) -> None:
    """Settle what became of the voice message whose call has ended."""
    with db.unit_of_work() as session:
        outbound.over(session, call_id)


def ask_carrier(call_id: int) -> None:
    """Nothing was heard of a call for long: ask how it stands."""
    with db.unit_of_work() as session:
        sid = call_rows.sid_of(session, call_id)
    if sid is None:
        return
    try:
        status = carrier.current().call(sid).status
    except Permanent as error:
        log.warning("call_not_known_to_carrier", call=call_id, error=error.code)
        status = "failed"
    except GatewayError as error:
        log.warning("carrier_not_asked", call=call_id, error=error.code)
        return
    with db.unit_of_work() as session:
        endings.status(session, call_id, status)


def task(reason: str, order_id: int) -> None:
    """Put an order's resident on the worklist."""
    with db.unit_of_work() as session:
        tasks.open_task(session, reason, order_id)


def tell_person(message_id: int) -> None:
    """A message did not get through: a person takes over."""
    with db.unit_of_work() as session:
        tasks.tell_person(session, message_id)
