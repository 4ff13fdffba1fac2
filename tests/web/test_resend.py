"""A session that ends while somebody types: nothing typed is lost, and no other site gains anything by it."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core import db
from app.orders.models import ServiceOrder
from app.web import resend
from app.web.factory import create_app
from tests.web.scenery import PASSWORD, Scene

NEW = "/console/orders/new"
OURS = {"Origin": "http://localhost"}


def hidden(page: str) -> dict[str, str]:
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    found = [(re.search(r'name="([^"]*)"', one), re.search(r'value="([^"]*)"', one)) for one in fields]
    return {name[1]: unescape(value[1]) for name, value in found if name and value}


def typed(scene: Scene) -> dict[str, object]:
    return {"action": "save", "caller": "subject", "subject_id": scene.shan, "item_id": scene.item, "text": "灯坏了"}


@pytest.fixture
def stranger(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("language", "en")
    return client


def test_what_was_typed_is_sent_after_signing_in_again(stranger: FlaskClient, scene: Scene) -> None:
    ended = stranger.post(f"{NEW}?call={scene.call}", data=typed(scene), headers=OURS)
    assert ended.status_code == 401 and "What you typed is not lost" in ended.text
    again = hidden(ended.text)["again"]
    wrong = stranger.post("/console/login", data={"username": "agent", "password": "wrong", "again": again})
    assert hidden(wrong.text)["again"] == again
    page = stranger.post("/console/login", data={"username": "agent", "password": PASSWORD, "again": again}).text
    assert f'action="{NEW}?call={scene.call}"' in page
    answer = stranger.post(f"{NEW}?call={scene.call}", data=hidden(page), headers=OURS)
    with db.unit_of_work() as session:
        order = session.scalars(select(ServiceOrder).order_by(ServiceOrder.id.desc())).first()
    assert order is not None and (order.text, order.call_id) == ("灯坏了", scene.call)
    assert answer.headers["Location"] == f"/console/orders/{order.number}/taken"


def test_a_form_of_an_earlier_session_can_be_sent_again(scene: Scene) -> None:
    client = create_app(RATELIMIT_ENABLED=False).test_client()
    token = hidden(client.get("/console/login").text)["csrf_token"]
    client.post("/console/login", data={"username": "agent", "password": PASSWORD, "csrf_token": token})
    old = client.post(NEW, data={**typed(scene), "csrf_token": "of yesterday"}, headers=OURS)
    assert old.status_code == 400 and hidden(old.text)["text"] == "灯坏了"
    assert client.post(NEW, data=hidden(old.text), headers=OURS).status_code == 302


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_what_another_site_sends_is_not_handed_back(
    stranger: FlaskClient, scene: Scene, headers: dict[str, str]
) -> None:
    answer = stranger.post(NEW, data=typed(scene), headers=headers)
    assert answer.status_code == 401 and 'name="again"' not in answer.text


def test_a_password_is_never_handed_back(stranger: FlaskClient, scene: Scene) -> None:
    data = {"username": "eve", "name": "Eve", "password": "orange-kettle"}
    answer = stranger.post("/console/accounts", data=data, headers=OURS)
    assert answer.status_code == 401 and "orange-kettle" not in answer.text and 'name="again"' not in answer.text


def test_only_what_we_signed_is_sent(app: Flask, scene: Scene) -> None:
    with app.test_request_context():
        assert resend.held("made up") is None
        assert resend.held(resend._signer().dumps(["https://evil.example", []])) is None
