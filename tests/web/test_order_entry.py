"""Taking an order: three roles apart, a time, a promise; and whatever is typed is never lost."""

import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.core import db, settings
from app.hotline.models import CallBack
from app.orders.models import ServiceOrder
from app.people.models import AccessLog, KeptForm, Resident
from tests.web.conftest import SignIn
from tests.web.scenery import Scene

NEW = "/console/orders/new"


@pytest.fixture
def agent(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("agent")


def take(client: FlaskClient, path: str = NEW, **typed: Any) -> Any:
    return client.post(path, data={"action": "save", "caller": "subject", **typed})


def latest() -> ServiceOrder:
    with db.unit_of_work() as session:
        return session.scalars(select(ServiceOrder).order_by(ServiceOrder.id.desc())).first()  # type: ignore[return-value]


def test_an_order_is_taken_and_its_number_is_shown_in_two_groups(agent: FlaskClient, scene: Scene) -> None:
    answer = take(agent, subject_id=scene.rosa, item_id=scene.item, text="理发")
    order = latest()
    assert answer.headers["Location"] == f"/console/orders/{order.number}/taken"
    assert f"{order.number[:4]} {order.number[4:]}" in agent.get(answer.headers["Location"]).text
    assert (order.state, order.channel, order.subject_id) == ("open", "phone_agent", scene.rosa)
    assert order.taken_by == f"staff:{scene.staff['agent']}"


def test_caller_subject_and_contact_are_three(agent: FlaskClient, scene: Scene) -> None:
    take(
        agent,
        subject_id=scene.rosa,
        item_id=scene.item,
        caller="other",
        caller_name="王阿姨",
        caller_id=scene.shan,
        contact="other",
        contact_other="138 0013 0099",
    )
    order = latest()
    assert (order.subject_id, order.caller_id, order.caller_name) == (scene.rosa, None, "王阿姨")
    assert order.contact_number == "+8613800130099"


def test_another_resident_may_call_for_somebody(agent: FlaskClient, scene: Scene) -> None:
    take(agent, subject_id=scene.rosa, item_id=scene.item, caller="resident", caller_id=scene.shan, caller_name="x")
    assert (latest().caller_id, latest().caller_name) == (scene.shan, None)


def test_somebody_unknown_is_made_a_resident_in_the_same_step(agent: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        community = session.get_one(Resident, scene.rosa).community_id
    take(
        agent,
        item_id=scene.item,
        new_name="单小花",
        new_phone="13800130077",
        new_community=community,
        new_address="菜市场后面红门",
    )
    with db.unit_of_work() as session:
        made = session.get_one(Resident, latest().subject_id)
        assert (made.name, made.phones[0].number, made.approximate) == ("单小花", "+8613800130077", True)


def test_what_is_wrong_is_shown_at_its_field_and_nothing_typed_is_lost(agent: FlaskClient, scene: Scene) -> None:
    before = latest().id
    answer = take(
        agent, subject_id=scene.rosa, text="耳朵不好", contact="other", contact_other="12ab", item_id=scene.item
    )
    assert answer.status_code == 422
    assert "is not a phone number" in answer.text
    assert "耳朵不好" in answer.text and "12ab" in answer.text
    assert latest().id == before


def test_a_new_residents_mistakes_are_shown_too_and_no_file_is_made(agent: FlaskClient, scene: Scene) -> None:
    answer = take(agent, item_id=scene.item, new_name="单小花", new_phone="12ab")
    assert answer.status_code == 422
    assert answer.text.count('class="problem"') >= 2
    with db.unit_of_work() as session:
        assert session.scalar(select(Resident.id).where(Resident.name == "单小花")) is None


def test_typing_is_kept_over_a_reload(agent: FlaskClient, scene: Scene) -> None:
    assert agent.post(f"{NEW}/keep", data={"text": "要理发", "day": "tomorrow"}).status_code == 204
    page = agent.get(NEW).text
    assert "要理发" in page
    assert 'id="day-tomorrow" value="tomorrow" checked' in page


def test_each_occasion_has_its_own_typing(agent: FlaskClient, scene: Scene, sign_in: SignIn) -> None:
    agent.post(f"{NEW}/keep?call={scene.call}", data={"text": "第一个电话"})
    assert "第一个电话" not in agent.get(NEW).text
    assert "第一个电话" in agent.get(f"{NEW}?call={scene.call}").text
    assert "第一个电话" not in sign_in("supervisor").get(f"{NEW}?call={scene.call}").text


def test_kept_typing_is_unreadable_in_the_database(agent: FlaskClient) -> None:
    agent.post(f"{NEW}/keep", data={"text": "要理发"})
    with db.unit_of_work() as session:
        raw = session.connection().exec_driver_sql("SELECT typed FROM kept_form").scalar_one()
    assert "理发" not in raw and "text" not in raw


def test_typing_is_forgotten_when_the_order_is_taken_or_thrown_away(agent: FlaskClient, scene: Scene) -> None:
    take(agent, subject_id=scene.rosa, item_id=scene.item, text="a")
    agent.post(f"{NEW}/keep?call={scene.call}", data={"text": "b"})
    agent.post(f"{NEW}/discard?call={scene.call}")
    with db.unit_of_work() as session:
        assert session.scalars(select(KeptForm)).all() == []


def test_begun_orders_are_listed_on_the_start_page(agent: FlaskClient, scene: Scene) -> None:
    agent.post(f"{NEW}/keep?call={scene.call}", data={"text": "要理发"})
    page = agent.get("/console/").text
    assert f'href="{NEW}?call={scene.call}"' in page and "要理发" in page


def test_a_call_brings_its_person_and_its_number(agent: FlaskClient, scene: Scene) -> None:
    page = agent.get(f"{NEW}?call={scene.call}").text
    assert f'value="{scene.rosa}" checked' in page
    assert 'value="call" checked' in page
    take(agent, f"{NEW}?call={scene.call}", subject_id=scene.rosa, item_id=scene.item, contact="call")
    assert latest().call_id == scene.call


def test_an_unfinished_order_is_finished_not_doubled(agent: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        draft = session.scalars(select(ServiceOrder).where(ServiceOrder.state == "draft")).one()
    page = agent.get(f"{NEW}?draft={draft.id}").text
    assert "想要有人来" in page and f'value="{scene.shan}" checked' in page
    count = latest().id
    take(agent, f"{NEW}?draft={draft.id}", subject_id=scene.shan, item_id=scene.item, text="理发")
    with db.unit_of_work() as session:
        assert session.get_one(ServiceOrder, draft.id).state == "open"
    assert latest().id == count


def test_an_order_taken_while_ringing_back_settles_the_call_back(agent: FlaskClient, scene: Scene) -> None:
    take(agent, f"{NEW}?call_back={scene.call_back}", subject_id=scene.rosa, item_id=scene.item)
    with db.unit_of_work() as session:
        row = session.get_one(CallBack, scene.call_back)
        assert (row.state, row.order_id) == ("done", latest().id)
        assert latest().number in (row.result or "")


@pytest.mark.parametrize(
    "typed, hours",
    [
        ({"day": "tomorrow", "part": "morning"}, ("2026-11-25 08:30", "2026-11-25 12:00")),
        ({"day": "date", "date": "2026-11-26", "part": "afternoon"}, ("2026-11-26 13:30", "2026-11-26 17:30")),
        (
            {"day": "tomorrow", "part": "exact", "start": "10:15", "end": "11:00"},
            ("2026-11-25 10:15", "2026-11-25 11:00"),
        ),
        ({"urgent": "1"}, ("2026-11-24 09:00", "2026-11-24 11:00")),
    ],
)
def test_the_wished_time_is_in_district_time(
    agent: FlaskClient, scene: Scene, typed: dict[str, str], hours: tuple[str, str]
) -> None:
    take(agent, subject_id=scene.rosa, item_id=scene.item, **typed)
    order = latest()
    zone = settings.current().zone
    wished = tuple(datetime.fromisoformat(hour).replace(tzinfo=zone) for hour in hours)
    assert (order.window_start, order.window_end) == wished


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "date", "part": "morning"},
        {"day": "tomorrow", "part": "exact", "start": "11:00", "end": "10:00"},
        {"day": "date", "date": "2026-11-23", "part": "morning"},
    ],
)
def test_an_impossible_time_is_refused_where_it_was_typed(
    agent: FlaskClient, scene: Scene, typed: dict[str, str]
) -> None:
    answer = take(agent, subject_id=scene.rosa, item_id=scene.item, text="kept", **typed)
    assert answer.status_code == 422
    assert 'id="day-problem"' in answer.text and "kept" in answer.text


def test_three_times_and_workers_are_proposed_and_one_can_be_promised(agent: FlaskClient, scene: Scene) -> None:
    page = agent.post(NEW, data={"action": "look", "subject_id": scene.shan, "item_id": scene.item}).text
    promised = [part.split('"')[0] for part in page.split('name="promise" id="promise-')[1:]]
    assert promised[-1] == "none" and 1 <= len(promised) - 1 <= 3
    value = page.split('id="promise-1" value="')[1].split('"')[0]
    take(agent, subject_id=scene.shan, item_id=scene.item, promise=value)
    order = latest()
    assert f"{order.wished_worker_id}@{order.wished_start.isoformat()}" == value  # type: ignore[union-attr]


@pytest.mark.parametrize("text", ["luosha", "ls", "罗莎", "0001", "021-55500001"])
def test_people_are_found_by_whatever_the_agent_types(agent: FlaskClient, scene: Scene, text: str) -> None:
    found = agent.get("/console/residents/pick", query_string={"subject_q": text}).text
    assert f'name="subject_id" id="subject-{scene.rosa}"' in found
    assert "021****0001" in found and "55500001" not in found


def test_choosing_a_person_is_logged_once(agent: FlaskClient, scene: Scene) -> None:
    for _ in range(3):
        agent.post(NEW, data={"action": "look", "subject_id": scene.shan})
    with db.unit_of_work() as session:
        looks = session.scalars(select(AccessLog).where(AccessLog.resident_id == scene.shan)).all()
    assert [(row.by, row.what) for row in looks] == [(f"staff:{scene.staff['agent']}", "file")]


def orders() -> int:
    with db.unit_of_work() as session:
        return int(session.scalar(select(func.count()).select_from(ServiceOrder)) or 0)


def test_a_form_that_is_sent_twice_makes_one_order(agent: FlaskClient, scene: Scene) -> None:
    before, once = orders(), hidden(agent.get(NEW).text, "once")
    first, second = (take(agent, once=once, subject_id=scene.rosa, item_id=scene.item) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert orders() == before + 1
    assert hidden(agent.get(NEW).text, "once") != once


def test_what_was_wrong_the_first_time_can_be_sent_again(agent: FlaskClient, scene: Scene) -> None:
    before, once = orders(), hidden(agent.get(NEW).text, "once")
    assert take(agent, once=once, subject_id=scene.rosa).status_code == 422
    assert take(agent, once=once, subject_id=scene.rosa, item_id=scene.item).status_code == 302
    assert orders() == before + 1


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]+)"', page)
    assert found, name
    return found[1]
