"""A worker's page: every step by a tap, none by looking; what he may see; wrong, foreign and outlived links."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from app.core import clock, db
from app.core.moves import History
from app.people import access
from app.visits import links, offers, visiting
from app.visits.models import Offer, Visit
from app.visits.timing import LINK_OUTLIVES
from app.web.factory import create_app
from app.workforce.models import Worker
from tests.web.scenery import Scene
from tests.web.test_pages import barriers, too_wide

Path = Callable[[], str]
LANGUAGES = ("zh-CN", "en")
STATES = ("offered", "accepted", "en_route", "arrived", "locked", "in_progress", "done", "not_his")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def path(scene: Scene, worker: int | None = None) -> str:
    return f"/v/{links.token(scene.visit, worker or scene.amir)}"


def state(scene: Scene) -> str:
    with db.unit_of_work() as session:
        return str(session.get_one(Visit, scene.visit).state)


def history() -> int:
    with db.unit_of_work() as session:
        return int(session.scalar(select(func.count()).select_from(History)) or 0)


def bring(scene: Scene, wanted: str) -> None:
    """Bring the visit, which Amir has accepted, to a moment of its life."""
    by = f"worker:{scene.amir}"
    with db.unit_of_work() as session:
        visit = session.get_one(Visit, scene.visit)
        if wanted == "offered":
            asked = select(Offer).where(Offer.visit_id == visit.id, Offer.worker_id == scene.amir)
            session.execute(Visit.__table__.update().where(Visit.id == visit.id).values(state="offered"))
            offer = session.scalars(asked).one()
            offer.state, offer.answered_at, offer.answered_by = "sent", None, None
        if wanted in ("en_route",):
            visiting.depart(session, visit, by)
        if wanted in ("arrived", "locked", "in_progress", "done"):
            visiting.arrive(session, visit, by)
        if wanted == "locked":
            visit.wrong_codes = 3
        if wanted in ("in_progress", "done"):
            visiting.begin(session, visit, by, "code")
        if wanted == "done":
            visiting.finish(session, visit, by)
        if wanted == "not_his":
            visiting.give_back(session, visit, by)
        session.flush()


def speak(scene: Scene, language: str) -> None:
    with db.unit_of_work() as session:
        session.get_one(Worker, scene.amir).language = language


@pytest.mark.parametrize("wanted", STATES)
def test_looking_changes_nothing(client: FlaskClient, scene: Scene, wanted: str) -> None:
    bring(scene, wanted)
    before = state(scene), history()
    assert client.get(path(scene)).status_code == 200
    assert client.head(path(scene)).status_code == 200
    assert (state(scene), history()) == before


@pytest.mark.parametrize(
    "wanted, step, form, after",
    [
        ("offered", "accept", {}, "accepted"),
        ("offered", "decline", {"reason": "busy"}, "open"),
        ("accepted", "depart", {}, "en_route"),
        ("accepted", "arrive", {}, "arrived"),
        ("en_route", "arrive", {"latitude": "31.2", "longitude": "121.4"}, "arrived"),
        ("arrived", "prove", {"digits": "34"}, "in_progress"),
        ("in_progress", "finish", {"note": "done"}, "done"),
        ("in_progress", "fail", {"reason": "refused"}, "not_done"),
        ("arrived", "fail", {"reason": "nobody_home"}, "not_done"),
        ("accepted", "give_back", {"note": "ill"}, "open"),
    ],
)
def test_each_step_by_a_tap_and_a_second_tap_does_no_harm(
    client: FlaskClient, scene: Scene, wanted: str, step: str, form: dict[str, str], after: str
) -> None:
    bring(scene, wanted)
    assert client.post(path(scene), data=form | {"step": step}).status_code == 302
    assert state(scene) == after
    told = history()
    again = client.post(path(scene), data=form | {"step": step}, follow_redirects=True)
    assert again.status_code == 200
    assert state(scene) == after and history() - told <= 1


def test_a_wrong_code_is_said_and_the_third_locks(client: FlaskClient, scene: Scene) -> None:
    bring(scene, "arrived")
    speak(scene, "en")
    for tries in range(3):
        page = client.post(path(scene), data={"step": "prove", "digits": "00"}, follow_redirects=True).text
        assert ("Those digits are wrong" in page) is (tries < 2)
    assert "Wrong three times" in page and 'name="digits"' not in page
    client.post(path(scene), data={"step": "prove", "digits": "34"})
    assert state(scene) == "arrived"


def test_the_door_is_shown_to_him_who_has_accepted_only(client: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        visit = session.get_one(Visit, scene.visit)
        address = session.connection().exec_driver_sql(
            "SELECT address FROM service_order WHERE id = %s", (visit.order_id,)
        )
        assert address.scalar()
    his = client.get(path(scene)).text
    hers = client.get(path(scene, scene.lena)).text
    assert "12" in his and "要理发" in his
    assert "要理发" not in hers and "12</strong>" not in hers
    bring(scene, "offered")
    assert "要理发" not in client.get(path(scene)).text


def test_another_worker_can_do_nothing_with_his_own_link(client: FlaskClient, scene: Scene) -> None:
    for step in ("depart", "arrive", "finish", "give_back", "accept"):
        client.post(path(scene, scene.lena), data={"step": step})
    assert state(scene) == "accepted"


@pytest.mark.parametrize("step", ["depart", "arrive", "prove", "finish", "fail", "give_back"])
def test_who_has_not_said_yes_can_only_answer(client: FlaskClient, scene: Scene, step: str) -> None:
    bring(scene, "offered")
    client.post(path(scene), data={"step": step, "digits": "34"})
    assert state(scene) == "offered"


@pytest.mark.parametrize("token", ["nonsense", "1-", "zz-0000000000", "1-0000000000", "1-" + "x" * 300])
def test_a_wrong_link_opens_nothing(client: FlaskClient, scene: Scene, token: str) -> None:
    assert client.get(f"/v/{token}").status_code == 404
    assert client.post(f"/v/{token}", data={"step": "accept"}).status_code == 404


def test_a_mark_of_other_letters_opens_nothing(client: FlaskClient, scene: Scene) -> None:
    assert client.get(path(scene).split("-")[0] + "-é验证").status_code == 404


@pytest.mark.parametrize("place", [("nan", "nan"), ("999", "0"), ("inf", "1"), ("here", "there"), ("", "")])
def test_a_place_that_is_none_does_not_keep_anybody_from_arriving(
    client: FlaskClient, scene: Scene, place: tuple[str, str]
) -> None:
    client.post(path(scene), data={"step": "arrive", "latitude": place[0], "longitude": place[1]})
    assert state(scene) == "arrived"


def test_a_made_up_reason_is_refused(client: FlaskClient, scene: Scene) -> None:
    bring(scene, "offered")
    assert client.post(path(scene), data={"step": "decline", "reason": "x" * 99}).status_code == 400
    assert state(scene) == "offered"


def test_a_link_ends_some_time_after_the_visit(client: FlaskClient, scene: Scene) -> None:
    bring(scene, "done")
    assert client.get(path(scene)).status_code == 200
    clock.wind(LINK_OUTLIVES + timedelta(minutes=1))
    assert client.get(path(scene)).status_code == 404


def test_a_stranger_cannot_try_links_for_long(scene: Scene) -> None:
    client = create_app(WTF_CSRF_ENABLED=False).test_client()
    answers = [client.get(f"/v/1-{number:010d}").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]


def test_right_links_never_count(scene: Scene) -> None:
    client = create_app(WTF_CSRF_ENABLED=False).test_client()
    assert {client.get(path(scene)).status_code for _ in range(40)} == {200}


def test_an_unknown_step_is_refused(client: FlaskClient, scene: Scene) -> None:
    assert client.post(path(scene), data={"step": "explode"}).status_code == 400
    assert state(scene) == "accepted"


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_state_of_the_page_has_a_barrier_or_is_too_wide(page: Page, scene: Scene, language: str) -> None:
    speak(scene, language)
    page.set_viewport_size({"width": 390, "height": 844})
    found = []
    for wanted in ("accepted", "en_route", "arrived", "in_progress", "done"):
        bring(scene, wanted)
        page.goto(path(scene))
        for details in page.locator("details").all():
            details.locator("summary").click()
        found += [f"{wanted}: {barrier}" for barrier in barriers(page)]
        assert not too_wide(page), wanted
    assert found == []


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Page]:
    """A telephone's browser without scripts."""
    context = browser.new_context(base_url=site, java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_the_whole_visit_without_scripts(plain: Page, scene: Scene) -> None:
    bring(scene, "offered")
    speak(scene, "en")
    plain.goto(path(scene))
    for button in ("Yes, I will go", "I am on my way", "I am at the door"):
        plain.get_by_role("button", name=button).click()
    plain.fill("#digits", "34")
    plain.get_by_role("button", name="Begin").click()
    plain.get_by_role("button", name="Done").click()
    expect(plain.locator(".flash.done")).to_contain_text("This visit is over")
    assert state(scene) == "done"


def test_an_offer_that_has_run_out_is_said(client: FlaskClient, scene: Scene) -> None:
    bring(scene, "offered")
    speak(scene, "en")
    with db.unit_of_work() as session:
        offer = session.scalars(select(Offer).where(Offer.worker_id == scene.amir)).one()
        clock.wind(offer.expires_at - clock.now() + timedelta(seconds=1))
        offers.expire(session, offer.id)
    assert "not yours" in client.get(path(scene)).text
    page = client.post(path(scene), data={"step": "accept"}, follow_redirects=True).text
    assert "not possible any more" in page


@pytest.mark.parametrize(
    ("before", "step", "after"),
    [
        ("offered", "accept", "accepted"),
        ("accepted", "depart", "en_route"),
        ("en_route", "arrive", "arrived"),
        ("in_progress", "finish", "done"),
        ("offered", "decline", "open"),
    ],
)
def test_a_second_tap_on_the_same_button_is_no_mistake(
    client: FlaskClient, scene: Scene, before: str, step: str, after: str
) -> None:
    bring(scene, before)
    for _ in range(2):
        page = client.post(path(scene), data={"step": step}, follow_redirects=True).text
    assert "已经不能这样做了" not in page
    assert state(scene) == after


def test_the_worker_may_read_it_in_the_other_language(client: FlaskClient, scene: Scene) -> None:
    assert 'lang="zh-Hans-CN"' in client.get(path(scene)).text
    answer = client.post("/language", data={"language": "en", "next": path(scene)}, follow_redirects=True)
    assert '<html lang="en">' in answer.text and "I am on my way" in answer.text


@pytest.mark.parametrize("wanted", STATES)
def test_each_look_at_the_door_is_on_the_record_and_no_other(client: FlaskClient, scene: Scene, wanted: str) -> None:
    bring(scene, wanted)
    for opening in (1, 2):
        client.get(path(scene))
        with db.unit_of_work() as session:
            looks = access.latest(session, f"worker:{scene.amir}")
        shown = wanted in ("accepted", "en_route", "arrived", "locked", "in_progress")
        assert [(look.what, look.resident_id, look.reason) for look in looks] == (
            [("file", scene.rosa, f"door:{scene.visit}")] * opening if shown else []
        )
    client.get(path(scene, scene.lena))
    with db.unit_of_work() as session:
        assert access.latest(session, f"worker:{scene.lena}") == []
