"""Residents' files: found, looked at on the record, numbers masked, phones, family and consent; the access log."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.core import db
from app.people import access
from app.people.models import AccessLog, Relative, Resident, ResidentPhone
from tests.web.conftest import SignIn
from tests.web.scenery import Scene


@pytest.fixture
def agent(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("agent")


def file_of(key: int) -> Resident:
    with db.unit_of_work() as session:
        found = session.get_one(Resident, key)
        session.refresh(found, ["phones", "relatives"])
        return found


def looks() -> list[tuple[str, int | None, str | None]]:
    with db.unit_of_work() as session:
        rows = session.scalars(select(AccessLog).order_by(AccessLog.id)).all()
        return [(row.what, row.resident_id, row.reason) for row in rows]


def form(**changes: Any) -> dict[str, Any]:
    with db.unit_of_work() as session:
        community = session.scalars(select(Resident.community_id)).first()
    given = {"name": "单小花", "community_id": community, "address": "桃园路1号", "language": "zh-CN", "pace": "normal"}
    return given | changes


def test_a_file_shows_no_full_number_and_the_look_is_logged(agent: FlaskClient, scene: Scene) -> None:
    page = agent.get(f"/console/residents/{scene.rosa}").text
    assert "021****0001" in page and "55500001" not in page and "13800130011" not in page
    assert looks()[-1] == ("file", scene.rosa, "console")


def test_the_household_password_is_never_on_the_file_page(agent: FlaskClient, scene: Scene) -> None:
    assert "白玉兰" not in agent.get(f"/console/residents/{scene.rosa}").text


def test_a_full_number_is_shown_for_a_reason_that_is_written_down(agent: FlaskClient, scene: Scene) -> None:
    phone = file_of(scene.rosa).phones[0].id
    refused = agent.post(f"/console/numbers/phone/{phone}", data={"reason": " "})
    assert refused.status_code == 400 and "55500001" not in refused.text.replace(" ", "")
    shown = agent.post(f"/console/numbers/phone/{phone}", data={"reason": "ring back"})
    assert "021 5550 0001" in shown.text
    assert looks()[-1] == ("number", scene.rosa, f"phone {phone}: ring back")


@pytest.mark.parametrize("what", ["phone", "relative", "order", "call_back", "worker"])
def test_a_number_that_is_not_there_is_not_found(agent: FlaskClient, what: str) -> None:
    assert agent.post(f"/console/numbers/{what}/999999", data={"reason": "x"}).status_code == 404


def test_a_new_file_is_made_with_its_phone(agent: FlaskClient, scene: Scene) -> None:
    answer = agent.post("/console/residents/new", data=form(phone="138 0013 0066", flags=["living_alone"]))
    made = file_of(int(answer.headers["Location"].rsplit("/", 1)[1]))
    assert (made.name, made.phones[0].number, made.flags) == ("单小花", "+8613800130066", ["living_alone"])


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"name": ""}, "This is needed."),
        ({"community_id": ""}, "This is needed."),
        ({"phone": "12ab"}, "is not a phone number"),
        ({"birth_year": "1700"}, "is not a likely year of birth"),
    ],
)
def test_mistakes_are_told_and_nothing_typed_is_lost(
    agent: FlaskClient, scene: Scene, changes: dict[str, str], told: str
) -> None:
    answer = agent.post("/console/residents/new", data=form(note="耳朵不好", **changes))
    assert answer.status_code == 422
    assert told in answer.text and "耳朵不好" in answer.text


def test_an_edit_keeps_what_the_form_does_not_show(agent: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        session.get_one(Resident, scene.rosa).wishes = {"forbidden_workers": [7]}
    agent.post(f"/console/residents/{scene.rosa}/edit", data=form(name="罗莎莎", wished_gender="f"))
    changed = file_of(scene.rosa)
    assert (changed.name, changed.wishes) == ("罗莎莎", {"forbidden_workers": [7], "gender": "f"})
    assert len(changed.phones) == 1


def test_phones_are_added_ordered_and_removed(agent: FlaskClient, scene: Scene) -> None:
    path = f"/console/residents/{scene.rosa}/phones"
    agent.post(path, data={"what": "add", "number": "138 0013 0055"})
    first, second = file_of(scene.rosa).phones
    agent.post(path, data={"what": "first", "phone": second.id})
    assert [phone.number for phone in file_of(scene.rosa).phones] == [second.number, first.number]
    agent.post(path, data={"what": "remove", "phone": first.id})
    assert [phone.number for phone in file_of(scene.rosa).phones] == ["+8613800130055"]


def test_a_phone_that_is_none_is_refused_in_words(agent: FlaskClient, scene: Scene) -> None:
    path = f"/console/residents/{scene.rosa}/phones"
    answer = agent.post(path, data={"what": "add", "number": "12ab"}, follow_redirects=True)
    assert "is not a phone number" in answer.text
    assert len(file_of(scene.rosa).phones) == 1


def test_consent_is_recorded_and_taken_back(agent: FlaskClient, scene: Scene) -> None:
    (daughter,) = file_of(scene.rosa).relatives
    path = f"/console/residents/{scene.rosa}/relatives/{daughter.id}"
    agent.post(path, data={"what": "withdraw"})
    assert file_of(scene.rosa).relatives[0].consented_at is None
    agent.post(path, data={"what": "consent"})
    assert file_of(scene.rosa).relatives[0].consented_at is not None
    agent.post(path, data={"what": "remove"})
    assert file_of(scene.rosa).relatives == []


def test_somebody_of_the_family_is_added_and_hears_nothing_by_default(agent: FlaskClient, scene: Scene) -> None:
    path = f"/console/residents/{scene.shan}/relatives"
    data = {"name": "王阿姨", "relation": "邻居", "number": "13800130044", "language": "zh-CN"}
    agent.post(path, data=data)
    with db.unit_of_work() as session:
        added = session.scalars(select(Relative).where(Relative.name == "王阿姨")).one()
    assert (added.resident_id, added.consented_at) == (scene.shan, None)
    assert len(file_of(scene.shan).relatives) == 2


def test_a_relative_of_somebody_else_can_not_be_changed_here(agent: FlaskClient, scene: Scene) -> None:
    (daughter,) = file_of(scene.rosa).relatives
    path = f"/console/residents/{scene.shan}/relatives/{daughter.id}"
    assert agent.post(path, data={"what": "remove"}).status_code == 404


def test_the_access_log_tells_a_supervisor_who_looked_and_why(
    scene: Scene, agent: FlaskClient, sign_in: SignIn
) -> None:
    agent.get(f"/console/residents/{scene.shan}")
    page = sign_in("supervisor").get(f"/console/access-log?by=staff:{scene.staff['agent']}").text
    assert "单德明" in page and "file opened" in page and "call-back 1" in page
    other = sign_in("supervisor").get(f"/console/access-log?by=staff:{scene.staff['dispatcher']}").text
    assert "Nobody has looked at anything yet." in other


def test_a_supervisor_sees_on_the_file_who_looked(scene: Scene, agent: FlaskClient, sign_in: SignIn) -> None:
    assert "Who looked at this file" not in agent.get(f"/console/residents/{scene.rosa}").text
    assert "Who looked at this file" in sign_in("supervisor").get(f"/console/residents/{scene.rosa}").text


def test_phones_of_the_district_are_encrypted_at_rest(scene: Scene) -> None:
    with db.unit_of_work() as session:
        raw = session.connection().exec_driver_sql(f"SELECT number FROM {ResidentPhone.__tablename__}").scalars().all()
    assert raw and not [number for number in raw if number.startswith("+")]


def test_a_wrong_number_stays_in_its_field_with_what_is_wrong(agent: FlaskClient, scene: Scene) -> None:
    answer = agent.post(f"/console/residents/{scene.rosa}/phones", data={"what": "add", "number": "5550001"})
    assert answer.status_code == 422
    assert 'value="5550001"' in answer.text and 'id="new-number-problem"' in answer.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("console", "the resident&#39;s file"),
        ("order 18315168", "order 1831 5168"),
        ("visit 2", "deciding about a visit"),
        ("door:2", "going to the door"),
        ("order:call:5", "a new order during a call"),
        ("phone 3: she asked for it", "resident&#39;s number: she asked for it"),
        ("what nobody knows", "what nobody knows"),
    ],
)
def test_the_access_log_says_in_words_what_a_look_was_for(
    scene: Scene, sign_in: SignIn, reason: str, words: str
) -> None:
    with db.unit_of_work() as session:
        access.log(session, "system:test", "file", scene.rosa, reason)
    supervisor = sign_in("supervisor")
    for page in ("/console/access-log", f"/console/residents/{scene.rosa}"):
        assert words in supervisor.get(page).text


def test_the_access_log_shows_what_the_social_workers_looked_at(scene: Scene, sign_in: SignIn) -> None:
    with db.unit_of_work() as session:
        access.log(session, f"worker:{scene.amir}", "file", scene.rosa, "door:1")
    supervisor = sign_in("supervisor")
    page = supervisor.get("/console/access-log?by=worker:").text
    assert "Amir" in page and "going to the door" in page and "call-back 1" not in page
    supervisor.post("/language", data={"language": "zh-CN"})
    page = supervisor.get("/console/access-log?by=worker:").text
    assert "全体社工" in page and "上门途中：社工自己的上门页面" in page
