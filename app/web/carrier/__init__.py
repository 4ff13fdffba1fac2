"""The carrier's webhooks: calls and texts come in here, each signed, each answered the same whenever it is asked."""

from app.web.carrier import sms, sms_status, voice
from app.web.carrier.blueprint import blueprint

__all__ = ["blueprint", "sms", "sms_status", "voice"]
