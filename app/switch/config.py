"""What a switch is told at its start: the account it plays, the number it owns, the app it serves."""

from dataclasses import dataclass
from typing import Literal

WEBHOOK_SECONDS = 15.0
"""Longest wait for an answer, in real seconds (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides)."""

DOCUMENT_BYTES = 64 * 1024
"""Largest TwiML document (https://www.twilio.com/docs/api/errors/11750)."""


@dataclass(frozen=True)
class Config:
    """account, token and key, secret: the REST credentials. number: E.164. app: base URL of the customer's webhooks.

    address: base URL of the switch itself, for RecordingUrl. timezone: of the hours on its pages. state: path of the
    file that keeps texts and calls, "" for none. speech: "spoken" lets a Say last, "instant" does not. open_lines:
    answer the lines to peers beyond loopback. opt_out: STOP and START are the carrier's own words.
    """

    account: str
    token: str
    number: str
    app: str
    key: str = ""
    secret: str = ""
    address: str = "http://127.0.0.1:8090"
    timezone: str = "Asia/Shanghai"
    state: str = ""
    speech: Literal["spoken", "instant"] = "spoken"
    open_lines: bool = False
    opt_out: bool = False

    @property
    def credentials(self) -> set[tuple[str, str]]:
        """User and password pairs that REST accepts (https://www.twilio.com/docs/usage/requests-to-twilio)."""
        pairs = {(self.account, self.token)}
        return pairs | {(self.key, self.secret)} if self.key and self.secret else pairs
