"""An agent's phone is picked up: he and the caller meet, whoever presses, hangs up or is told first."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.core import clock, db
from app.hotline import meeting, seats
from app.hotline.models import Call, Ring
from app.orders.models import ServiceOrder
from tests.hotline import office
from tests.web_carrier.conftest import Post
from tests.web_carrier.line import Line, jobs
from tests.web_carrier.scenery import count, reasons

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def agent(town: None) -> int:
    """An agent sits at her browser line."""
    with db.unit_of_work() as session:
        return office.agent(session).id


def ring(agent: int, call_id: int = 1) -> int:
    """The agent's phone rings for the caller."""
    with db.unit_of_work() as session:
        seats.ring(session, seats.of(session, agent), session.get_one(Call, call_id))
        row = Ring(call_id=call_id, staff_id=agent, line="browser", state="ringing", created_at=clock.now())
        session.add(row)
        session.flush()
        return row.id


@pytest.fixture
def answers(agent: int, post: Post) -> Callable[[], Line]:
    """The agent's phone rings and is picked up."""

    def pick_up() -> Line:
        line = Line(post, f"client:agent-{agent}", "CA" + "2" * 32)
        line.pick_up(f"/carrier/ring?ring={ring(agent)}")
        return line

    return pick_up


def seat(agent: int) -> str:
    with db.unit_of_work() as session:
        return seats.of(session, agent).state


def test_caller_and_agent_meet_in_the_callers_conference(rosa: Line, agent: int, answers: Callable[[], Line]) -> None:
    line = answers()
    assert line.tree.findtext("Dial/Conference") == "call-1"
    assert line.again() == line.heard
    assert ("hotline.join_caller", (1,)) in jobs()
    rosa.ask(f"{rosa.action}&join=1")
    assert rosa.tree.findtext("Dial/Conference") == "call-1"
    clock.wind(timedelta(seconds=4))
    for _ in range(2):
        form = rosa.form(StatusCallbackEvent="participant-join", ConferenceSid="CF" + "1" * 32)
        assert rosa.post("/carrier/conference?call=1", **form).status_code == 204
    call = the_call_of(rosa)
    assert (call.staff_id, call.waiting_since, seat(agent)) == (agent, None, "talking")


def test_who_is_led_to_an_agent_who_is_gone_again_waits_on(rosa: Line, agent: int, answers: Callable[[], Line]) -> None:
    answers()
    with db.unit_of_work() as session:
        assert meeting.agent_left(session, session.scalars(select(Ring.id)).one()) is None
    rosa.ask(f"{rosa.action}&join=1")
    assert rosa.tree.find("Dial") is None and rosa.tree.find("Hangup") is None
    call = the_call_of(rosa)
    assert call.staff_id is None and call.waiting_since is not None and not call.finished


def the_call_of(line: Line) -> Call:
    with db.unit_of_work() as session:
        return session.scalars(select(Call).where(Call.sid == line.sid)).one()


def test_the_agents_own_coming_is_not_the_callers(rosa: Line, answers: Callable[[], Line]) -> None:
    line = answers()
    line.post("/carrier/conference?call=1", **line.form(StatusCallbackEvent="participant-join"))
    assert the_call_of(rosa).waiting_since is not None


def test_a_key_pressed_after_the_agent_answered_is_kept_and_the_caller_joins_him(
    rosa: Line, answers: Callable[[], Line]
) -> None:
    answers()
    rosa.press("1")
    assert rosa.verbs[-1] == "Dial"


CONNECTED = "接通了，请讲。"


def test_a_caller_led_to_his_agent_twice_hears_that_he_is_connected_once(
    rosa: Line, answers: Callable[[], Line]
) -> None:
    """His own silence, and each of two jobs of ours, may overtake the redirect: only the last answer is carried out."""
    answers()
    redirect = f"{rosa.action}&join=1"
    rosa.silence()
    assert (rosa.said, rosa.tree.findtext("Dial/Conference")) == (CONNECTED, "call-1")
    after = rosa.action
    for _ in range(2):
        rosa.ask(redirect)
        assert (rosa.said, rosa.tree.findtext("Dial/Conference"), rosa.action) == ("", "call-1", after)
    rosa.ask(rosa.action, DialCallStatus="completed")
    assert rosa.verbs == ["Hangup"]
    assert the_call_of(rosa).flow_state["end"] == "person"


def test_a_caller_whose_redirect_is_asked_for_twice_hears_that_he_is_connected_once(
    rosa: Line, answers: Callable[[], Line]
) -> None:
    answers()
    redirect = f"{rosa.action}&join=1"
    said = []
    for _ in range(2):
        rosa.ask(redirect)
        said.append(rosa.said)
    assert said == [CONNECTED, ""]


def test_a_key_pressed_before_the_agent_answered_counts_and_then_he_is_moved(
    rosa: Line, answers: Callable[[], Line]
) -> None:
    rosa.press("1")
    rosa.press("1")
    answers()
    rosa.ask(f"{rosa.action}&join=1")
    assert rosa.verbs[-1] == "Dial"
    assert count(ServiceOrder) == 1


def test_silence_at_the_moment_of_the_answer_books_nothing(rosa: Line, answers: Callable[[], Line]) -> None:
    rosa.silence()
    answers()
    rosa.silence()
    assert rosa.verbs[-1] == "Dial" and reasons() == []


def test_whom_nobody_answers_is_promised_a_call(rosa: Line) -> None:
    for _ in range(6):
        if not reasons():
            rosa.silence()
    assert "回电" in rosa.said and reasons() == ["missed_call"]
    assert ("hotline.silence", (1,)) in jobs()


def test_who_answers_too_late_hears_so(rosa: Line, agent: int, answers: Callable[[], Line]) -> None:
    with db.unit_of_work() as session:
        session.get_one(Call, 1).staff_id = 99
    line = answers()
    assert line.verbs == ["Say", "Hangup"]
    assert seat(agent) == "available"


def test_who_answers_when_the_caller_waits_no_more_is_not_left_alone(
    rosa: Line, agent: int, answers: Callable[[], Line]
) -> None:
    while not reasons():
        rosa.silence()
    line = answers()
    assert line.verbs == ["Say", "Hangup"]
    assert (the_call_of(rosa).staff_id, seat(agent)) == (None, "available")


def test_after_the_talk_both_calls_end(rosa: Line, agent: int, answers: Callable[[], Line]) -> None:
    line = answers()
    rosa.ask(f"{rosa.action}&join=1")
    for side in (rosa, line):
        side.ask(side.action, DialCallStatus="completed")
        assert side.verbs == ["Hangup"]
        side.hang_up()
    line.post("/carrier/ring-status?ring=1", **line.form(CallStatus="completed"))
    assert seat(agent) == "wrap_up"
    assert reasons() == []


def test_a_conference_that_fails_brings_another_person(rosa: Line, agent: int, answers: Callable[[], Line]) -> None:
    answers()
    rosa.ask(f"{rosa.action}&join=1")
    rosa.ask(rosa.action, DialCallStatus="failed")
    assert rosa.verbs == ["Gather", "Redirect"]
    call = the_call_of(rosa)
    assert (call.staff_id, call.waiting_since is not None, seat(agent)) == (None, True, "wrap_up")
    assert ("hotline.ring_agents", (1,)) in jobs()


@pytest.mark.parametrize("status", ["busy", "no-answer", "canceled", "failed", "completed"])
def test_an_agents_phone_that_is_not_answered_frees_his_seat(rosa: Line, agent: int, post: Post, status: str) -> None:
    ring_id = ring(agent)
    for _ in range(2):
        post(f"/carrier/ring-status?ring={ring_id}", CallSid="CA" + "2" * 32, CallStatus=status)
    with db.unit_of_work() as session:
        assert session.get_one(Ring, ring_id).state == ("failed" if status == "failed" else "missed")
    assert seat(agent) == "available"


def test_an_agent_whose_hang_up_overtakes_his_pick_up_has_nobody(rosa: Line, agent: int, post: Post) -> None:
    ring_id, line = ring(agent), Line(post, f"client:agent-{agent}", "CA" + "2" * 32)
    post(f"/carrier/ring-status?ring={ring_id}", CallSid=line.sid, CallStatus="completed")
    line.pick_up(f"/carrier/ring?ring={ring_id}")
    assert line.verbs == ["Hangup"]
    assert (the_call_of(rosa).staff_id, seat(agent)) == (None, "available")


def test_a_leg_that_ends_while_its_pick_up_is_under_way_is_not_forgotten(rosa: Line, agent: int, post: Post) -> None:
    line = Line(post, f"client:agent-{agent}", "CA" + "2" * 32)
    address = f"?ring={ring(agent)}"
    with ThreadPoolExecutor(2) as pool:
        picked_up = pool.submit(line.pick_up, f"/carrier/ring{address}")
        ended = pool.submit(post, f"/carrier/ring-status{address}", CallSid=line.sid, CallStatus="completed")
        assert picked_up.result() and ended.result().status_code == 204
    assert the_call_of(line).finished
    if the_call_of(rosa).staff_id is not None:
        assert ("hotline.agent_left", (1,)) in jobs()
