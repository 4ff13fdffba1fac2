"""A person answers: agents are rung while the caller's keys still work, and the first to answer has the call."""

import threading
from contextlib import suppress

from app.demo.people import Missed
from app.hotline.models import Call, Seat
from tests.journeys import steps
from tests.journeys.town import HOTLINE, Town


def seat(town: Town, staff_id: int) -> str:
    return {row.id: row.state for row in town.all(Seat)}.get(staff_id, "")


def test_the_first_to_answer_has_the_call_and_the_others_fall_silent(town: Town) -> None:
    town.agent.sits_down()
    town.other_agent.sits_down()
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.agent.line.rings()
    town.other_agent.line.rings()
    town.agent.sees("/console/", "罗莎")
    town.agent.line.answer()
    town.agent.line.wait_for("joined-conference")
    town.rosa.wait_for("joined-conference")
    town.other_agent.line.is_hung_up()

    town.agent.line.says("您好，我是方小宁，请问有什么可以帮您？")
    town.rosa.hears("我是方小宁")
    town.rosa.says("我想改一下明天的时间")
    town.agent.line.hears("明天的时间")
    town.settle()
    assert (seat(town, 1), seat(town, 2)) == ("talking", "available")

    town.rosa.hang_up()
    town.agent.line.is_hung_up()
    town.until(lambda: seat(town, 1) == "wrap_up", "wrap-up")
    town.agent.sits_down()
    assert seat(town, 1) == "available"
    assert not town.call_backs()
    town.nothing_else_was_sent()


def test_a_key_pressed_at_the_moment_of_the_answer_does_not_lose_the_caller(town: Town) -> None:
    town.agent.sits_down()
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.agent.line.rings()
    together = threading.Barrier(2)

    def picks_up() -> None:
        together.wait()
        town.agent.line.answer()

    agent = threading.Thread(target=picks_up)
    agent.start()
    together.wait()
    with suppress(Missed):
        town.rosa.press("1")
    agent.join()
    town.rosa.wait_for("joined-conference")
    town.agent.line.wait_for("joined-conference")
    town.rosa.says("喂，听得到吗")
    town.agent.line.hears("听得到吗")
    heard = [event["text"] for event in town.rosa.log() if event["type"] == "heard"]
    assert sum("接通了" in text for text in heard) <= 1, heard
    town.agent.line.hang_up()
    town.rosa.wait_for("ended")
    town.settle()
    assert not town.call_backs()
    town.nothing_else_was_sent()


def test_a_caller_in_a_prompt_is_taken_out_of_it_by_the_agent_who_answers(town: Town) -> None:
    town.agent.sits_down()
    town.rosa.dial(HOTLINE)
    town.rosa.presses("1", after="正在为您接通")
    town.rosa.hears("您常用的是")
    town.agent.line.rings()
    town.agent.line.answer()
    town.rosa.wait_for("joined-conference")
    town.agent.line.hang_up()
    town.rosa.wait_for("ended")


def test_an_agent_on_his_own_number_accepts_by_a_key_since_a_voicemail_would_answer_too(town: Town) -> None:
    mobile = town.line("agent1's mobile", "+8613800130031")
    town.give_number("agent1", mobile.number)
    town.agent.sits_down("phone")
    town.rosa.dial(HOTLINE)
    mobile.rings().answer()
    mobile.presses("1", after="接听请按1")
    mobile.wait_for("joined-conference")
    town.rosa.wait_for("joined-conference")
    mobile.hang_up()
    town.rosa.wait_for("ended")
    town.nothing_else_was_sent()


def test_agents_who_do_not_answer_are_rung_no_longer_than_the_caller_waits(town: Town) -> None:
    town.agent.sits_down()
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.agent.line.rings()
    for _ in range(8):
        town.wind(seconds=4)
        town.settle()
    town.agent.line.is_hung_up()
    town.rosa.hears("会尽快给您回电话")
    town.settle()
    assert [row.reason for row in town.call_backs()] == ["missed_call"]
    assert seat(town, 1) == "available"
    town.nothing_else_was_sent()


def test_an_agent_takes_an_order_for_whoever_calls(town: Town) -> None:
    town.agent.sits_down()
    town.shan.dial(HOTLINE)
    town.agent.line.rings()
    town.agent.line.answer()
    town.shan.wait_for("joined-conference")
    call, subject = town.last_inbound(), town.resident("单德明")
    item = town.item("MEAL-01")
    page = town.agent.does(
        f"/console/orders/new?call={call.id}&subject={subject.id}", "#order-form", item_id=item.id, action="save"
    )
    assert town.order.number in page.url, page.text[:500]
    town.agent.line.hang_up()
    town.shan.reads(f"已受理，单号{town.order.number}")
    worker = town.until(lambda: next((w for w in (town.amir, town.lena) if w.received()), None), "an offer")
    steps.is_asked(worker)
    assert town.order.channel == "phone_agent" and town.order.call_id == call.id
    assert isinstance(town.last(Call), Call)
    town.nothing_else_was_sent()


def test_a_talk_is_not_disturbed_while_time_passes(town: Town) -> None:
    town.agent.sits_down()
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.agent.line.rings()
    town.agent.line.answer()
    town.rosa.wait_for("joined-conference")
    for _ in range(3):
        town.wind(seconds=10)
        town.settle()
    town.agent.line.says("您还在吗")
    town.rosa.hears("您还在吗")
    assert town.last_inbound().waiting_since is None
    town.wind(minutes=15)
    town.settle()
    town.rosa.says("在的")
    town.agent.line.hears("在的")
    town.agent.line.hang_up()
    town.rosa.wait_for("ended")


def test_who_is_answered_and_hung_up_on_at_once_does_not_hang_in_an_empty_conference(town: Town) -> None:
    town.agent.sits_down()
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.agent.line.rings()
    town.agent.line.answer()
    town.agent.line.hang_up()
    town.settle()
    for _ in range(8):
        town.wind(seconds=5)
        town.settle()
    town.rosa.wait_for("ended")
    assert seat(town, 1) == "wrap_up"
