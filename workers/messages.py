"""Jobs of messages: hand texts to the carrier, and ask it about those nobody knows the end of."""

import time

from app.core import clock, db, settings
from app.gateways import carrier, wire
from app.gateways.errors import GatewayError
from app.messages import outbox, sweep


def send(message_id: int) -> None:
    """Hand a text to the carrier: claim, send, record; a voice message goes to the hotline."""
    with db.unit_of_work() as session:
        outgoing = outbox.claim_text(session, message_id)
    if outgoing is None:
        return
    try:
        sid = carrier.current().send_text(outgoing.number, outgoing.body, status_url(outgoing))
    except GatewayError as error:
        with db.unit_of_work() as session:
            outbox.failed(session, message_id, error)
        return
    with db.unit_of_work() as session:
        outbox.sent(session, message_id, sid)


def status_url(outgoing: outbox.Outgoing) -> str:
    """Where receipts go; our id and attempt ride along, so that a receipt may come before our own record."""
    # The fragment has the carrier repeat a receipt that we could not take (docs: connection overrides).
    base = settings.current().public_base_url
    return f"{base}/carrier/sms-status?m={outgoing.id}&a={outgoing.attempt}#rc=5&rp=all"


def reconcile(message_id: int) -> None:
    """Ask the carrier whether a text that was claimed long ago went out; it is never sent again on a guess."""
    with db.unit_of_work() as session:
        looked_for = sweep.stuck(session, message_id)
    if looked_for is None:
        return
    if clock.is_adjustable():
        # Wound time says nothing about a request that is still under way: outwait it.
        time.sleep(wire.time_out())
    try:
        listing = carrier.current().find_texts(looked_for.number, looked_for.since)
    except GatewayError:
        with db.unit_of_work() as session:
            sweep.no_answer(session, message_id)
        return
    with db.unit_of_work() as session:
        sweep.settle(session, message_id, listing.rows, listing.complete)
