"""Delivery receipts of texts: late, twice and out of order they change nothing that is final."""

from flask import Response, request

from app.core import db
from app.gateways import errors
from app.messages import receipts
from app.messages.rules import MISSED
from app.web.carrier.blueprint import blueprint
from app.web.carrier.patience import outlasting_restarts

UNEXPLAINED = "30008"
"""The carrier's own code for a failure that it can't explain."""


@blueprint.post("/sms-status")
@outlasting_restarts
def sms_status() -> Response:
    """Take one receipt; our message and attempt ride in the query. An unknown sid is no error."""
    status = request.form.get("MessageStatus", "")
    refusal = errors.from_code(request.form.get("ErrorCode") or UNEXPLAINED) if status in MISSED else None
    with db.unit_of_work() as session:
        receipts.receipt(
            session,
            request.form["MessageSid"],
            status,
            refusal,
            message_id=request.args.get("m", type=int),
            attempt=request.args.get("a", type=int),
        )
    return Response(status=204)
