"""The guard of all carrier webhooks: only what the carrier signed comes in.

https://www.twilio.com/docs/usage/webhooks/webhooks-security. The address is built from PUBLIC_BASE_URL, never from the
request's own host: behind a proxy that is the field's commonest fault. The SDK checks, not we.
"""

import structlog
from flask import Request, Response, request
from twilio.request_validator import RequestValidator

from app.core import settings

log = structlog.get_logger(__name__)

HEADER = "X-Twilio-Signature"


def check() -> Response | None:
    """Before each request of the blueprint: 403 unless one of the account's tokens has signed it."""
    if is_signed(request):
        return None
    log.warning("webhook_refused", path=request.path)
    return Response(status=403)


def is_signed(given: Request) -> bool:
    """Whether ``given`` carries a signature by the present token, or by the second one while rotating."""
    configured = settings.current()
    signature = given.headers.get(HEADER, "")
    tokens = [token for token in (configured.twilio_auth_token, configured.twilio_auth_token_secondary) if token]
    if not signature or not configured.public_base_url or (given.is_json and "bodySHA256" not in given.args):
        return False
    params = given.get_data(as_text=True) if given.is_json else given.form
    return any(RequestValidator(token).validate(signed_url(given), params, signature) for token in tokens)


def signed_url(given: Request) -> str:
    """The address as the carrier asked for it; Flask's full_path would add a ? to an empty query."""
    query = given.query_string.decode("ascii", "replace")
    return settings.current().public_base_url + given.path + (f"?{query}" if query else "")
