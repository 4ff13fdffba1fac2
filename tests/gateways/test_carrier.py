"""Every request that leaves us, held against the carrier's own description; and what its answers become."""

import base64
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
from openapi_core.exceptions import OpenAPIError
from requests.adapters import BaseAdapter
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.core import clock, settings
from app.gateways import carrier
from app.gateways.carrier import TwilioCarrier
from app.gateways.errors import CallOver, GatewayError, Misconfigured, Passing, Permanent, Unclear
from tests.gateways.contract import Wire

ROSA = "+8613800138000"
SM, CA, CF, RE, PN = (kind + "0" * 31 + "1" for kind in ("SM", "CA", "CF", "RE", "PN"))
ACCOUNT = "AC" + "7e" * 16
STATUS = "https://doorline.example/carrier/sms-status?m=7&a=1#rc=5&rp=all"
CALLS = f"/2010-04-01/Accounts/{ACCOUNT}/Calls"


def rfc2822(moment: datetime) -> str:
    return format_datetime(moment)


def text(number: int, **changes: Any) -> dict[str, Any]:
    made = clock.now() - timedelta(minutes=number)
    return {
        "sid": f"SM{number:032x}",
        "to": ROSA,
        "body": "您好",
        "status": "queued",
        "error_code": None,
        "date_created": rfc2822(made),
    } | changes


def refusal(status: int, code: int) -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "message": "no", "status": status}


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def twilio(wire: Wire) -> Iterator[TwilioCarrier]:
    made = TwilioCarrier(settings.current())
    made._client.http_client.session.mount("http://carrier.example", wire)
    yield made


REQUESTS: list[tuple[str, Callable[[TwilioCarrier], object], tuple[int, Any], str, dict[str, list[str]]]] = [
    (
        "send_text",
        lambda c: c.send_text(ROSA, "您好", STATUS),
        (201, {"sid": SM}),
        f"POST /2010-04-01/Accounts/{ACCOUNT}/Messages.json",
        {"To": [ROSA], "From": ["+862155512349"], "Body": ["您好"], "StatusCallback": [STATUS]},
    ),
    (
        "place_call",
        lambda c: c.place_call("client:agent-7", "https://x.example/u", "https://x.example/s", 20),
        (201, {"sid": CA}),
        f"POST {CALLS}.json",
        {
            "To": ["client:agent-7"],
            "From": ["+862155512349"],
            "Url": ["https://x.example/u"],
            "Method": ["POST"],
            "Timeout": ["20"],
            "StatusCallback": ["https://x.example/s"],
            "StatusCallbackMethod": ["POST"],
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        },
    ),
    (
        "redirect_call",
        lambda c: c.redirect_call(CA, "https://x.example/u", "https://x.example/f"),
        (200, {"sid": CA}),
        f"POST {CALLS}/{CA}.json",
        {
            "Url": ["https://x.example/u"],
            "Method": ["POST"],
            "FallbackUrl": ["https://x.example/f"],
            "FallbackMethod": ["POST"],
        },
    ),
    (
        "say_to_call",
        lambda c: c.say_to_call(CA, "<Response/>"),
        (200, {"sid": CA}),
        f"POST {CALLS}/{CA}.json",
        {"Twiml": ["<Response/>"]},
    ),
    ("hang_up", lambda c: c.hang_up(CA), (200, {"sid": CA}), f"POST {CALLS}/{CA}.json", {"Status": ["completed"]}),
    (
        "invite",
        lambda c: c.invite(CF, "+862155512345", "https://x.example/s"),
        (201, {"call_sid": CA}),
        f"POST /2010-04-01/Accounts/{ACCOUNT}/Conferences/{CF}/Participants.json",
        {
            "From": ["+862155512349"],
            "To": ["+862155512345"],
            "StatusCallback": ["https://x.example/s"],
            "EndConferenceOnExit": ["false"],
        },
    ),
    (
        "hold",
        lambda c: c.hold(CF, CA, True),
        (200, {"call_sid": CA}),
        f"POST /2010-04-01/Accounts/{ACCOUNT}/Conferences/{CF}/Participants/{CA}.json",
        {"Hold": ["true"]},
    ),
    (
        "connect_number",
        lambda c: c.connect_number(
            PN, "https://x.example/v", "https://x.example/f", "https://x.example/s", "https://x.example/t"
        ),
        (200, {"sid": PN}),
        f"POST /2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers/{PN}.json",
        {
            "VoiceUrl": ["https://x.example/v"],
            "VoiceMethod": ["POST"],
            "VoiceFallbackUrl": ["https://x.example/f"],
            "VoiceFallbackMethod": ["POST"],
            "StatusCallback": ["https://x.example/s"],
            "StatusCallbackMethod": ["POST"],
            "SmsUrl": ["https://x.example/t"],
            "SmsMethod": ["POST"],
        },
    ),
]


@pytest.mark.parametrize(
    ("act", "reply", "line", "form"), [row[1:] for row in REQUESTS], ids=[row[0] for row in REQUESTS]
)
def test_a_request_is_as_the_description_has_it(
    twilio: TwilioCarrier,
    wire: Wire,
    act: Callable[[TwilioCarrier], object],
    reply: tuple[int, Any],
    line: str,
    form: dict[str, list[str]],
) -> None:
    wire.replies = [reply]
    act(twilio)
    [asked] = wire.asked
    assert (f"{asked.method} {asked.path}", asked.form) == (line, form)


def test_every_request_goes_to_the_configured_carrier_signed_in_and_with_a_time_out(
    twilio: TwilioCarrier, wire: Wire
) -> None:
    wire.replies = [(201, {"sid": SM})]
    assert twilio.send_text(ROSA, "您好", STATUS) == SM
    [asked] = wire.asked
    token = base64.b64encode(f"{ACCOUNT}:doorline-demo-token".encode()).decode()
    assert (asked.server, asked.authorization, asked.timeout) == ("http://carrier.example", f"Basic {token}", 3.0)


def test_a_key_is_used_where_one_is_given(wire: Wire) -> None:
    configured = settings.current().model_copy(update={"twilio_api_key": "SK1", "twilio_api_secret": "s"})
    made = TwilioCarrier(configured)
    made._client.http_client.session.mount("http://carrier.example", wire)
    wire.replies = [(201, {"sid": SM})]
    made.send_text(ROSA, "x", STATUS)
    [asked] = wire.asked
    assert asked.authorization == f"Basic {base64.b64encode(b'SK1:s').decode()}"
    assert ACCOUNT in asked.path


def page(key: str, rows: list[dict[str, Any]], following: str | None = None) -> tuple[int, dict[str, Any]]:
    return 200, {key: rows, "page_size": 50, "next_page_uri": following}


def test_texts_are_read_back_until_they_are_too_old(twilio: TwilioCarrier, wire: Wire) -> None:
    wire.replies = [page("messages", [text(1), text(2), text(9)])]
    found = twilio.find_texts(ROSA, clock.now() - timedelta(minutes=5))
    assert [row.sid for row in found.rows] == [text(1)["sid"], text(2)["sid"]]
    assert found.complete
    assert found.rows[0].at == clock.now() - timedelta(minutes=1)
    assert wire.asked[0].query == {"To": [ROSA], "PageSize": ["50"]}


def test_all_pages_are_read(twilio: TwilioCarrier, wire: Wire) -> None:
    following = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json?PageSize=50&Page=1&PageToken=PT1"
    wire.replies = [page("messages", [text(1)], following), page("messages", [text(2)])]
    found = twilio.find_texts(ROSA, clock.now() - timedelta(hours=1))
    assert (len(found.rows), found.complete, wire.asked[1].server) == (2, True, "http://carrier.example")


def test_a_listing_without_end_is_not_complete(
    twilio: TwilioCarrier, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "MOST_LISTED", 2)
    wire.replies = [page("messages", [text(1), text(2), text(3)])]
    assert not twilio.find_texts(ROSA, clock.now() - timedelta(hours=1)).complete


def test_calls_are_read_back(twilio: TwilioCarrier, wire: Wire) -> None:
    row = {"sid": CA, "to": ROSA, "status": "ringing", "date_created": rfc2822(clock.now())}
    wire.replies = [page("calls", [row]), (200, row)]
    [found] = twilio.find_calls(ROSA, clock.now() - timedelta(minutes=5)).rows
    assert found == twilio.call(CA) == carrier.CarrierCall(CA, ROSA, "ringing", datetime(2026, 11, 24, 1, tzinfo=UTC))


def test_participants(twilio: TwilioCarrier, wire: Wire) -> None:
    wire.replies = [page("participants", [{"call_sid": CA, "hold": True, "muted": False}])]
    assert twilio.participants(CF) == [carrier.Participant(CA, True, False)]


def test_a_recording_is_asked_about(twilio: TwilioCarrier, wire: Wire) -> None:
    wire.replies = [(200, {"sid": RE, "status": "completed"})]
    assert twilio.recording_status(RE) == "completed"


def test_the_accounts_number(twilio: TwilioCarrier, wire: Wire) -> None:
    row = {"sid": PN, "phone_number": "+862155512349", "voice_url": "https://x.example/v", "sms_url": None}
    wire.replies = [page("incoming_phone_numbers", [row]), page("incoming_phone_numbers", [])]
    assert twilio.find_number("+862155512349") == carrier.Number(PN, "+862155512349", "https://x.example/v", "")
    assert twilio.find_number("+862155512340") is None


# -- what goes wrong ------------------------------------------------------------------------------------------------


def refused_connection() -> requests.ConnectionError:
    return requests.ConnectionError(MaxRetryError(None, "/", NewConnectionError(None, "refused")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refusal(400, 21614), Permanent),
        (refusal(401, 20003), Misconfigured),
        (refusal(429, 20429), Passing),
        (refusal(503, 0), Unclear),
        (requests.ConnectTimeout(), Passing),
        (refused_connection(), Passing),
        (requests.ReadTimeout(), Unclear),
        (requests.ConnectionError("connection reset"), Unclear),
    ],
)
def test_errors_are_told_apart(twilio: TwilioCarrier, wire: Wire, reply: Any, kind: type[GatewayError]) -> None:
    wire.replies = [reply]
    with pytest.raises(GatewayError) as raised:
        twilio.send_text(ROSA, "您好", STATUS)
    assert type(raised.value) is kind


@pytest.mark.parametrize("code", [21220, 20404])
def test_ending_what_has_ended_is_no_error(twilio: TwilioCarrier, wire: Wire, code: int) -> None:
    wire.replies = [refusal(400, code), refusal(404, code)]
    twilio.hang_up(CA)
    twilio.remove(CF, CA)
    assert [asked.method for asked in wire.asked] == ["POST", "DELETE"]


def test_redirecting_what_has_ended_says_so(twilio: TwilioCarrier, wire: Wire) -> None:
    wire.replies = [refusal(400, 21220)]
    with pytest.raises(CallOver):
        twilio.redirect_call(CA, "https://x.example/u", "https://x.example/f")


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"To": ROSA, "Body": "x", "Colour": "red"}, "Colour"),
        ({"Body": "x"}, "'To' is a required property"),
        ({"To": ROSA, "Body": "x", "StatusCallback": "x", "ScheduleType": "someday"}, "not one of"),
    ],
)
def test_the_check_itself_can_fail(twilio: TwilioCarrier, wire: Wire, form: dict[str, object], complaint: str) -> None:
    wire.replies = [(201, {"sid": SM})]
    url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    with pytest.raises((AssertionError, OpenAPIError)) as raised:
        twilio._client.request("POST", url, data=form)
    assert complaint in str(raised.value)
    assert wire.asked == []


class Sound(BaseAdapter):
    """Serves sound at any address and remembers what was asked for."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status, self.urls = status, [""]

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        self.urls.append(request.url or "")
        response = requests.Response()
        response.status_code, response._content = self.status, b"RIFF"
        return response


@pytest.mark.parametrize(("status", "error"), [(200, None), (404, Permanent), (500, Unclear)])
def test_the_sound_of_a_recording(twilio: TwilioCarrier, status: int, error: type[GatewayError] | None) -> None:
    """Media lie beside the described API: https://www.twilio.com/docs/voice/api/recording#fetch-recording-media."""
    sound = Sound(status)
    twilio._client.http_client.session.mount("http://carrier.example", sound)
    with pytest.raises(error) if error else nullcontext():
        assert twilio.recording_sound(RE) == b"RIFF"
    assert sound.urls[-1] == f"http://carrier.example/2010-04-01/Accounts/{ACCOUNT}/Recordings/{RE}.wav"
