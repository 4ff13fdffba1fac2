"""News from the carrier outlast a restart of the database: texts and call states are told once, and nobody waits.

Steps of a call do not wait so: the caller would hear silence, and the fallback has a person for him.
"""

from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

PATIENCE = 8
"""Real seconds; the carrier gives an answer 15
(https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""

outlasting_restarts = retry(
    retry=retry_if_exception_type(OperationalError), stop=stop_after_delay(PATIENCE), wait=wait_fixed(0.3), reraise=True
)
"""For a view whose transaction is harmless to begin anew."""
