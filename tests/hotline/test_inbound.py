"""Texts that come in: a worker's word moves his offer or visit, everybody else's reaches a person; each once."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from app.core import clock, crypto
from app.hotline import inbound
from app.hotline.models import CallBack, InboundText
from app.messages import lines
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.visits.models import Offer, Visit
from app.workforce.models import Worker
from tests.people import cast

CODE = "8245"


@dataclass
class Scene:
    """Amir has an offer for a haircut at Mr Shan's."""

    session: Session
    amir: Worker
    order: ServiceOrder
    visit: Visit
    offer: Offer

    def text(self, body: str, number: str = cast.AMIR) -> InboundText:
        """A text comes in and is read."""
        sid = f"SM{clock.timestamp()}{body}{number}"[:40]
        text_id = inbound.receive(self.session, sid, number, body)
        assert text_id is not None
        inbound.read_text(self.session, text_id)
        self.session.flush()
        return self.session.get_one(InboundText, text_id)

    def written(self, number: str = cast.AMIR) -> list[str]:
        """Templates of what was written to a number since the order was confirmed, oldest first."""
        rows = select(Message.template).where(
            Message.number_hash == crypto.keyed_hash(number), Message.template != "order_confirmed"
        )
        return list(self.session.scalars(rows.order_by(Message.id)))

    def states(self) -> tuple[str, str]:
        """Of offer and visit."""
        self.session.refresh(self.offer)
        self.session.refresh(self.visit)
        return self.offer.state, self.visit.state

    def call_backs(self) -> list[CallBack]:
        """The worklist."""
        return list(self.session.scalars(select(CallBack).order_by(CallBack.id)))


@pytest.fixture
def scene(session: Session) -> Scene:
    town = cast.town(session)
    amir = cast.amir(session)
    order = cast.order(session, town, cast.mr_shan(session, town))
    visit = _visit(session, order, amir, hours=2)
    return Scene(session, amir, order, visit, _offer(session, visit, amir, "47"))


def _visit(session: Session, order: ServiceOrder, worker: Worker, hours: float, state: str = "offered") -> Visit:
    start = clock.now() + timedelta(hours=hours)
    visit = Visit(
        order_id=order.id,
        state=state,
        worker_id=worker.id,
        during=Range(start, start + timedelta(minutes=30)),
        minutes=30,
        place=[31.2212, 121.4413],
        community_id=order.community_id,
        window_start=start,
        window_end=start + timedelta(hours=2),
        travel_seconds=600,
        code=CODE,
        created_at=clock.now(),
    )
    session.add(visit)
    session.flush()
    return visit


def _offer(session: Session, visit: Visit, worker: Worker, code: str) -> Offer:
    offer = Offer(
        order_id=visit.order_id,
        visit_id=visit.id,
        worker_id=worker.id,
        code=code,
        starts_at=visit.window_start,
        created_at=clock.now(),
        expires_at=clock.now() + timedelta(minutes=10),
    )
    session.add(offer)
    session.flush()
    return offer


# -- offers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", ["1 47", "147", "１ ４７", "接单47", "47 yes", "1", "好的"])
def test_a_yes_is_a_yes_however_it_is_written(scene: Scene, body: str) -> None:
    text = scene.text(body)
    assert scene.states() == ("accepted", "accepted")
    assert scene.offer.answered_by == "sms"
    assert scene.written() == ["offer_accepted"]
    assert (text.meaning, text.order_id) == ("accept", scene.order.id)


@pytest.mark.parametrize("body", ["2 47", "247", "拒绝", "No 47"])
def test_a_no_sends_the_visit_on(scene: Scene, body: str) -> None:
    scene.text(body)
    assert scene.states() == ("declined", "open")
    assert scene.written() == ["offer_declined"]


def test_a_yes_after_the_offer_is_gone(scene: Scene) -> None:
    scene.text("2 47")
    scene.text("1 47")
    assert scene.states() == ("declined", "open")
    assert scene.written() == ["offer_declined", "offer_taken"]


def test_a_yes_for_a_code_he_never_had_answers_nothing_in_his_name(scene: Scene) -> None:
    scene.text("1 99")
    assert scene.states() == ("sent", "offered")
    assert scene.written() == ["which_offer"]


def test_a_bare_yes_with_two_offers_asks_which(scene: Scene) -> None:
    _offer(scene.session, _visit(scene.session, scene.order, scene.amir, hours=4), scene.amir, "58")
    scene.text("1")
    assert scene.states() == ("sent", "offered")
    assert scene.written() == ["which_offer"]


def test_eve_cannot_answer_for_amir(scene: Scene) -> None:
    scene.text("1 47", cast.EVE)
    assert scene.states() == ("sent", "offered")
    assert [row.said for row in scene.call_backs()] == ["1 47"]


def test_a_text_read_twice_counts_once(scene: Scene) -> None:
    text = scene.text("1 47")
    inbound.read_text(scene.session, text.id)
    assert scene.written() == ["offer_accepted"]
    assert inbound.receive(scene.session, text.sid, cast.AMIR, "1 47") is None


def test_giving_back_what_he_promised_is_for_a_person(scene: Scene) -> None:
    scene.text("1 47")
    scene.text("2 47")
    assert scene.states() == ("accepted", "accepted")
    [row] = scene.call_backs()
    assert (row.said, row.order_id, row.number) == ("2 47", scene.order.id, cast.AMIR)


# -- the visit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arrival", [["到达", "45"], ["到了 45"], ["出发", "到达", "8245"]])
def test_the_whole_visit_by_text(scene: Scene, arrival: list[str]) -> None:
    for body in ["1 47", *arrival, "完成"]:
        scene.text(body)
    assert scene.states() == ("accepted", "done")
    assert scene.visit.proof == "code"
    assert set(scene.written()) == {"offer_accepted", "visit_reported"}


def test_done_without_the_code_asks_for_it(scene: Scene) -> None:
    scene.text("1 47")
    scene.text("完成")
    assert scene.states() == ("accepted", "accepted")
    assert scene.written() == ["offer_accepted", "code_wanted"]


def test_done_said_again_is_for_a_person_to_decide(scene: Scene) -> None:
    for body in ["1 47", "完成", "完成"]:
        scene.text(body)
        clock.wind(timedelta(seconds=1))
    assert scene.states() == ("accepted", "accepted")
    assert scene.written() == ["offer_accepted", "code_wanted", "visit_reported"]
    assert [(row.said, row.order_id) for row in scene.call_backs()] == [("完成", scene.order.id)]


def test_wrong_digits_three_times(scene: Scene) -> None:
    for body in ["1 47", "到达", "11", "12", "13", "45"]:
        scene.text(body)
        clock.wind(timedelta(seconds=1))
    assert scene.states() == ("accepted", "arrived")
    assert scene.written()[2:] == ["code_wrong", "code_wrong", "code_locked", "code_locked"]


def test_nobody_at_the_door(scene: Scene) -> None:
    for body in ["1 47", "没人"]:
        scene.text(body)
    assert scene.states() == ("accepted", "not_done")
    assert scene.visit.outcome == "nobody_home"


def test_two_bare_digits_before_the_door_may_mean_another_offer(scene: Scene) -> None:
    scene.text("1 47")
    _offer(scene.session, _visit(scene.session, scene.order, scene.amir, hours=4), scene.amir, "58")
    scene.text("58")
    assert scene.states() == ("accepted", "accepted")
    assert scene.visit.wrong_codes == 0
    assert scene.written()[-1] == "which_offer"


def test_a_word_without_a_visit(scene: Scene) -> None:
    scene.text("到达")
    assert scene.states() == ("sent", "offered")
    assert scene.written() == ["no_visit"]


# -- everybody else -------------------------------------------------------------------------------------------------


def test_what_a_resident_writes_is_read_by_a_person(scene: Scene) -> None:
    scene.text("明天能来理发吗", cast.SHAN)
    [row] = scene.call_backs()
    assert (row.reason, row.said, row.number) == ("wanted", "明天能来理发吗", cast.SHAN)
    assert row.resident_id == scene.order.subject_id
    assert scene.written(cast.SHAN) == ["help_resident"]


def test_a_second_text_within_the_hour_joins_the_first(scene: Scene) -> None:
    scene.text("明天能来理发吗", cast.SHAN)
    scene.text("后天也行", cast.SHAN)
    [row] = scene.call_backs()
    assert row.said == "明天能来理发吗\n后天也行"


@pytest.mark.parametrize("body", ["我摔倒了", "Help me please"])
@pytest.mark.parametrize("number", [cast.SHAN, cast.EVE, cast.AMIR])
def test_a_cry_for_help_is_urgent_whoever_writes_it(scene: Scene, body: str, number: str) -> None:
    scene.text(body, number)
    [row] = scene.call_backs()
    assert (row.reason, row.urgent, row.said) == ("emergency", True, body)


def test_what_a_worker_writes_and_nobody_understands_reaches_a_person(scene: Scene) -> None:
    scene.text("路上堵车要晚半小时")
    assert [row.said for row in scene.call_backs()] == ["路上堵车要晚半小时"]
    assert scene.written() == ["help_worker"]


@pytest.mark.parametrize("number", [cast.AMIR, cast.SHAN, cast.EVE])
def test_two_machines_do_not_talk_for_ever(scene: Scene, number: str) -> None:
    for count in range(6):
        scene.text(f"auto reply {'x' * count}", number)
    assert len(scene.written(number)) == inbound.HELP_AN_HOUR
    clock.wind(timedelta(hours=1, seconds=1))
    scene.text("auto reply", number)
    assert len(scene.written(number)) == inbound.HELP_AN_HOUR + 1


# -- stop and start -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [cast.SHAN, cast.AMIR, cast.EVE])
def test_stop_is_confirmed_once_and_start_undoes_it(scene: Scene, number: str) -> None:
    scene.text("退订", number)
    scene.text("T", number)
    assert scene.written(number) == ["stopped"]
    assert lines.kind_for(scene.session, number) == "voice"
    assert scene.call_backs() == []
    scene.text("START", number)
    scene.text("start", number)
    assert scene.written(number) == ["stopped", "started"]
    assert lines.kind_for(scene.session, number) == "text"
