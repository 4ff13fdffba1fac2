"""Jobs of the hotline: ring agents, bring caller and agent together, place voice messages, read texts."""

from contextlib import suppress

from app.core import db, settings
from app.gateways import carrier
from app.gateways.errors import CallOver, GatewayError, Passing
from app.hotline import call_rows, calls, inbound, outbound, rings, tasks

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
        to_join = calls.to_join(session, call_id)
    if to_join:
        sid, n = to_join
        url = f"{settings.current().public_base_url}/carrier/voice/step?call={call_id}&n={n}&join=1"
        with suppress(CallOver):
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
    listing = carrier.current().find_calls(looked_for.number, looked_for.since)
    with db.unit_of_work() as session:
        if not outbound.found(session, call_id, [row.sid for row in listing.rows]) and listing.complete:
            outbound.not_placed(session, call_id, Passing("not_placed"))


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
    status = carrier.current().call(sid).status
    with db.unit_of_work() as session:
        calls.status(session, call_id, status)


def task(reason: str, order_id: int) -> None:
    """Put an order's resident on the worklist."""
    with db.unit_of_work() as session:
        tasks.open_task(session, reason, order_id)


def tell_person(message_id: int) -> None:
    """A message did not get through: a person takes over."""
    with db.unit_of_work() as session:
        tasks.tell_person(session, message_id)
