"""Only what the carrier signed comes in: the published vectors, and what proxies and rotation do to them."""

import hashlib
import json

import pytest
from flask import Flask, Request
from twilio.request_validator import RequestValidator
from werkzeug.test import EnvironBuilder

from app.core import settings
from app.web.carrier import signature

BASE = "https://doorline.example"
PATH = "/carrier/sms-status"
FORM = {"MessageSid": "SM1", "MessageStatus": "sent"}
TOKEN = "doorline-demo-token"


def given(path: str, form: object, signed: str, base: str = BASE, **more: object) -> Request:
    """A request as it arrives behind a proxy."""
    builder = EnvironBuilder(path, base_url=base, method="POST", headers={"X-Twilio-Signature": signed}, **more)  # type: ignore[arg-type]
    for key, values in dict(form or {}).items():  # type: ignore[call-overload]
        builder.form.setlist(key, values if isinstance(values, list) else [values])
    return Request(builder.get_environ())


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Set settings for one test."""

    def configure(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()

    yield configure
    monkeypatch.undo()
    settings.current.cache_clear()


def signed(url: str, form: dict[str, str], token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, form))


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (
            {
                "CallSid": "CA1234567890ABCDE",
                "Digits": "1234",
                "From": "+14158675309",
                "To": "+18005551212",
                "Caller": "+14158675309",
            },
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        (
            {"Digits": ["5678", "1234", "1234"], "Sid": "CA123", "SidAccount": "AC123"},
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
    ],
)
def test_the_published_vectors(configured, form: dict[str, object], expected: str) -> None:  # type: ignore[no-untyped-def]
    """From https://www.twilio.com/docs/usage/webhooks/webhooks-security and the SDK's own tests."""
    configured(PUBLIC_BASE_URL="https://mycompany.com", TWILIO_AUTH_TOKEN="12345")
    path = "/myapp.php?foo=1&bar=2"
    assert signature.is_signed(given(path, form, expected, "http://10.0.0.7:8000"))
    assert not signature.is_signed(given(path, form | {"Digits": "9"}, expected))
    assert not signature.is_signed(given("/myapp.php?foo=1&bar=3", form, expected))


def test_the_public_address_counts_and_not_the_one_that_the_proxy_used() -> None:
    right, wrong = signed(BASE + PATH, FORM), signed("http://10.0.0.7:8000" + PATH, FORM)
    assert signature.is_signed(given(PATH, FORM, right, "http://10.0.0.7:8000"))
    assert not signature.is_signed(given(PATH, FORM, wrong, "http://10.0.0.7:8000"))


def test_no_question_mark_is_added_to_an_empty_query() -> None:
    assert signature.signed_url(given(PATH, FORM, "")) == BASE + PATH
    assert signature.signed_url(given(PATH + "?m=7&a=1", FORM, "")) == BASE + PATH + "?m=7&a=1"


def test_escaped_signs_in_the_query_stay_as_they_were_sent() -> None:
    path = PATH + "?m=7&x=%E5%A5%BD+a%20b"
    assert signature.is_signed(given(path, FORM, signed(BASE + path, FORM)))


def test_either_of_two_tokens_is_good_while_rotating(configured) -> None:  # type: ignore[no-untyped-def]
    new = signed(BASE + PATH, FORM, "the-new-token")
    assert not signature.is_signed(given(PATH, FORM, new))
    configured(TWILIO_AUTH_TOKEN_SECONDARY="the-new-token")
    assert signature.is_signed(given(PATH, FORM, new))
    assert signature.is_signed(given(PATH, FORM, signed(BASE + PATH, FORM)))


@pytest.mark.parametrize("name", ["TWILIO_AUTH_TOKEN", "PUBLIC_BASE_URL"])
def test_without_its_settings_nothing_comes_in(configured, name: str) -> None:  # type: ignore[no-untyped-def]
    configured(**{name: ""})
    for url, token in ((BASE + PATH, TOKEN), (PATH, TOKEN), (BASE + PATH, "")):
        assert not signature.is_signed(given(PATH, FORM, signed(url, FORM, token)))


def test_a_json_body_is_signed_by_its_hash() -> None:
    body = json.dumps({"a": "好"})
    path = f"{PATH}?bodySHA256={hashlib.sha256(body.encode()).hexdigest()}"
    good = signed(BASE + path, {})
    assert signature.is_signed(given(path, None, good, data=body, content_type="application/json"))
    assert not signature.is_signed(given(path, None, good, data=body + " ", content_type="application/json"))
    assert not signature.is_signed(
        given(PATH, None, signed(BASE + PATH, {}), data=body, content_type="application/json")
    )


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "bm90IHNpZ25lZA=="}])
def test_every_webhook_refuses_what_is_not_signed(app: Flask, headers: dict[str, str]) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("carrier.")]
    assert {"/carrier/voice", "/carrier/sms", "/carrier/sms-status"} <= {rule.rule for rule in rules}
    for rule in rules:
        for method in rule.methods & {"GET", "POST"}:
            answer = app.test_client().open(rule.rule, method=method, headers=headers, data={"CallSid": "CA1"})
            assert (answer.status_code, answer.data) == (403, b""), rule.rule


def test_the_fallback_answers_without_a_database(app: Flask) -> None:
    path = "/carrier/voice/fallback"
    headers = {"X-Twilio-Signature": signed(BASE + path, {})}
    answer = app.test_client().post(path, headers=headers)
    assert answer.status_code == 200 and b"<Response>" in answer.data
