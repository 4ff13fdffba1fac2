"""The carrier's own error log, as Twilio's debugger keeps it (https://www.twilio.com/docs/usage/troubleshooting/debugging)."""

from collections import deque
from dataclasses import dataclass
from typing import Any

from app.core import clock
from app.switch.events import next_id

KEPT = 500

MESSAGES = {
    11100: "Invalid URL format",
    11200: "HTTP retrieval failure",
    11205: "HTTP connection failure",
    11750: "TwiML response body too large",
    12100: "Document parse failure",
    12200: "Schema validation warning",
    12300: "Invalid Content-Type",
    13223: "Dial: Invalid phone number format",
    13238: "Dial->Conference: Invalid Verb used in waitUrl, holdUrl, or announceUrl TwiML",
    15003: "Call Progress: Warning Response to Callback URL",
    30003: "Unreachable destination handset",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
}
"""Texts of https://www.twilio.com/docs/api/errors for what this switch finds."""


@dataclass
class TwimlError(Exception):
    """A document could not be had or not be followed; ``code`` is Twilio's, ``url`` the document's."""

    code: int
    url: str
    detail: str = ""


class Debugger:
    """The youngest ``KEPT`` errors and warnings."""

    def __init__(self) -> None:
        self.errors: deque[dict[str, Any]] = deque(maxlen=KEPT)

    def write(self, code: int, sid: str, url: str = "", detail: str = "") -> None:
        """Note an error of a call or text."""
        message = MESSAGES.get(code, "Unknown error")
        self.errors.append(
            {
                "id": next_id(),
                "at": clock.now().isoformat(),
                "code": code,
                "message": f"{message}: {detail}" if detail else message,
                "sid": sid,
                "url": url,
            }
        )
