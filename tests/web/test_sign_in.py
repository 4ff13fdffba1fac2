"""Signing in and out: passwords, sessions that end with them, and the brake on guessing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core import db, settings
from app.people import staff
from app.web import auth
from app.web.factory import create_app
from tests.databases import Database
from tests.web import scenery
from tests.web.conftest import SignIn
from tests.web.scenery import PASSWORD

NEW = "orange-kettle-window-42"


def enter(client: FlaskClient, username: str = "agent", password: str = PASSWORD, back: str = "") -> int:
    path = f"/console/login?next={back}" if back else "/console/login"
    return client.post(path, data={"username": username, "password": password}).status_code


@pytest.mark.usefixtures("accounts")
class TestSignIn:
    def test_the_right_password_opens_the_console(self, app: Flask) -> None:
        client = app.test_client()
        assert enter(client) == 302
        assert client.get("/console/").status_code == 200

    @pytest.mark.parametrize("username, password", [("agent", "wrong"), ("eve", PASSWORD), ("", ""), ("agent", "")])
    def test_anything_else_is_refused_in_the_same_words(self, app: Flask, username: str, password: str) -> None:
        client = app.test_client()
        assert enter(client, username, password) == 422
        assert client.get("/console/").status_code == 302

    def test_a_closed_account_is_refused(self, app: Flask) -> None:
        with db.unit_of_work() as session:
            staff.deactivate(session, staff.by_username(session, "agent"), "staff:1")
        assert enter(app.test_client()) == 422

    def test_one_comes_back_to_the_page_one_wanted(self, app: Flask) -> None:
        answer = app.test_client().post(
            "/console/login?next=/console/orders", data={"username": "agent", "password": PASSWORD}
        )
        assert answer.headers["Location"] == "/console/orders"

    @pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/%5Cevil"])
    def test_nobody_is_sent_to_another_site(self, app: Flask, back: str) -> None:
        answer = app.test_client().post(f"/console/login?next={back}", data={"username": "agent", "password": PASSWORD})
        assert answer.headers["Location"] == "/console/"

    def test_signing_out_ends_the_session(self, sign_in: SignIn) -> None:
        client = sign_in("agent")
        client.post("/console/logout")
        assert client.get("/console/").status_code == 302

    def test_a_new_password_ends_all_other_sessions(self, sign_in: SignIn) -> None:
        here, elsewhere = sign_in("agent"), sign_in("agent")
        assert here.post("/console/password", data={"old": PASSWORD, "new": NEW}).status_code == 302
        assert here.get("/console/").status_code == 200
        assert elsewhere.get("/console/").status_code == 302

    def test_the_present_password_is_asked_for(self, sign_in: SignIn) -> None:
        client = sign_in("agent")
        answer = client.post("/console/password", data={"old": "wrong", "new": NEW})
        assert answer.status_code == 422
        assert "Your present password is wrong." in answer.text

    def test_a_common_password_is_refused_with_its_reason(self, sign_in: SignIn) -> None:
        answer = sign_in("agent").post("/console/password", data={"old": PASSWORD, "new": "password123"})
        assert answer.status_code == 422
        assert "among the first that anybody would try" in answer.text

    def test_closing_an_account_ends_its_sessions(self, sign_in: SignIn) -> None:
        client = sign_in("agent")
        with db.unit_of_work() as session:
            staff.deactivate(session, staff.by_username(session, "agent"), "staff:1")
        assert client.get("/console/").status_code == 302


@pytest.fixture
def braked(database: Database) -> Flask:
    with db.unit_of_work() as session:
        scenery.empty(session)
    app = create_app(WTF_CSRF_ENABLED=False)
    auth.limiter.reset()
    return app


def test_guessing_is_braked_by_account_from_wherever(braked: Flask) -> None:
    client = braked.test_client()
    answers = [
        client.post(
            "/console/login",
            data={"username": "agent", "password": f"guess {count}"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{count}"},
        ).status_code
        for count in range(12)
    ]
    assert answers == [422] * 10 + [429] * 2


def test_guessing_is_braked_by_address_whatever_the_account(braked: Flask) -> None:
    client = braked.test_client()
    assert [enter(client, f"nobody{count}", "guess") for count in range(12)] == [422] * 10 + [429] * 2


def test_signing_in_rightly_is_never_braked(braked: Flask) -> None:
    assert {enter(braked.test_client()) for _ in range(12)} == {302}


def test_the_cookie_is_out_of_reach_of_scripts_and_of_plain_http_in_production(
    monkeypatch: pytest.MonkeyPatch, accounts: None
) -> None:
    configured = settings.current().model_copy(update={"app_env": "production"})
    monkeypatch.setattr(settings, "current", lambda: configured)
    client = create_app(WTF_CSRF_ENABLED=False).test_client()
    answer = client.post(
        "/console/login", data={"username": "agent", "password": PASSWORD}, base_url="https://doorline.example"
    )
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("doorline="))
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
