"""The page of everything in one view: its guide, its live part, skipping, killing; no barrier, empty or full."""

import sys
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page
from sqlalchemy import select

from app.core import clock, db, queue
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.quality.models import FollowUp
from app.visits import visiting
from app.visits.models import Visit
from app.web import i18n
from app.web.factory import create_app
from app.web.trial import guide
from app.web.trial import page as trial
from tests.web.scenery import Scene
from tests.web.test_pages import barriers, too_wide


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def now(scene: Scene) -> int:
    """How many steps of the guide are behind."""
    with db.unit_of_work() as session:
        order = session.scalars(select(ServiceOrder).where(ServiceOrder.number == scene.order)).one()
        return sum(step.state == "done" for step in guide.steps(session, order, session.get_one(Visit, scene.visit)))


def test_the_guide_ticks_itself_off(app: Flask, scene: Scene) -> None:
    by, seen = f"worker:{scene.amir}", []
    with app.test_request_context():
        seen.append(now(scene))
        for doing in (visiting.arrive, _begin, visiting.finish, _answered):
            with db.unit_of_work() as session:
                doing(session, session.get_one(Visit, scene.visit), by)  # type: ignore[operator]
            seen.append(now(scene))
    assert seen == [2, 4, 5, 6, 7]


def _begin(session: Any, visit: Visit, by: str) -> None:
    visiting.begin(session, visit, by, "code")


def _answered(session: Any, visit: Visit, by: str) -> None:
    session.scalars(select(FollowUp).where(FollowUp.order_id == visit.order_id)).first().state = "answered"


def test_a_house_without_orders_begins_with_the_first_step(app: Flask) -> None:
    with app.test_request_context(), db.unit_of_work() as session:
        states = [step.state for step in guide.steps(session, None, None)]
    assert states == ["now"] + ["later"] * 6


def test_the_live_part_is_sent_once_and_then_only_when_something_changed(client: FlaskClient, scene: Scene) -> None:
    first = client.get(f"/try/live?order={scene.order}&seen=SEEN")
    mark = first.text.split("seen=")[1][:16]
    assert scene.order[:4] in first.text
    assert client.get(f"/try/live?order={scene.order}&seen={mark}").status_code == 204
    with db.unit_of_work() as session:
        visiting.depart(session, session.get_one(Visit, scene.visit), f"worker:{scene.amir}")
    assert client.get(f"/try/live?order={scene.order}&seen={mark}").status_code == 200


def test_skipping_winds_the_clock_to_just_before_the_door(client: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        during = session.get_one(Visit, scene.visit).during
        assert during is not None and during.lower is not None
        door = during.lower
    answer = client.post(f"/try/skip?order={scene.order}")
    assert answer.headers["Location"] == f"/try?order={scene.order}"
    assert abs((clock.now() - (door - trial.BEFORE_THE_DOOR)).total_seconds()) < 5


def test_a_script_gets_a_line_instead_of_the_page(client: FlaskClient, scene: Scene) -> None:
    answer = client.post(f"/try/skip?order={scene.order}", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" not in answer.text and "flash done" in answer.text


def test_killing_takes_a_worker_of_the_pool(client: FlaskClient, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(queue, "workers", lambda: [4711])
    monkeypatch.setattr(trial.os, "kill", lambda pid, signal: killed.append((pid, signal)))
    client.post("/try/kill")
    assert killed == [(4711, 9)]


def test_people_are_named_in_the_visitors_language(app: Flask) -> None:
    rosa = Resident(external_id="R-ROSA", name="罗莎")
    stranger = Resident(external_id=None, name="常燕")
    for language, names in (("zh-CN", ["罗莎", "常燕"]), ("en", ["Rosa", "常燕"])):
        with app.test_request_context():
            i18n.use(language)
            assert [trial._name(one) for one in (rosa, stranger)] == names


def test_production_has_no_such_page(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(WTF_CSRF_ENABLED=False).test_client()
    production = SimpleNamespace(current=lambda: SimpleNamespace(may_wind_time=False))
    monkeypatch.setattr(sys.modules["app.web.trial.blueprint"], "settings", production)
    assert client.get("/try").status_code == 404
    assert client.post("/try/kill").status_code == 404


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_barrier_and_nothing_too_wide(page: Page, scene: Scene, language: str) -> None:
    found = []
    for width in (390, 640, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"/try?lang={language}&order={scene.order}")
        assert not too_wide(page), width
        found += barriers(page)
    assert found == []
