"""The rules of dispatch: a supervisor sets numbers, a dispatcher sees them and says what the weather is like."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core import db
from app.visits import dispatch_settings
from app.visits.dispatch_settings import SETTINGS
from app.visits.matching.problem import Weights
from app.web.console.dispatch_rules import LABELS, _read
from tests.web.conftest import SignIn
from tests.web.scenery import Scene

PAGE = "/console/dispatch/rules"


@pytest.fixture
def supervisor(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("supervisor")


def numbers(**others: str) -> dict[str, str]:
    """The whole form as it is, but for ``others``."""
    given = {name: str(_read(name, one.usual)) for name, one in SETTINGS.items() if one.usual is not True}
    typed = {name.replace("__", "."): value for name, value in others.items()}
    return given | {"plan.moves_promises": "y", "seen": "0"} | typed


def weights() -> Weights:
    with db.unit_of_work() as session:
        return dispatch_settings.weights(session)


def test_every_number_has_its_place_on_the_page() -> None:
    assert LABELS.keys() == SETTINGS.keys()


def test_a_supervisor_changes_a_number_in_minutes_and_sees_who_did(supervisor: FlaskClient, scene: Scene) -> None:
    answer = supervisor.post(PAGE, data=numbers(weights__gender="45", weights__waiting="0.2"), follow_redirects=True)
    assert weights() == Weights(gender=45 * 60, waiting=0.2)
    for words in ("2 numbers were changed", "not the wished gender: 30 → 45", "usual: 30 · changed", 'value="45"'):
        assert words in answer.text
    assert "2 numbers go back to their usual values." in answer.text
    with db.unit_of_work() as session:
        seen = dispatch_settings.version(session)
    supervisor.post(f"{PAGE}/usual", data={"seen": seen})
    assert weights() == Weights()


def test_nothing_different_is_told(supervisor: FlaskClient) -> None:
    assert "Nothing was different." in supervisor.post(PAGE, data=numbers(), follow_redirects=True).text


def test_a_box_that_is_not_ticked_is_a_no(supervisor: FlaskClient) -> None:
    data = numbers()
    del data["plan.moves_promises"]
    assert ": yes → no" in supervisor.post(PAGE, data=data, follow_redirects=True).text
    with db.unit_of_work() as session:
        assert not dispatch_settings.may_move(session)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weights__unserved": "0"}, "A number from 60 to 10080."),
        ({"weights__lateness": "many"}, "aria-invalid"),
        ({"weights__lateness": ""}, "A number from 0 to 100."),
    ],
)
def test_nonsense_is_told_at_its_field_and_what_was_typed_stays(
    supervisor: FlaskClient, wrong: dict[str, Any], words: str
) -> None:
    answer = supervisor.post(PAGE, data=numbers(weights__gender="45", **wrong))
    assert answer.status_code == 422
    assert words in answer.text and 'value="45"' in answer.text
    assert weights() == Weights()


def test_what_somebody_else_changed_meanwhile_is_not_undone_unseen(supervisor: FlaskClient) -> None:
    supervisor.post(PAGE, data=numbers(weights__gender="45"))
    answer = supervisor.post(PAGE, data=numbers(weights__load="2"))
    assert answer.status_code == 422 and "Somebody else has changed numbers meanwhile" in answer.text
    assert "not the wished gender: 30 → 45" in answer.text
    assert weights() == Weights(gender=45 * 60)


def test_a_dispatcher_sees_the_numbers_but_changes_none(scene: Scene, sign_in: SignIn) -> None:
    dispatcher = sign_in("dispatcher")
    page = dispatcher.get(PAGE).text
    assert "Supervisors can change these numbers." in page and "Set these numbers" not in page
    assert dispatcher.post(PAGE, data=numbers(weights__gender="45")).status_code == 403
    assert weights() == Weights()


def test_a_dispatcher_says_what_the_weather_is_like_and_takes_it_back(scene: Scene, sign_in: SignIn) -> None:
    dispatcher = sign_in("dispatcher")
    said = "Until midnight every way is reckoned 1.5 times as long: heavy rain or snow."
    assert said in dispatcher.post("/console/dispatch/weather", data={"weather": "storm"}, follow_redirects=True).text
    assert said in dispatcher.get("/console/dispatch").text
    page = dispatcher.post("/console/dispatch/weather", data={"weather": ""}, follow_redirects=True).text
    assert said not in page and "Ways are reckoned as usual." in page
    page = dispatcher.post("/console/dispatch/weather", data={"weather": ""}, follow_redirects=True).text
    assert "Nothing was different." in page and "planned anew." not in page.partition("<h1>")[0]
    assert "ways as usual" in dispatcher.get(PAGE).text


def test_weather_that_is_none_is_told(scene: Scene, sign_in: SignIn) -> None:
    dispatcher = sign_in("dispatcher")
    page = dispatcher.post("/console/dispatch/weather", data={"weather": "frogs"}, follow_redirects=True).text
    assert "“frogs” is not one of the choices." in page
