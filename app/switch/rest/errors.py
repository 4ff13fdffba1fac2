"""REST errors as Twilio writes them (https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions)."""

import json

from aiohttp import web

CODES: dict[int, tuple[int, str]] = {
    20001: (400, "Invalid parameter"),
    20003: (401, "Authentication Error - invalid username"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    21201: (400, "No 'To' number specified"),
    21205: (400, "Url parameter is required"),
    21210: (400, "'From' phone number not verified"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "Invalid 'From' Number"),
    21213: (400, "'From' phone number is required"),
    21214: (400, "'To' phone number cannot be reached"),
    21217: (400, "Phone number does not appear to be valid"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21408: (403, "Permission to send an SMS has not been enabled for the region"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number provided is not a valid message-capable phone number for this destination."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number is not currently reachable using the 'From' phone number via SMS"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
}
"""HTTP status and message by code, of https://www.twilio.com/docs/api/errors; unlisted codes are 400."""


class RestError(web.HTTPException):
    """An answer with Twilio's error JSON. ``code`` below 1000 is a bare HTTP status."""

    def __init__(self, code: int, detail: str = "") -> None:
        known = (code, "Internal Server Error") if code < 1000 else (400, "Bad Request")
        self.status_code, message = CODES.get(code, known)
        shown = 20500 if code < 1000 else code
        body = {
            "code": shown,
            "message": f"{message}: {detail}" if detail else message,
            "more_info": f"https://www.twilio.com/docs/errors/{shown}",
            "status": self.status_code,
        }
        super().__init__(text=json.dumps(body), content_type="application/json")
        self.set_status(self.status_code)
