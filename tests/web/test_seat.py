"""My seat: ready and away, the screen pop, and the worklist of call-backs."""

import pytest
from flask.testing import FlaskClient

from app.core import db
from app.hotline import seats
from app.hotline.models import CallBack
from tests.web.conftest import SignIn
from tests.web.scenery import Scene


@pytest.fixture
def agent(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("agent")


def row(key: int) -> CallBack:
    with db.unit_of_work() as session:
        return session.get_one(CallBack, key)


def seat(key: int) -> str:
    with db.unit_of_work() as session:
        return seats.of(session, key).state


def test_the_ringing_call_opens_with_the_people_of_its_number(agent: FlaskClient, scene: Scene) -> None:
    page = agent.get("/console/").text
    assert "A call rings: 021****0001" in page
    assert "One person has this number" in page
    assert f"/console/orders/new?call={scene.call}&amp;subject={scene.rosa}" in page


def test_every_page_tells_of_the_ringing_call(agent: FlaskClient, scene: Scene) -> None:
    page = agent.get("/console/orders").text
    assert "A call rings: 021****0001" in page and 'data-pop="/console/#call"' in page


def test_only_the_agent_whose_phone_rings_sees_the_call(scene: Scene, sign_in: SignIn) -> None:
    assert "A call rings" not in sign_in("supervisor").get("/console/").text


def test_an_unknown_number_opens_an_empty_form(agent: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE resident_phone SET number_hash = 'x'")
        session.connection().exec_driver_sql("UPDATE relative SET number_hash = 'x'")
    page = agent.get("/console/").text
    assert "Nobody we know has this number." in page
    assert f'href="/console/orders/new?call={scene.call}"' in page


def test_one_sits_down_and_leaves(scene: Scene, sign_in: SignIn) -> None:
    client, key = sign_in("supervisor"), scene.staff["supervisor"]
    client.post("/console/seat", data={"line": "browser"})
    assert seat(key) == "available"
    client.post("/console/seat", data={"line": ""})
    assert seat(key) == "away"


def test_one_without_a_number_is_told_to_take_the_browser_line(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in("supervisor")
    answer = client.post("/console/seat", data={"line": "phone"}, follow_redirects=True)
    assert "take the browser line" in answer.text
    assert seat(scene.staff["supervisor"]) == "away"


def test_asking_for_news_is_the_sign_of_life(agent: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE seat SET seen_at = '2020-01-01Z'")
    agent.get("/console/seat/bar?seen=SEEN")
    with db.unit_of_work() as session:
        assert seats.of(session, scene.staff["agent"]).seen_at.year == 2026


def test_the_worklist_has_the_urgent_ones_first_and_marks_the_overdue(agent: FlaskClient, scene: Scene) -> None:
    page = agent.get("/console/worklist").text
    assert page.index("emergency nobody took") < page.index("missed call") < page.index("voice message")
    assert "overdue by 40 minutes" in page
    assert "owner: Agent" in page
    assert "138****0099" in page and "13800130099" not in page


def test_a_call_back_is_taken_by_one_person_only(agent: FlaskClient, scene: Scene, sign_in: SignIn) -> None:
    agent.post(f"/console/call-backs/{scene.call_back}/take")
    assert row(scene.call_back).owner_id == scene.staff["agent"]
    sign_in("supervisor").post(f"/console/call-backs/{scene.call_back}/take")
    assert row(scene.call_back).owner_id == scene.staff["agent"]


def test_settling_wants_a_result_and_can_be_undone(agent: FlaskClient, scene: Scene) -> None:
    agent.post(f"/console/call-backs/{scene.call_back}/done", data={"result": ""})
    assert row(scene.call_back).state == "open"
    agent.post(f"/console/call-backs/{scene.call_back}/done", data={"result": "打通了"})
    assert (row(scene.call_back).state, row(scene.call_back).result) == ("done", "打通了")
    assert "打通了" in agent.get("/console/").text
    agent.post(f"/console/call-backs/{scene.call_back}/reopen")
    assert row(scene.call_back).state == "open"


def test_what_one_took_can_be_given_back(agent: FlaskClient, scene: Scene) -> None:
    agent.post(f"/console/call-backs/{scene.call_back}/take")
    agent.post(f"/console/call-backs/{scene.call_back}/give_back", data={"result": ""})
    assert (row(scene.call_back).state, row(scene.call_back).owner_id) == ("open", None)


def test_an_administrator_starts_with_the_accounts(scene: Scene, sign_in: SignIn) -> None:
    assert sign_in("admin").get("/console/").headers["Location"] == "/console/accounts"
