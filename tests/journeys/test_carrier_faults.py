"""The carrier's bad days: news twice, out of order, late or never; refusals; answers that get lost on the way."""

import pytest

from app.core.moves import History
from app.hotline.models import Call
from app.messages.models import BadNumber, Message, OptOut
from tests.journeys import steps, story
from tests.journeys.people import Line
from tests.journeys.town import HOTLINE, Town

KINDS = ("voice", "status", "sms", "receipt", "recording", "conference")


def bodies(line: Line) -> list[str]:
    return [text["body"] for text in line.received()]


def state_of(town: Town, key: str) -> str:
    return next((message.state for message in town.all(Message) if message.key == key), "")


def whole_story(town: Town) -> None:
    four = steps.rosa_is_expecting_amir(town)
    steps.visits(town, town.amir, four)
    town.daughter.reads("已完成")
    steps.is_content(town, town.rosa)
    town.becomes("closed")


def test_every_webhook_twice_is_the_same_story(town: Town) -> None:
    for kind in KINDS:
        town.fault("double", kind=kind, times=-1)
    whole_story(town)
    town.nothing_else_was_sent()
    assert not town.call_backs()


def test_every_webhook_of_a_story_once_more_changes_nothing(town: Town) -> None:
    whole_story(town)
    town.settle()
    before = len(town.all(History))
    for hook in town.webhooks():
        town.repeat(hook)
    town.nothing_else_was_sent()
    assert len(town.all(History)) == before
    assert town.order.state == "closed" and not town.call_backs()


def test_news_out_of_order_and_late_ends_the_same(town: Town) -> None:
    town.fault("swap", kind="receipt", times=-1)
    town.fault("swap", kind="status", times=-1)
    story.tell(town)
    town.nothing_else_was_sent()
    assert {message.state for message in town.all(Message)} == {"delivered"}
    assert all(call.finished for call in town.all(Call))


def test_a_receipt_that_overtakes_the_carriers_answer_wins(town: Town) -> None:
    town.fault("delay", kind="receipt", times=1, seconds=120)
    steps.orders_usual(town.shan)
    steps.accepts(town.lena)
    steps.is_announced_by_text(town.shan)
    town.wind(seconds=125)
    town.settle()
    assert {message.state for message in town.all(Message)} == {"delivered"}
    town.nothing_else_was_sent()


def test_without_any_callback_the_story_goes_on_and_the_carrier_is_asked(town: Town) -> None:
    town.fault("lose", kind="receipt", times=-1)
    town.fault("lose", kind="status", times=-1)
    four = steps.shan_is_expecting_lena(town)
    steps.visits(town, town.lena, four)
    steps.is_content(town, town.shan)
    town.becomes("closed")
    town.wind(minutes=12)
    town.until(lambda: all(call.finished for call in town.all(Call)), "all calls over", nudge=5)
    town.nothing_else_was_sent()


def test_a_lost_no_answer_does_not_end_the_tries(town: Town) -> None:
    steps.agent_orders(town, "罗莎", "CARE-03", day="tomorrow", part="afternoon")
    steps.accepts(town.amir)
    town.daughter.reads("已安排在")
    town.rosa.rings()
    town.fault("lose", kind="status", number=town.rosa.number, times=1)
    town.wind(seconds=31)
    town.rosa.is_hung_up()
    town.wind(minutes=12)
    town.until(lambda: town.last(Call).finished, "the carrier's answer")
    town.wind(minutes=31)
    steps.is_announced_by_voice(town.rosa)
    town.nothing_else_was_sent()


@pytest.mark.parametrize("code", [0, 500])
def test_an_unclear_answer_to_a_text_is_asked_about_and_the_text_goes_out_once(town: Town, code: int) -> None:
    town.fault("refuse", kind="message", number=town.amir.number, code=code)
    steps.orders_usual(town.rosa)
    town.until(lambda: town.all(Message), "the offer")
    town.until(lambda: state_of(town, "offer:1") == "delivered", "its receipt", nudge=20)
    steps.is_asked(town.amir)
    assert len(bodies(town.amir)) == 1
    town.wind(minutes=2)
    town.nothing_else_was_sent()


@pytest.mark.parametrize("code", [0, 500])
def test_an_unclear_answer_to_a_call_rings_once(town: Town, code: int) -> None:
    town.fault("refuse", kind="call", number=town.rosa.number, code=code)
    steps.orders_usual(town.rosa)
    steps.accepts(town.amir)
    town.daughter.reads("已安排在")
    town.until(lambda: town.rosa.state() == "ringing", "the announcement", nudge=20)
    steps.is_announced_by_voice(town.rosa)
    town.wind(minutes=20)
    town.nothing_else_was_sent()


def test_too_many_requests_means_later(town: Town) -> None:
    town.fault("refuse", kind="message", number=town.amir.number, code=20429)
    steps.orders_usual(town.rosa)
    town.until(lambda: state_of(town, "offer:1") == "queued" and town.last(Message).attempts == 1, "the refusal")
    town.nothing_else_was_sent()
    town.wind(seconds=16)
    steps.is_asked(town.amir)
    town.nothing_else_was_sent()


def test_a_wrong_set_up_holds_texts_back_and_loses_none(town: Town) -> None:
    town.fault("refuse", kind="message", number=town.amir.number, code=20003, times=2)
    steps.orders_usual(town.rosa)
    town.until(lambda: town.all(Message), "the offer")
    for _ in range(2):
        town.wind(seconds=301)
        town.settle()
    steps.is_asked(town.amir)
    town.nothing_else_was_sent()


def test_who_has_opted_out_at_the_carrier_is_rung_instead(town: Town) -> None:
    town.fault("refuse", kind="message", number=town.shan.number, code=21610)
    steps.orders_usual(town.shan)
    steps.accepts(town.lena)
    steps.is_announced_by_voice(town.shan)
    assert len(town.all(OptOut)) == 1
    town.nothing_else_was_sent()


def test_a_number_that_no_text_can_reach_is_marked_and_rung(town: Town) -> None:
    town.fault("undeliver", number=town.shan.number, code=30005)
    steps.orders_usual(town.shan)
    steps.accepts(town.lena)
    steps.is_announced_by_voice(town.shan)
    assert len(town.all(BadNumber)) == 1
    town.nothing_else_was_sent()


def test_a_phone_that_is_switched_off_gets_its_text_later(town: Town) -> None:
    town.fault("undeliver", number=town.shan.number, code=30003)
    steps.orders_usual(town.shan)
    steps.accepts(town.lena)
    town.until(lambda: any(m.attempts == 1 and m.state == "queued" for m in town.all(Message)), "the refusal")
    town.wind(seconds=16)
    steps.is_announced_by_text(town.shan)
    town.nothing_else_was_sent()


def test_a_caller_whose_way_to_his_agent_gets_lost_reaches_the_duty_phone(town: Town) -> None:
    town.agent.sits_down()
    town.duty.behaves(answers="busy")
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.agent.line.rings()
    town.fault("lose", kind="voice", number=town.rosa.number)
    town.agent.line.answer()
    town.rosa.hears("系统出了故障")
    town.rosa.hears("有生命危险，请直接打1 2 0")
    town.rosa.is_hung_up()
    assert town.last_inbound().number == town.rosa.number


def test_an_answer_of_ours_that_gets_lost_leads_to_the_duty_phone_not_to_silence(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.fault("lose", kind="voice", number=town.rosa.number)
    town.rosa.presses("1")
    town.rosa.hears("系统出了故障")
    town.duty.rings().answer()
    town.duty.wait_for("bridged")
    town.duty.hang_up()
    town.rosa.wait_for("ended")
    town.settle()
    assert [row.reason for row in town.call_backs()] == ["missed_call"]
    town.nothing_else_was_sent()
