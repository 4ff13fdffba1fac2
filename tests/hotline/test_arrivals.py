"""Who is calling decides which flow answers, and what it may say."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.core import clock, site
from app.hotline import arrivals
from app.hotline.models import Call
from ivr_flows import engine, loader
from ivr_flows.inputs import Start
from tests.hotline import office
from tests.people import cast


@pytest.fixture
def town(session: Session) -> cast.Town:
    return cast.town(session)


def flow(session: Session, number: str) -> str:
    return arrivals.opening(session, number).flow


def test_a_known_caller_is_offered_his_usual_service(session: Session, town: cast.Town) -> None:
    rosa = cast.rosa(session, town, usual_item_id=town.haircut.id)
    opening = arrivals.opening(session, cast.ROSA)
    assert (opening.flow, opening.resident_id, opening.language) == ("hotline", rosa.id, "zh-CN")
    assert opening.facts == {"straight": "no", "caller": "known", "has_usual": "yes", "usual": "上门理发"}


def test_without_a_clear_usual_service_none_is_offered(session: Session, town: cast.Town) -> None:
    cast.rosa(session, town)
    assert arrivals.opening(session, cast.ROSA).facts["has_usual"] == "no"
    cast.mr_shan(session, town, usual_item_id=town.gas.id)
    town.gas.active = False
    assert arrivals.opening(session, cast.SHAN).facts["has_usual"] == "no"


def test_a_shared_phone_asks_who_speaks_and_knows_no_subject(session: Session, town: cast.Town) -> None:
    cast.rosa(session, town)
    cast.mr_shan(session, town, phones=[cast.ROSA])
    opening = arrivals.opening(session, cast.ROSA)
    assert (opening.facts["caller"], opening.facts["people"], opening.resident_id) == ("shared", "2", None)
    assert opening.facts["person1"] != opening.facts["person2"]


def test_more_than_three_on_one_phone_are_not_named(session: Session, town: cast.Town) -> None:
    for name in ("罗莎", "单德明", "王一", "王二"):
        cast.rosa(session, town, name=name, relatives=[])
    assert arrivals.opening(session, cast.ROSA).facts["caller"] == "unknown"


def test_who_wants_people_only_is_offered_no_keys(session: Session, town: cast.Town) -> None:
    cast.rosa(session, town, wishes={"straight_to_person": True})
    assert arrivals.opening(session, cast.ROSA).facts["straight"] == "yes"


def test_a_worker_has_his_own_flow_at_any_hour_until_he_leaves_the_house(session: Session, town: cast.Town) -> None:
    amir = cast.amir(session)
    assert flow(session, cast.AMIR) == "worker"
    clock.wind(timedelta(hours=14))
    assert flow(session, cast.AMIR) == "worker"
    amir.active = False
    session.flush()
    assert flow(session, cast.AMIR) == "out_of_hours"


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, "hotline"), (10.99, "hotline"), (11, "out_of_hours"), (22.99, "out_of_hours"), (23, "hotline")],
)
def test_the_hours_of_the_district_decide(session: Session, hours: float, expected: str) -> None:
    clock.wind(timedelta(hours=hours))
    assert flow(session, cast.EVE) == expected


def test_hours_are_the_sites_own(session: Session) -> None:
    site.put(session, "opening_hours", {"from": "10:00", "to": "11:00"})
    assert flow(session, cast.EVE) == "out_of_hours"


@pytest.mark.parametrize("number", ["anonymous", "", "Anonymous", "+266696687"])
def test_a_hidden_number_is_a_stranger(session: Session, number: str) -> None:
    call = session.get_one(Call, arrivals.arrive(session, "CA1", number))
    assert call.number == (number or arrivals.UNKNOWN_CALLER) and call.resident_id is None


def test_a_number_in_the_local_form_is_known(session: Session, town: cast.Town) -> None:
    rosa = cast.rosa(session, town)
    call = session.get_one(Call, arrivals.arrive(session, "CA1", "02155500001"))
    assert (call.number, call.resident_id) == (cast.ROSA, rosa.id)


def test_a_call_is_made_once(session: Session) -> None:
    assert arrivals.arrive(session, "CA1", cast.EVE) == arrivals.arrive(session, "CA1", cast.EVE)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_agent_learns_on_his_own_phone_who_calls(session: Session, town: cast.Town, language: str) -> None:
    cast.rosa(session, town, language=language)
    agent = office.agent(session)
    agent.language = language
    [ring] = office.rung(session, office.caller(session, cast.ROSA))
    leg = session.get_one(Call, arrivals.agent_picked_up(session, ring.id, "CA2"))
    assert arrivals.agent_picked_up(session, ring.id, "CA2") == leg.id
    facts = leg.flow_state["facts"]
    assert facts["call"] == str(ring.call_id) and facts["who"]
    assert (leg.purpose, leg.direction, leg.ring_id, leg.language) == ("agent", "outbound", ring.id, language)


def test_every_opening_speaks(session: Session, town: cast.Town) -> None:
    cast.rosa(session, town, usual_item_id=town.haircut.id)
    for number in (cast.ROSA, cast.EVE):
        opening = arrivals.opening(session, number)
        shipped = loader.shipped(opening.flow)
        assert engine.step(shipped, engine.begin(shipped, opening.facts), Start()).effect is not None
