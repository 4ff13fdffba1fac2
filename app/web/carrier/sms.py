"""A text comes in: it is kept before it is understood, and answered through the outbox.

https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from flask import Response, request

from app.core import db
from app.hotline import inbound
from app.web.carrier.blueprint import blueprint
from app.web.carrier.patience import outlasting_restarts

NOTHING = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@blueprint.post("/sms")
@outlasting_restarts
def sms() -> Response:
    """Keep the text, once by its sid; the answer is always empty."""
    form = request.form
    with db.unit_of_work() as session:
        inbound.receive(session, form["MessageSid"], form["From"], form.get("Body", ""))
    return Response(NOTHING, mimetype="text/xml")
