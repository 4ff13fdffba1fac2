"""What every page has in common: headers, tokens, health, error pages, the request log."""

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from markupsafe import escape

from app.core import db, queue
from app.core.errors import Refused
from app.web import errors, guards, links
from app.web.factory import create_app
from tests.web import scenery
from tests.web.conftest import SignIn
from tests.web.scenery import PASSWORD


def test_pages_say_what_may_be_loaded_and_are_kept_by_nobody(app: Flask) -> None:
    headers = app.test_client().get("/console/login").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' http://switch.example ws://switch.example" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Strict-Transport-Security"]


def test_each_page_has_its_own_nonce(app: Flask) -> None:
    client = app.test_client()
    assert len({client.get("/console/login").headers["Content-Security-Policy"] for _ in range(3)}) == 3


def test_static_files_are_kept_for_good_by_their_content_mark(app: Flask) -> None:
    with app.test_request_context():
        address = links.asset("css/base.css")
    assert "immutable" in app.test_client().get(address).headers["Cache-Control"]


def test_a_form_without_its_token_is_refused_with_what_to_do(accounts: None) -> None:
    answer = create_app().test_client().post("/console/login", data={"username": "agent", "password": PASSWORD})
    assert answer.status_code == 400
    assert "表单已过期" in answer.text


def test_health_needs_nothing_and_ready_names_each_part(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/health").get_json() == {"status": "ok"}
    assert client.get("/ready").get_json() == {"database": "ok", "redis": "ok"}


def test_not_ready_names_the_part_that_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = queue.Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=1)
    with monkeypatch.context() as patch:
        patch.setattr(queue, "connection", lambda: gone)
        answer = app.test_client().get("/ready")
    assert (answer.status_code, answer.get_json()) == (503, {"database": "ok", "redis": "down"})


def broken_app() -> Flask:
    app = create_app(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    app.add_url_rule("/break/<int:status>", "break", guards.public("test")(_break))
    return app


def _break(status: int) -> str:
    if status == 500:
        raise RuntimeError("secret detail")
    if status == 409:
        raise Refused("call_back.taken", id=1)
    abort(status)


@pytest.mark.usefixtures("database")
class TestErrorPages:
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 429, 500])
    @pytest.mark.parametrize("language", ["zh-CN", "en"])
    def test_each_has_a_page_in_both_languages(self, status: int, language: str) -> None:
        app = broken_app()
        client = app.test_client()
        client.set_cookie("language", language)
        answer = client.get(f"/break/{status}")
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            title = errors.title(status)
        assert answer.status_code == status
        assert f"<h1>{escape(title)}</h1>" in answer.text
        assert f'lang="{"zh-Hans-CN" if language == "zh-CN" else "en"}"' in answer.text

    def test_what_went_wrong_inside_is_told_to_nobody(self) -> None:
        assert "secret detail" not in broken_app().test_client().get("/break/500").text

    def test_a_live_part_gets_one_line(self) -> None:
        answer = broken_app().test_client().get("/break/409", headers={"HX-Request": "true"})
        assert answer.status_code == 409
        assert answer.text.startswith("<p")
        assert "已被别人领取" in answer.text

    def test_without_the_database_the_page_still_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        client = _signed_in(broken_app())
        monkeypatch.setattr(db, "_engine", db.make_engine("postgresql://nobody@127.0.0.1:1/nothing"))
        answer = client.get("/console/")
        assert answer.status_code == 503
        assert "数据库暂时不可用" in answer.text


def _signed_in(app: Flask) -> FlaskClient:
    with db.unit_of_work() as session:
        scenery.empty(session)
    client = app.test_client()
    client.post("/console/login", data={"username": "agent", "password": PASSWORD})
    return client


def test_the_log_tells_rules_and_never_what_was_asked_for(
    accounts: None, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    client = sign_in("agent")
    capsys.readouterr()
    client.get("/console/residents?q=13800138000")
    told = capsys.readouterr().out
    assert "rule='/console/residents'" in told and "status=200" in told
    assert "13800138000" not in told


@pytest.mark.parametrize("target", ["/a", "/a?b=//c", "/"])
def test_paths_of_ours_are_known(target: str) -> None:
    assert links.local_path(target) == target


@pytest.mark.parametrize("target", [None, "", "a", "//a", "https://a", "/\\a", "/a\\b", "javascript:1"])
def test_anything_else_leads_nowhere(target: str | None) -> None:
    assert links.local_path(target) is None
