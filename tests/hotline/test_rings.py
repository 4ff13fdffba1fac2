"""Agents are rung together, the first to answer has the caller, and no phone rings in vain."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import again, clock, db, queue, site
from app.core.errors import Refused
from app.gateways.errors import CallOver, Misconfigured, Passing, Permanent, Unclear
from app.hotline import call_backs, endings, meeting, rings, seats
from app.hotline.models import Call, Ring, Seat
from tests.databases import Database
from tests.fake_carrier import FakeCarrier
from tests.hotline import office
from tests.messages.conftest import fake  # noqa: F401
from tests.people import cast
from workers import hotline as jobs
from workers import sweep


def states(session: Session) -> list[tuple[str, str]]:
    """(seat, last ring) of every agent, in order of their ids."""
    session.expire_all()
    rows = []
    for seat in session.scalars(select(Seat).order_by(Seat.id)):
        last = session.scalar(select(Ring.state).where(Ring.staff_id == seat.id).order_by(Ring.id.desc()).limit(1))
        rows.append((seat.state, last or ""))
    return rows


def asked_for(session: Session) -> list[str]:
    return [name for name, _ in queue.waiting(session)]


def test_all_who_are_free_are_rung_together_and_only_once(session: Session) -> None:
    first, second = office.agent(session), office.agent(session, "Gu")
    office.agent(session, "Tom", line=None)
    call = office.caller(session, cast.EVE)
    assert [to for _, to in rings.place(session, call.id)] == [f"client:agent-{first.id}", f"client:agent-{second.id}"]
    assert rings.place(session, call.id) == []
    assert states(session) == [("ringing", "placing"), ("ringing", "placing")]


def test_the_first_answer_wins_and_the_late_one_is_told(session: Session) -> None:
    one, two = office.agent(session), office.agent(session, "Gu")
    call = office.caller(session, cast.EVE)
    first, second = office.rung(session, call)
    assert rings.answer(session, second.id) is not None
    assert rings.answer(session, second.id) is not None, "asked again it is still his"
    assert rings.answer(session, first.id) is None
    session.refresh(call)
    assert (call.staff_id, call.claimed_at) == (two.id, clock.now())
    assert states(session) == [("available", "withdrawn"), ("talking", "answered")]
    assert seats.of(session, one.id).call_id is None
    assert {"hotline.join_caller", "hotline.silence"} <= set(asked_for(session))


def test_two_agents_who_answer_in_the_same_moment_do_not_both_have_the_caller(database: Database) -> None:
    with db.unit_of_work() as session:
        office.agent(session), office.agent(session, "Gu")
        ids = [ring.id for ring in office.rung(session, office.caller(session, cast.EVE))]
    with db.unit_of_work() as one, db.unit_of_work() as two:
        assert rings.answer(one, ids[0]) is not None
        one.commit()
        assert rings.answer(two, ids[1]) is None


def test_the_others_fall_silent_once_somebody_has_answered(session: Session) -> None:
    office.agent(session), office.agent(session, "Gu")
    call = office.caller(session, cast.EVE)
    first, second = office.rung(session, call)
    rings.answer(session, first.id)
    assert rings.withdraw(session, call.id) == [second.sid]
    assert rings.withdraw(session, call.id) == []
    assert states(session) == [("talking", "answered"), ("available", "withdrawn")]


def test_a_caller_who_left_silences_all(session: Session) -> None:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    [ring] = office.rung(session, call)
    endings.status(session, call.id, "completed")
    assert rings.withdraw(session, call.id) == [ring.sid]
    assert rings.answer(session, ring.id) is None
    assert states(session) == [("available", "withdrawn")]
    assert call.waiting_since is None and rings.waiting(session) == []


def test_nobody_is_rung_for_a_caller_who_left_is_served_or_waits_no_more(session: Session) -> None:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    rings.stop(session, call)
    assert rings.place(session, call.id) == []
    endings.status(session, call.id, "completed")
    assert rings.place(session, call.id) == []
    assert rings.place(session, 999) == []


def test_an_agent_who_comes_while_somebody_waits_is_rung_for_him(session: Session) -> None:
    call = office.caller(session, cast.EVE)
    assert rings.place(session, call.id) == [] and rings.waiting(session) == []
    agent = office.agent(session)
    assert rings.waiting(session) == [call.id]
    assert [to for _, to in rings.place(session, call.id)] == [f"client:agent-{agent.id}"]
    assert rings.waiting(session) == []


def test_an_emergency_comes_before_who_waits_longer(session: Session) -> None:
    first = office.caller(session, cast.EVE)
    clock.wind(timedelta(seconds=5))
    second = office.caller(session, cast.SHAN, "CA" + "2" * 32)
    call_backs.open_for(session, "emergency", f"emergency:{second.id}", call=second)
    office.agent(session)
    assert rings.waiting(session) == [second.id, first.id]


def test_a_silent_console_is_not_rung_but_a_phone_of_ones_own_is(session: Session) -> None:
    site.put(session, "live", True)
    asleep, mobile = office.agent(session), office.agent(session, "Gu", "phone", office.MOBILE)
    clock.wind(seats.SILENT)
    call = office.caller(session, cast.EVE)
    assert [to for _, to in rings.place(session, call.id)] == [office.MOBILE]
    seats.alive(session, asleep.id)
    assert [seat.id for seat in seats.available(session)] == [asleep.id]
    assert seats.of(session, mobile.id).state == "ringing"


def test_before_going_live_an_agents_own_number_is_rung_only_if_it_is_allowed(session: Session) -> None:
    office.agent(session, "Gu", "phone", office.MOBILE)
    call = office.caller(session, cast.EVE)
    assert rings.place(session, call.id) == []
    site.put(session, "allow_list", [office.MOBILE])
    assert len(rings.place(session, call.id)) == 1


def test_without_a_number_nobody_takes_calls_by_phone(session: Session) -> None:
    with pytest.raises(Refused, match=r"seat\.no_number"):
        office.agent(session, "Gu", "phone")


def test_a_phone_that_was_not_answered_is_left_alone_by_the_same_caller_for_a_while(session: Session) -> None:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    [ring] = office.rung(session, call)
    rings.failed(session, ring.id)
    assert states(session) == [("available", "missed")]
    assert rings.place(session, call.id) == []
    other = office.caller(session, cast.SHAN, "CA" + "2" * 32)
    assert len(rings.place(session, other.id)) == 1


def test_it_is_rung_again_later(session: Session) -> None:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    [ring] = office.rung(session, call)
    rings.failed(session, ring.id, "failed")
    clock.wind(rings.AGAIN)
    assert len(rings.place(session, call.id)) == 1


@pytest.mark.parametrize("event", ["missed", "failed", "withdrawn"])
def test_who_answers_after_his_ring_was_given_up_is_too_late(session: Session, event: str) -> None:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    [ring] = office.rung(session, call)
    rings.failed(session, ring.id, event)
    assert rings.answer(session, ring.id) is None
    assert call.staff_id is None and states(session) == [("available", event)]


def test_a_ring_that_lasts_too_long_is_withdrawn_and_a_fresh_one_is_not(session: Session) -> None:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    [old] = office.rung(session, call)
    clock.wind(rings.TOO_LONG - timedelta(seconds=1))
    seats.alive(session, office.agent(session, "Gu").id)
    [fresh] = office.rung(session, call)
    assert rings.overdue(session) == []
    clock.wind(timedelta(seconds=2))
    assert rings.overdue(session) == [call.id]
    assert rings.withdraw(session, call.id) == [old.sid]
    assert (old.state, fresh.state) == ("withdrawn", "ringing")


def test_phones_that_ring_in_vain_are_found_when_their_silencing_was_lost(session: Session) -> None:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    office.rung(session, call)
    rings.stop(session, call)
    session.flush()
    assert rings.overdue(session) == []
    clock.wind(rings.PATIENCE + timedelta(seconds=1))
    assert rings.overdue(session) == [call.id]


# -- agent and caller come together, or not


def answered(session: Session) -> tuple[Call, Ring]:
    office.agent(session)
    call = office.caller(session, cast.EVE)
    [ring] = office.rung(session, call)
    assert rings.answer(session, ring.id) is not None
    session.refresh(call)
    return call, ring


def in_conference(session: Session, call: Call) -> None:
    call.flow_state = call.flow_state | {"node": "talk", "turns": 2, "reached": ["person"]}
    session.flush()


def test_the_caller_is_moved_once_and_not_again_when_the_news_of_his_coming_is_lost(session: Session) -> None:
    call, _ = answered(session)
    move = meeting.to_join(session, call.id)
    assert move is not None and (move.sid, move.n, move.given) == (call.sid, 0, {"join": "1"})
    in_conference(session, call)
    assert meeting.to_join(session, call.id) is None


def test_who_waits_for_his_agent_too_long_is_found(session: Session) -> None:
    call, _ = answered(session)
    clock.wind(timedelta(seconds=6))
    assert meeting.to_be_joined(session, clock.now() - timedelta(seconds=5)) == [call.id]
    meeting.joined(session, call.id)
    meeting.joined(session, call.id)
    session.flush()
    assert meeting.to_be_joined(session, clock.now()) == []


def test_an_agent_who_hangs_up_before_his_caller_came_gives_him_to_the_others(session: Session) -> None:
    call, ring = answered(session)
    assert meeting.agent_left(session, ring.id) is None
    assert (call.staff_id, ring.state, states(session)[0][0]) == (None, "missed", "wrap_up")
    assert call.waiting_since is not None
    other = office.agent(session, "Gu")
    assert [to for _, to in rings.place(session, call.id)] == [f"client:agent-{other.id}"]
    assert meeting.agent_left(session, ring.id) is None, "told twice"


@pytest.mark.parametrize(("talked", "outcome"), [(True, "answered"), (False, "failed")])
def test_a_caller_is_not_left_alone_in_the_conference(session: Session, talked: bool, outcome: str) -> None:
    call, ring = answered(session)
    in_conference(session, call)
    if talked:
        meeting.joined(session, call.id)
    move = meeting.agent_left(session, ring.id)
    assert move is not None and (move.sid, move.given) == (call.sid, {"dialled": outcome})


def test_an_agent_is_not_left_alone_when_the_caller_hangs_up_before_they_meet(session: Session) -> None:
    call, ring = answered(session)
    endings.status(session, call.id, "completed")
    assert rings.withdraw(session, call.id) == [ring.sid]
    assert states(session)[0][0] == "wrap_up"
    assert meeting.agent_left(session, ring.id) is None
    [row] = call_backs.worklist(session)
    assert row.reason == "missed_call"


def test_an_ended_call_leaves_no_caller_waiting_and_nobody_talking(session: Session) -> None:
    call, _ = answered(session)
    in_conference(session, call)
    meeting.joined(session, call.id)
    endings.status(session, call.id, "completed")
    session.flush()
    assert call.waiting_since is None and states(session)[0][0] == "wrap_up"
    assert call_backs.worklist(session) == []
    assert rings.waiting(session) == meeting.to_be_joined(session, clock.now()) == []


# -- the jobs


@pytest.fixture
def waiting(database: Database) -> int:
    """A committed caller; an agent is free."""
    with db.unit_of_work() as session:
        office.agent(session)
        return office.caller(session, cast.EVE).id


def ring_states() -> list[str]:
    with db.unit_of_work() as session:
        return list(session.scalars(select(Ring.state).order_by(Ring.id)))


def test_the_job_rings_once_however_often_it_runs(waiting: int, fake: FakeCarrier) -> None:  # noqa: F811
    for _ in range(3):
        jobs.ring_agents(waiting)
    assert [call.to for call in fake.calls] == ["client:agent-1"]
    assert fake.urls == ["https://doorline.example/carrier/ring?ring=1" + again.STEP]
    assert ring_states() == ["ringing"]


@pytest.mark.parametrize(
    ("error", "ends"),
    [(Passing("20429"), "failed"), (Permanent("21211"), "failed"), (Misconfigured("20003"), "failed"),
     (Unclear("timeout"), "placing")],
)  # fmt: skip
def test_a_phone_that_cannot_be_rung_does_not_become_a_storm(
    waiting: int,
    fake: FakeCarrier,  # noqa: F811
    error: Passing,
    ends: str,
) -> None:
    fake.refuse = [error]
    for _ in range(5):
        jobs.ring_agents(waiting)
    assert ring_states() == [ends] and fake.calls == []


def test_a_phone_that_rings_after_the_caller_left_is_hung_up(
    waiting: int,
    fake: FakeCarrier,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = fake.place_call

    def caller_leaves_meanwhile(*args: str, **more: object) -> str:
        with db.unit_of_work() as session:
            endings.status(session, waiting, "completed")
        jobs.silence(waiting)
        return place(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(fake, "place_call", caller_leaves_meanwhile)
    jobs.ring_agents(waiting)
    assert fake.hung_up == [fake.calls[0].sid]
    assert ring_states() == ["withdrawn"]


def test_silencing_goes_on_when_the_carrier_refuses_one(waiting: int, fake: FakeCarrier) -> None:  # noqa: F811
    with db.unit_of_work() as session:
        office.agent(session, "Gu")
    jobs.ring_agents(waiting)
    with db.unit_of_work() as session:
        endings.status(session, waiting, "completed")
    fake.refuse = [Passing("20429")]
    jobs.silence(waiting)
    assert len(fake.hung_up) == 1 and ring_states() == ["withdrawn", "withdrawn"]


def test_the_redirect_carries_the_next_step_and_a_call_that_is_over_is_no_error(
    waiting: int,
    fake: FakeCarrier,  # noqa: F811
) -> None:
    jobs.ring_agents(waiting)
    with db.unit_of_work() as session:
        rings.answer(session, 1)
    fake.refuse = [CallOver("21220")]
    jobs.join_caller(waiting)
    jobs.join_caller(waiting)
    step = f"https://doorline.example/carrier/voice/step?call={waiting}&n=0&join=1{again.STEP}"
    assert fake.redirected == [("CA" + "1" * 32, step)]


def test_the_look_rings_for_waiting_callers_only_while_somebody_is_free(waiting: int, fake: FakeCarrier) -> None:  # noqa: F811
    def rung() -> list[str]:
        queue.connection().flushdb()
        sweep.waiting_callers()
        return [job.func_name for job in queue.pending()]

    assert rung() == ["workers.hotline.ring_agents"]
    jobs.ring_agents(waiting)
    assert rung() == []
    clock.wind(rings.TOO_LONG + timedelta(seconds=1))
    assert rung() == ["workers.hotline.silence"]
