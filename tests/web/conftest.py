"""The web process in tests: an application, people signed in to it, and a browser on a real server."""

import threading
from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app.core import db
from app.people import staff
from app.web.factory import create_app
from tests import browsers
from tests.databases import Database
from tests.web import scenery
from tests.web.scenery import PASSWORD, Scene

SignIn = Callable[[str], FlaskClient]


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing that takes no time; its real cost is tested with the accounts themselves."""
    monkeypatch.setattr(staff, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def app(database: Database) -> Flask:
    """The application over this test's database; forms need no token here, except where a test asks for it."""
    return create_app(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)


@pytest.fixture
def scene(app: Flask) -> Scene:
    """A day's work in the database."""
    with db.unit_of_work() as session:
        return scenery.full(session)


@pytest.fixture
def accounts(app: Flask) -> None:
    """Nothing but one account of each role."""
    with db.unit_of_work() as session:
        scenery.empty(session)


@pytest.fixture
def sign_in(app: Flask) -> SignIn:
    """Sign in by account name and get a client with that session, in English."""

    def signed_in(username: str) -> FlaskClient:
        client = app.test_client()
        client.post("/console/login", data={"username": username, "password": PASSWORD})
        client.post("/language", data={"language": "en", "next": "/console/"})
        return client

    return signed_in


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application on a free port of this machine; its address."""
    server = make_server("127.0.0.1", 0, create_app(RATELIMIT_ENABLED=False), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A fresh window of 1280 pixels; relative addresses lead to the site."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(browsers.PATIENCE)
    yield page
    context.close()
