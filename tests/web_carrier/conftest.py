"""The web process for tests of webhooks, and a carrier that signs."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from app.core import db, settings
from app.web.factory import create_app
from tests.databases import Database
from tests.people import cast
from tests.web_carrier import line

Post = Callable[..., TestResponse]


@pytest.fixture
def app() -> Flask:
    """The application as it is served."""
    return create_app()


@pytest.fixture
def post(app: Flask) -> Post:
    """Post a signed form to an address of ours, as the carrier does."""

    def post(address: str, **form: str) -> TestResponse:
        parts = urlsplit(address)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        validator = RequestValidator(settings.current().twilio_auth_token)
        headers = {"X-Twilio-Signature": validator.compute_signature(settings.current().public_base_url + path, form)}
        return app.test_client().post(path, data=form, headers=headers)

    return post


@pytest.fixture
def town(database: Database) -> None:
    """Rosa has a usual service; Mr Shan has none."""
    with db.unit_of_work() as session:
        place = cast.town(session)
        cast.rosa(session, place, usual_item_id=place.haircut.id)
        cast.mr_shan(session, place)


@pytest.fixture
def rosa(post: Post) -> line.Line:
    calling = line.Line(post, cast.ROSA)
    calling.dial()
    return calling
