"""The carrier's side of the wire for tests: every request is held against the official OpenAPI description.

openapi-core checks what is there; fields that the description does not know pass it, so those are compared by hand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from requests.adapters import BaseAdapter

DESCRIPTION = Path(__file__).parents[1] / "contracts" / "twilio_api_v2010.json"
OFFICIAL = "https://api.twilio.com"


@cache
def official() -> OpenAPI:
    """The description, read once."""
    return OpenAPI.from_file_path(str(DESCRIPTION))


@cache
def document() -> dict[str, Any]:
    """The same as plain data."""
    read: dict[str, Any] = json.loads(DESCRIPTION.read_text("utf-8"))
    return read


@dataclass
class Asked:
    """One request as it left us."""

    method: str
    path: str
    query: dict[str, list[str]]
    form: dict[str, list[str]]
    authorization: str
    timeout: Any
    server: str


@dataclass
class Wire(BaseAdapter):
    """Answers in place of the network: replies in turn, (status, JSON) or an error to raise."""

    replies: list[tuple[int, Any] | Exception] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    check_replies: bool = True

    def __post_init__(self) -> None:
        super().__init__()

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        assert request.url and request.method
        parts = urlsplit(request.url)
        as_official = requests.Request(
            request.method,
            OFFICIAL + parts.path,
            params=parse_qsl(parts.query),
            data=request.body,
            headers=request.headers,
        )
        checked = RequestsOpenAPIRequest(as_official)
        official().validate_request(checked)
        asked = Asked(
            request.method,
            parts.path,
            parse_qs(parts.query, keep_blank_values=True),
            parse_qs(_text(request.body), keep_blank_values=True),
            request.headers.get("Authorization", ""),
            timeout,
            f"{parts.scheme}://{parts.netloc}",
        )
        assert not (unknown := unknown_fields(asked)), unknown
        self.asked.append(asked)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        response = _response(request, *reply)
        if self.check_replies and reply[0] < 400:
            official().validate_response(checked, RequestsOpenAPIResponse(response))
        return response

    def close(self) -> None:
        pass


def _text(body: Any) -> str:
    return body.decode() if isinstance(body, bytes) else body or ""


def _response(request: requests.PreparedRequest, status: int, content: Any) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response._content = b"" if content is None else json.dumps(content).encode()
    response.headers["Content-Type"] = "application/json"
    response.request = request
    response.url = request.url or ""
    return response


def operation(asked: Asked) -> dict[str, Any]:
    """The description of what was asked for."""
    sent = asked.path.split("/")
    for path, methods in document()["paths"].items():
        parts = path.split("/")
        if len(parts) == len(sent) and all(_same(a, b) for a, b in zip(parts, sent, strict=True)):
            found: dict[str, Any] = methods[asked.method.lower()]
            return found
    raise AssertionError(f"no such path: {asked.path}")


def _same(described: str, sent: str) -> bool:
    if not described.startswith("{"):
        return described == sent
    return described.endswith(".json") == sent.endswith(".json")


def unknown_fields(asked: Asked) -> set[str]:
    """Fields that we sent and the description does not know."""
    described = operation(asked)
    in_query = {parameter["name"] for parameter in described.get("parameters", []) if parameter["in"] == "query"}
    forms = described.get("requestBody", {}).get("content", {})
    in_form = set(forms.get("application/x-www-form-urlencoded", {}).get("schema", {}).get("properties", {}))
    return (set(asked.query) - in_query) | (set(asked.form) - in_form)
