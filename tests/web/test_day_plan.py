"""Absences and the day plan on the dispatcher's pages."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.core import clock, db
from app.core.moves import History
from app.visits import absence_proposals, planning
from app.visits.models import AbsenceProposal, DayPlan, Visit
from app.workforce.models import Shift
from tests.web.conftest import SignIn
from tests.web.scenery import Scene
from workers import visits as jobs

TODAY = {"first_day": "2026-11-24", "first_time": "09:00", "last_day": "2026-11-24", "last_time": "20:00"}


@pytest.fixture
def dispatcher(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("dispatcher")


def leaves() -> list[Shift]:
    with db.unit_of_work() as session:
        return list(session.scalars(select(Shift).where(Shift.kind == "leave", Shift.ends_at > clock.now())))


def plans(state: str = "wanted") -> list[DayPlan]:
    with db.unit_of_work() as session:
        return list(session.scalars(select(DayPlan).where(DayPlan.state == state)))


def visit(key: int) -> Visit:
    with db.unit_of_work() as session:
        return session.get_one(Visit, key)


def enter(dispatcher: FlaskClient, scene: Scene) -> AbsenceProposal:
    """Amir's absence is entered, and what would follow is worked out."""
    dispatcher.post(f"/console/workers/{scene.amir}/absence", data={**TODAY, "reason": "flu"})
    proposal = current()
    jobs.weigh(proposal.id)
    return proposal


def current() -> AbsenceProposal:
    with db.unit_of_work() as session:
        found = absence_proposals.current(session)
        assert found is not None
        return found


def confirm(dispatcher: FlaskClient, version: int) -> str:
    where = "/console/dispatch/absences/confirm"
    return dispatcher.post(where, data={"version": version}, follow_redirects=True).text


def is_away(dispatcher: FlaskClient, scene: Scene) -> None:
    """Amir's absence is noted."""
    confirm(dispatcher, enter(dispatcher, scene).version)


def test_what_would_follow_from_an_absence_is_shown_before_anything_happens(
    dispatcher: FlaskClient, scene: Scene
) -> None:
    assert "No absence is about to be noted." in dispatcher.get("/console/dispatch/absences").text
    before, holder = len(leaves()), visit(scene.visit).worker_id
    data = {**TODAY, "reason": "flu"}
    page = dispatcher.post(f"/console/workers/{scene.amir}/absence", data=data, follow_redirects=True).text
    assert "Being worked out…" in page and "Amir" in page and "Note without waiting" in page
    jobs.weigh(current().id)
    page = dispatcher.get("/console/dispatch/absences/live").text
    assert "would go to somebody else" in page and "nobody could come any more" in page
    assert "Messages that would be written" in page and "as of 09:00" in page
    assert f"/console/dispatch/{scene.visit}" in page and "Note and carry out" in page
    assert "Absences are about to be noted." in dispatcher.get("/console/workers").text
    assert (len(leaves()), plans(), visit(scene.visit).worker_id) == (before, [], holder)
    page = dispatcher.post("/console/dispatch/absences/drop", follow_redirects=True).text
    assert "Nobody was told anything." in page and "about to be noted" not in page
    assert "That was over already." in dispatcher.post("/console/dispatch/absences/drop", follow_redirects=True).text


def test_an_absence_that_touches_nobody_says_so(dispatcher: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        session.execute(update(Visit).values(state="cancelled", worker_id=None, during=None))
    enter(dispatcher, scene)
    page = dispatcher.get("/console/dispatch/absences").text
    assert "No visit would change." in page and "No message would be written." in page
    assert "would go to somebody else" not in page and "nobody could come" not in page


def test_an_absence_is_taken_out_again_unless_the_list_has_changed(dispatcher: FlaskClient, scene: Scene) -> None:
    proposal = enter(dispatcher, scene)
    where = "/console/dispatch/absences/0/remove"
    page = dispatcher.post(where, data={"version": proposal.version - 1}, follow_redirects=True).text
    assert "Somebody has changed the absences meanwhile." in page and "Take out" in page
    page = dispatcher.post(where, data={"version": proposal.version}, follow_redirects=True).text
    assert "No absence is about to be noted." in page


def test_an_absence_is_noted_shown_and_has_the_days_planned_anew(dispatcher: FlaskClient, scene: Scene) -> None:
    before = len(leaves())
    proposal = enter(dispatcher, scene)
    assert "Somebody has changed the absences meanwhile." in confirm(dispatcher, proposal.version - 1)
    assert len(leaves()) == before
    assert "It is noted." in confirm(dispatcher, proposal.version)
    assert "Is back" in dispatcher.get("/console/workers").text
    assert len(leaves()) == before + 1 and [plan.why for plan in plans()] == [["absence"]]
    with db.unit_of_work() as session:
        row = session.scalars(select(History).where(History.thing == "worker", History.event == "absent")).one()
        assert (row.thing_id, row.note) == (scene.amir, "flu")


def test_who_is_back_is_back_once(dispatcher: FlaskClient, scene: Scene) -> None:
    is_away(dispatcher, scene)
    [leave] = [one for one in leaves() if one.worker_id == scene.amir]
    end = f"/console/workers/absence/{leave.id}/end"
    assert "Noted: back at work." in dispatcher.post(end, follow_redirects=True).text
    assert "That was over already." in dispatcher.post(end, follow_redirects=True).text
    assert scene.amir not in {one.worker_id for one in leaves()}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": " "}, "Say why."),
        ({"last_time": "08:00"}, "The end must be later than the beginning"),
        ({"last_day": "never"}, "Give a date and two times"),
        ({"last_day": "2036-01-01"}, "Nobody is away for more than a year"),
    ],
)
def test_what_is_wrong_with_an_absence_is_said_and_what_was_typed_stays(
    dispatcher: FlaskClient, scene: Scene, wrong: dict[str, str], said: str
) -> None:
    data = {**TODAY, "reason": "a bad cold", **wrong}
    page = dispatcher.post(f"/console/workers/{scene.amir}/absence", data=data)
    assert page.status_code == 422 and said in page.text
    assert data["reason"] in page.text and f'id="away-{scene.amir}" open' in page.text
    assert not plans()


def test_an_agent_sees_who_is_away_and_changes_nothing(dispatcher: FlaskClient, scene: Scene, sign_in: SignIn) -> None:
    is_away(dispatcher, scene)
    agent = sign_in("agent")
    page = agent.get("/console/workers").text
    assert "absent" in page and "Is back" not in page and "See what would follow" not in page
    assert agent.post(f"/console/workers/{scene.amir}/absence", data={**TODAY, "reason": "x"}).status_code == 403
    for page in ("plan", "absences", "absences/live"):
        assert agent.get(f"/console/dispatch/{page}").status_code == 403
    for act in ("absences/confirm", "absences/drop", "absences/0/remove"):
        assert agent.post(f"/console/dispatch/{act}").status_code == 403


def test_the_plans_page_tells_what_is_being_done_and_what_was_changed(dispatcher: FlaskClient, scene: Scene) -> None:
    assert "broke down" in dispatcher.get("/console/dispatch/plan").text
    is_away(dispatcher, scene)
    page = dispatcher.get("/console/dispatch/plan").text
    assert "is next" in page and "somebody is away or back" in page
    jobs.plan(plans()[0].id)
    page = dispatcher.get("/console/dispatch/plan").text
    assert "carried out" in page and "who had it is away" in page and "Amir" in page
    assert "for one nobody can come" in page
    assert f"/console/dispatch/{scene.visit}" in page
    assert visit(scene.visit).worker_id != scene.amir


def test_a_dispatcher_asks_for_a_plan(dispatcher: FlaskClient, scene: Scene) -> None:
    page = dispatcher.post("/console/dispatch/plan", follow_redirects=True).text
    assert "being planned anew" in page and "a dispatcher asked for it" in page
    assert [plan.why for plan in plans()] == [["asked"]]


def test_the_timeline_says_that_the_plan_did_it_and_why(dispatcher: FlaskClient, scene: Scene) -> None:
    is_away(dispatcher, scene)
    jobs.plan(plans()[0].id)
    page = dispatcher.get(f"/console/orders/{scene.order}").text
    assert "The day plan took the visit from Amir" in page and "The day plan: who had it is away" in page


def test_unchanged_plans_are_not_sent_again(dispatcher: FlaskClient, scene: Scene) -> None:
    with db.unit_of_work() as session:
        planning.want(session, "asked")
    live = dispatcher.get("/console/dispatch/plan/live?seen=x")
    seen = live.text.split("seen=")[1].split('"')[0]
    assert live.status_code == 200
    assert dispatcher.get(f"/console/dispatch/plan/live?seen={seen}").status_code in (204, 286, 304)
