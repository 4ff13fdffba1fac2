"""Twilio's SDK led to the switch, every request and answer on the way held against Twilio's OpenAPI description."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from requests.adapters import HTTPAdapter
from twilio.http.http_client import TwilioHttpClient

DESCRIPTION = Path(__file__).parents[1] / "contracts" / "twilio_api_v2010.json"
OFFICIAL = "https://api.twilio.com"
PATIENCE = 30.0


@cache
def official() -> OpenAPI:
    described = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    # The description's own examples say null here while a conference lives; its schema forgot to.
    reason = described["components"]["schemas"]["conference_enum_reason_conference_ended"]
    reason |= {"nullable": True, "enum": [*reason["enum"], None]}
    return OpenAPI.from_dict(described)


@cache
def schemas() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))["components"]["schemas"]
    return found


class Checked(HTTPAdapter):
    """Sends, then checks both directions; errors are Twilio's error JSON."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        answer = super().send(request, *args, **kwargs)
        parts = urlsplit(request.url or "")
        if not parts.path.endswith(".json"):
            return answer
        if answer.status_code >= 400:
            assert set(answer.json()) == {"code", "message", "more_info", "status"}
            return answer
        as_official = requests.Request(
            request.method,
            OFFICIAL + parts.path,
            params=parse_qsl(parts.query),
            data=request.body,
            headers=dict(request.headers),
        )
        asked = RequestsOpenAPIRequest(as_official)
        official().validate_request(asked)
        official().validate_response(asked, RequestsOpenAPIResponse(answer))
        if answer.content:
            same_fields(parts.path, answer.json())
        return answer


_SCHEMAS = {
    "Messages": ("messages", "message"),
    "Calls": ("calls", "call"),
    "Conferences": ("conferences", "conference"),
    "Participants": ("participants", "conference.participant"),
    "Recordings": ("recordings", "recording"),
    "IncomingPhoneNumbers": ("incoming_phone_numbers", "incoming_phone_number"),
}


def same_fields(path: str, answer: dict[str, Any]) -> None:
    """The description lets unknown and missing fields pass; a resource has exactly those that Twilio's has."""
    resource = [part.removesuffix(".json") for part in path.split("/") if part.removesuffix(".json") in _SCHEMAS][-1]
    several, one = _SCHEMAS[resource]
    wanted = set(schemas()[f"api.v2010.account.{one}"]["properties"])
    for found in answer.get(several, [answer]):
        assert set(found) == wanted, set(found) ^ wanted


class Rewriting(TwilioHttpClient):
    """Sends what is meant for Twilio to the switch instead, as Twilio's SDK lets one do."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=PATIENCE)
        self._base = base
        assert self.session is not None
        self.session.mount("http://", Checked())

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, url.replace(OFFICIAL, self._base), *args, **kwargs)
