"""The list of orders, an order's page, and what is done to an order there."""

import re

import pytest
from flask.testing import FlaskClient
from lxml.html import fromstring
from sqlalchemy import select, update

from app.core import db
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people.models import AccessLog
from app.visits import visiting
from app.visits.models import Visit
from tests.web.conftest import SignIn
from tests.web.scenery import Scene


@pytest.fixture
def agent(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("agent")


def state_of(number: str) -> str:
    with db.unit_of_work() as session:
        return session.scalars(select(ServiceOrder.state).where(ServiceOrder.number == number)).one()


def test_the_list_shows_what_is_open_and_masks_nothing_away_from_the_reader(agent: FlaskClient, scene: Scene) -> None:
    page = agent.get("/console/orders").text
    assert "3 orders" in page and "罗莎" in page
    assert "cancelled" not in re.sub(r"<option.*?</option>", "", page)


@pytest.mark.parametrize(
    "query, count", [("state=all", 4), ("state=cancelled", 1), ("late=1", 0), ("text=shandeming", 2)]
)
def test_the_list_is_filtered(agent: FlaskClient, scene: Scene, query: str, count: int) -> None:
    assert f"{count} order" in agent.get(f"/console/orders?{query}").text


@pytest.mark.parametrize("written", ["{0}{1}", "{0} {1}", "{0}-{1}"])
def test_a_number_however_written_opens_its_order(agent: FlaskClient, scene: Scene, written: str) -> None:
    text = written.format(scene.order[:4], scene.order[4:])
    answer = agent.get("/console/orders", query_string={"text": text})
    assert answer.headers["Location"] == f"/console/orders/{scene.order}"


def test_a_live_list_that_has_not_changed_is_not_sent_again(agent: FlaskClient, scene: Scene) -> None:
    first = agent.get("/console/orders/live?seen=SEEN")
    mark = re.search(r"seen=([0-9a-f]{16})", first.text)
    assert mark is not None
    assert agent.get(f"/console/orders/live?seen={mark[1]}").status_code == 204
    agent.post(f"/console/orders/{scene.order}/cancel", data={"reason": "x"})
    assert agent.get(f"/console/orders/live?seen={mark[1]}").status_code == 200


def test_the_page_tells_everything_about_the_order(agent: FlaskClient, scene: Scene) -> None:
    page = agent.get(f"/console/orders/{scene.order}").text
    for text in (
        "要理发，耳朵不好，请大声敲门",
        "王阿姨",
        "021****0001",
        "landline: voice only",
        "met in time",
        "Agent took the order",
        "Amir said yes",
        "Lena said no",
        "too far",
        "offer of a visit",
        "delivered",
        "to be asked",
        "Why Amir",
        "not on shift then",
        "estimated: straight line with detours",
    ):
        assert text in page, text
    assert "+8621" not in page and "55500001" not in page


def test_looking_is_logged(agent: FlaskClient, scene: Scene) -> None:
    agent.get(f"/console/orders/{scene.order}")
    with db.unit_of_work() as session:
        row = session.scalars(select(AccessLog).order_by(AccessLog.id.desc())).first()
    assert row is not None and (row.what, row.resident_id, row.reason) == ("file", scene.rosa, f"order {scene.order}")


def test_an_order_nobody_knows_is_not_found(agent: FlaskClient) -> None:
    answer = agent.get("/console/orders/00000000")
    assert answer.status_code == 404
    assert "There is no such order." in answer.text


def test_a_cancellation_wants_a_reason_and_can_be_taken_back(agent: FlaskClient, scene: Scene) -> None:
    agent.post(f"/console/orders/{scene.order}/cancel", data={"reason": " "})
    assert state_of(scene.order) == "scheduled"
    agent.post(f"/console/orders/{scene.order}/cancel", data={"reason": "儿子来了"})
    assert state_of(scene.order) == "cancelled"
    assert "儿子来了" in agent.get(f"/console/orders/{scene.order}").text
    agent.post(f"/console/orders/{scene.order}/restore", data={"reason": ""})
    assert state_of(scene.order) == "open"


def test_what_the_state_does_not_allow_is_refused_in_words(agent: FlaskClient, scene: Scene) -> None:
    answer = agent.post(f"/console/orders/{scene.order}/restore", data={"reason": "x"})
    assert answer.status_code == 409
    assert "It has changed meanwhile" in answer.text


def test_a_change_is_saved_with_its_reason_and_leaves_the_rest_alone(agent: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        before = session.scalars(select(ServiceOrder).where(ServiceOrder.number == scene.order)).one()
    agent.post(
        f"/console/orders/{scene.order}/change",
        data={"item_id": before.item_id, "text": "改成剪短发", "address": before.address, "reason": "她又打来"},
    )
    with db.unit_of_work() as session:
        after = session.scalars(select(ServiceOrder).where(ServiceOrder.number == scene.order)).one()
    assert after.text == "改成剪短发"
    assert (after.window_start, after.contact_number) == (before.window_start, before.contact_number)
    assert "changed the order (what was said)" in agent.get(f"/console/orders/{scene.order}").text


def test_a_change_without_reason_keeps_what_was_typed(agent: FlaskClient, scene: Scene) -> None:
    answer = agent.post(f"/console/orders/{scene.order}/change", data={"text": "改成剪短发", "reason": ""})
    assert answer.status_code == 422
    assert "改成剪短发" in answer.text and "Say why." in answer.text


def test_other_records_lead_to_an_order_by_its_id(agent: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        key = session.scalars(select(ServiceOrder.id).where(ServiceOrder.number == scene.order)).one()
    assert agent.get(f"/console/orders/id/{key}").headers["Location"] == f"/console/orders/{scene.order}"
    assert agent.get("/console/orders/id/999999").status_code == 404


@pytest.fixture
def asked(scene: Scene) -> int:
    """A follow-up that a person has to do; its order is done."""
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql(f"UPDATE service_order SET state = 'done' WHERE number = '{scene.order}'")
        return session.connection().exec_driver_sql("UPDATE follow_up SET state = 'task' RETURNING id").scalar_one()


@pytest.mark.parametrize("grade, after", [("satisfied", "closed"), ("dissatisfied", "open")])
def test_a_person_asks_whether_it_helped(agent: FlaskClient, scene: Scene, asked: int, grade: str, after: str) -> None:
    assert "Ring and ask whether it helped" in agent.get(f"/console/orders/{scene.order}").text
    data = {"contacted": "yes", "solved": "yes", "grade": grade, "reason": "剪得很好"}
    agent.post(f"/console/follow-ups/{asked}", data=data)
    assert state_of(scene.order) == after
    assert "剪得很好" in agent.get(f"/console/orders/{scene.order}").text


def test_a_dispatcher_does_not_grade_the_work_he_gave_out(scene: Scene, asked: int, sign_in: SignIn) -> None:
    client = sign_in("dispatcher")
    assert client.post(f"/console/follow-ups/{asked}", data={"grade": "satisfied"}).status_code == 403
    assert "Ring and ask" not in client.get(f"/console/orders/{scene.order}").text


def test_who_found_a_worker_by_hand_is_not_taken_for_the_worker(scene: Scene, sign_in: SignIn) -> None:
    dispatcher = sign_in("dispatcher")
    data = {"worker": scene.lena, "day": "2026-11-24", "at": "10:00", "reason": "she knows her"}
    dispatcher.post(f"/console/dispatch/{scene.troubled}/assign", data=data)
    with db.unit_of_work() as session:
        order_id = session.get_one(Visit, scene.troubled).order_id
    page = dispatcher.get(f"/console/orders/id/{order_id}", follow_redirects=True).text
    assert "A worker is found: Lena" in page


@pytest.mark.parametrize(("code", "words"), [("not_reached", "nobody heard it"), ("30099", "code 30099")])
def test_why_a_message_did_not_arrive_is_said_in_words(
    agent: FlaskClient, scene: Scene, code: str, words: str
) -> None:
    with db.unit_of_work() as session:
        session.execute(update(Message).values(error=code))
    assert words in agent.get(f"/console/orders/{scene.order}").text


def test_a_finished_visit_has_its_six_facts_in_one_record(scene: Scene, sign_in: SignIn) -> None:
    by, supervisor = f"worker:{scene.amir}", sign_in("supervisor")
    pages = f"/console/orders/{scene.order}", f"/console/dispatch/{scene.visit}"
    assert not any("Record of the visit" in supervisor.get(page).text for page in pages)
    with db.unit_of_work() as session:
        visit = session.get_one(Visit, scene.visit)
        visiting.arrive(session, visit, by, place=[visit.place[0] + 0.0005, visit.place[1]])
        visiting.begin(session, visit, by, "code")
        visiting.finish(session, visit, by)
    for page in pages:
        record = fromstring(supervisor.get(page).text).cssselect("dl.record dd")
        facts = [" ".join(one.text_content().split()) for one in record]
        assert len(facts) == 6 and facts[:3] == ["Haircut at home", "罗莎", "Amir"]
        assert re.fullmatch(r".*2026", facts[3]) and re.fullmatch(r"\d\d:\d\d–\d\d:\d\d", facts[4])
        assert "the worker's phone was 60 m from the door" in facts[5]
    supervisor.post("/language", data={"language": "zh-CN"})
    assert all("社工手机距门口60米" in supervisor.get(page).text for page in pages)


def test_a_fact_that_is_missing_is_said_to_be(scene: Scene, sign_in: SignIn) -> None:
    with db.unit_of_work() as session:
        visiting.finish(session, session.get_one(Visit, scene.visit), f"staff:{scene.staff['supervisor']}")
    record = fromstring(sign_in("supervisor").get(f"/console/orders/{scene.order}").text).cssselect("dl.record dd")
    assert ["not recorded" in one.text_content() for one in record].count(True) >= 1


def test_chinese_pages_use_chinese_signs_and_units(scene: Scene, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    supervisor.post("/language", data={"language": "zh-CN"})
    page = fromstring(supervisor.get(f"/console/orders/{scene.order}").text)
    text = " ".join(page.cssselect("main")[0].text_content().split())
    assert " km" not in text and re.search(r"\d分钟，\d+(米|\.\d公里)", text)
    assert re.findall(r"[一-鿿][,;] ", text) == []
