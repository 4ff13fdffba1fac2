"""The dispatcher's list and the decisions by hand."""

import pytest
from flask.testing import FlaskClient

from app.core import db
from app.visits import visiting
from app.visits.models import Visit
from tests.web.conftest import SignIn
from tests.web.scenery import Scene

AT_TEN = {"day": "2026-11-24", "at": "10:00", "reason": "she knows her"}


@pytest.fixture
def dispatcher(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("dispatcher")


def visit(key: int) -> Visit:
    with db.unit_of_work() as session:
        return session.get_one(Visit, key)


def test_the_list_tells_which_visit_needs_a_person_and_why(dispatcher: FlaskClient, scene: Scene) -> None:
    needs, _, runs = dispatcher.get("/console/dispatch").text.partition("Runs by itself")
    assert "nobody has been asked yet" in needs and f"/console/dispatch/{scene.troubled}" in needs
    assert f"/console/dispatch/{scene.visit}" in runs and "Amir" in runs


def test_the_page_ranks_everybody_and_says_why_others_can_not_come(dispatcher: FlaskClient, scene: Scene) -> None:
    page = dispatcher.get(f"/console/dispatch/{scene.troubled}").text
    assert "Could come, the cheapest first" in page
    assert "Tom" in page and "not on shift then" in page


def test_a_visit_is_given_by_hand_with_a_reason(dispatcher: FlaskClient, scene: Scene) -> None:
    answer = dispatcher.post(f"/console/dispatch/{scene.troubled}/assign", data={"worker": scene.lena, **AT_TEN})
    assert answer.status_code == 302
    given = visit(scene.troubled)
    assert (given.worker_id, given.state) == (scene.lena, "accepted")
    assert "she knows her" in dispatcher.get(f"/console/orders/id/{given.order_id}", follow_redirects=True).text


def test_without_a_reason_nothing_is_given(dispatcher: FlaskClient, scene: Scene) -> None:
    data = {"worker": scene.lena, **AT_TEN, "reason": ""}
    answer = dispatcher.post(f"/console/dispatch/{scene.troubled}/assign", data=data)
    assert answer.status_code == 422 and "Say why." in answer.text
    assert visit(scene.troubled).worker_id is None


def test_a_broken_rule_is_said_first_and_must_be_confirmed(dispatcher: FlaskClient, scene: Scene) -> None:
    data = {"worker": scene.tom, **AT_TEN}
    warned = dispatcher.post(f"/console/dispatch/{scene.troubled}/assign", data=data)
    assert warned.status_code == 422
    assert "A rule is against it: not on shift then." in warned.text
    assert "she knows her" in warned.text
    assert visit(scene.troubled).worker_id is None
    dispatcher.post(f"/console/dispatch/{scene.troubled}/assign", data={**data, "anyway": "y"})
    assert visit(scene.troubled).worker_id == scene.tom


def test_nobody_can_be_in_two_places_not_even_by_hand(dispatcher: FlaskClient, scene: Scene) -> None:
    during = visit(scene.visit).during
    assert during is not None and during.lower is not None
    data = {"worker": scene.amir, "day": "2026-11-24", "at": "09:00", "reason": "x", "anyway": "y"}
    moved = dispatcher.post(
        f"/console/dispatch/{scene.visit}/move",
        data={"move-day": "2026-11-24", "move-at": "09:00", "reason": "earlier"},
        follow_redirects=True,
    )
    assert moved.status_code == 200
    answer = dispatcher.post(f"/console/dispatch/{scene.troubled}/assign", data=data)
    assert answer.status_code == 422
    assert "has another visit at that time" in answer.text


@pytest.mark.parametrize("worker, day", [("", "2026-11-24"), ("999999", "2026-11-24"), ("1", "nonsense")])
def test_nonsense_is_refused_in_words(dispatcher: FlaskClient, scene: Scene, worker: str, day: str) -> None:
    data = {"worker": worker, "day": day, "at": "10:00", "reason": "x"}
    answer = dispatcher.post(f"/console/dispatch/{scene.troubled}/assign", data=data)
    assert answer.status_code in (404, 422)
    assert visit(scene.troubled).worker_id is None


def test_a_visit_is_moved_pinned_unpinned_and_taken_away(dispatcher: FlaskClient, scene: Scene) -> None:
    def do(what: str, **more: str) -> Visit:
        dispatcher.post(f"/console/dispatch/{scene.visit}/{what}", data={"reason": "so it is", **more})
        return visit(scene.visit)

    moved = do("move", **{"move-day": "2026-11-24", "move-at": "11:00"})
    assert moved.during is not None and f"{moved.during.lower:%H:%M}" == "03:00"
    assert do("pin").pinned is True
    assert do("unpin").pinned is False
    assert (do("withdraw").state, visit(scene.visit).worker_id) == ("open", None)


def test_a_visit_that_was_too_short_is_looked_at_after_it_is_over(dispatcher: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        over = session.get_one(Visit, scene.visit)
        visiting.begin(session, over, "worker:1", "code")
        visiting.finish(session, over, "worker:1")
    needs, _, _ = dispatcher.get("/console/dispatch").text.partition("Runs by itself")
    assert "the visit was much shorter than planned" in needs and f"/console/dispatch/{scene.visit}" in needs
    page = dispatcher.get(f"/console/dispatch/{scene.visit}").text
    assert "I have seen to it" in page and "Pin it" not in page
    dispatcher.post(f"/console/dispatch/{scene.visit}/settle", data={"reason": "she needed nothing"})
    needs, _, _ = dispatcher.get("/console/dispatch").text.partition("Runs by itself")
    assert f"/console/dispatch/{scene.visit}" not in needs
    assert "What can be done" not in dispatcher.get(f"/console/dispatch/{scene.visit}").text


def test_a_visit_that_nobody_proved_is_finished_by_hand_and_flagged(dispatcher: FlaskClient, scene: Scene) -> None:
    dispatcher.post(f"/console/dispatch/{scene.visit}/finish", data={"reason": "the daughter says so"})
    finished = visit(scene.visit)
    assert (finished.state, finished.proof, finished.attention) == ("done", None, "unproved")


@pytest.mark.parametrize("what", ["pin", "withdraw", "settle", "finish"])
def test_each_wants_a_reason(dispatcher: FlaskClient, scene: Scene, what: str) -> None:
    answer = dispatcher.post(f"/console/dispatch/{scene.visit}/{what}", data={"reason": ""}, follow_redirects=True)
    assert "Say why." in answer.text
    assert (visit(scene.visit).pinned, visit(scene.visit).state) == (False, "accepted")


def test_what_was_typed_for_a_move_stays_when_it_is_refused(dispatcher: FlaskClient, scene: Scene) -> None:
    data = {"move-day": "2026-11-25", "move-at": "", "reason": "the daughter asks for it"}
    answer = dispatcher.post(f"/console/dispatch/{scene.visit}/move", data=data)
    assert answer.status_code == 422 and "Give a date and two times" in answer.text
    assert 'value="the daughter asks for it"' in answer.text and 'value="2026-11-25"' in answer.text


def test_doing_it_all_the_same_is_offered_only_against_a_rule(dispatcher: FlaskClient, scene: Scene) -> None:
    path = f"/console/dispatch/{scene.troubled}/assign"
    missing = dispatcher.post(path, data={"worker": scene.lena, **AT_TEN, "reason": ""}).text
    assert "Do it all the same" not in missing and 'id="reason-problem"' in missing
    assert "Do it all the same" in dispatcher.post(path, data={"worker": scene.tom, **AT_TEN}).text


def test_looking_again_is_only_for_visits_that_wait_for_a_dispatcher(dispatcher: FlaskClient, scene: Scene) -> None:
    answer = dispatcher.post(f"/console/dispatch/{scene.visit}/retry", data={"reason": "x"}, follow_redirects=True)
    assert "Somebody else was faster" in answer.text
