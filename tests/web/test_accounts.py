"""Accounts of staff, and everybody's day."""

import pytest
from flask.testing import FlaskClient

from app.core import db
from app.people import staff
from app.people.models import Staff
from tests.web.conftest import SignIn
from tests.web.scenery import PASSWORD, Scene

GOOD = "orange-kettle-window-42"


@pytest.fixture
def admin(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("admin")


def account(username: str) -> Staff | None:
    with db.unit_of_work() as session:
        return staff.by_username(session, username)


def form(**changes: str) -> dict[str, str]:
    given = {"username": "fang", "name": "方小宁", "role": "agent", "language": "zh-CN", "password": GOOD}
    return given | changes


def test_an_account_is_made_and_opens_the_console(admin: FlaskClient, sign_in: SignIn) -> None:
    assert admin.post("/console/accounts", data=form(number="138 0013 0077")).status_code == 302
    made = account("fang")
    assert made is not None and (made.role, made.number) == ("agent", "+8613800130077")


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"password": "short"}, "at least 10 characters"),
        ({"username": "agent"}, "This sign-in name is taken."),
        ({"username": "a b"}, "letters, digits"),
        ({"name": ""}, "This is needed."),
        ({"number": "12ab"}, "is not a phone number"),
        ({"role": "king"}, "is not one of the choices"),
    ],
)
def test_mistakes_are_told_at_their_fields(admin: FlaskClient, changes: dict[str, str], told: str) -> None:
    answer = admin.post("/console/accounts", data=form(**changes))
    assert answer.status_code == 422
    assert told in answer.text
    assert GOOD not in answer.text


def test_a_new_password_is_set_and_the_old_one_ends(admin: FlaskClient, scene: Scene) -> None:
    admin.post(f"/console/accounts/{scene.staff['agent']}/password", data={"password": GOOD})
    with db.unit_of_work() as session:
        assert staff.authenticate(session, "agent", GOOD) is not None
        assert staff.authenticate(session, "agent", PASSWORD) is None


def test_a_weak_new_password_is_refused_in_words(admin: FlaskClient, scene: Scene) -> None:
    path = f"/console/accounts/{scene.staff['agent']}/password"
    assert "at least 10" in admin.post(path, data={"password": "short"}, follow_redirects=True).text


def test_an_account_is_closed_and_opened_again(admin: FlaskClient, scene: Scene) -> None:
    path = f"/console/accounts/{scene.staff['agent']}"
    admin.post(f"{path}/deactivate")
    closed = account("agent")
    assert closed is not None and not closed.active
    admin.post(f"{path}/activate")
    opened = account("agent")
    assert opened is not None and opened.active


def test_the_last_administrator_can_not_shut_himself_out(admin: FlaskClient, scene: Scene) -> None:
    answer = admin.post(f"/console/accounts/{scene.staff['admin']}/deactivate", follow_redirects=True)
    assert "The last administrator can't be shut out." in answer.text.replace("&#39;", "'")
    kept = account("admin")
    assert kept is not None and kept.active


def test_everybodys_day_tells_shift_and_load(scene: Scene, sign_in: SignIn) -> None:
    page = sign_in("agent").get("/console/workers").text
    amir = page[page.index("<strong>Amir") :].split("</tr>")[0]
    assert "on duty" in amir and "08:00" in amir and ">1</td>" in amir and ">30</td>" in amir
    tom = page[page.index("<strong>Tom") :].split("</tr>")[0]
    assert "off duty" in tom
