"""Calls that go their own ways: nobody answers, the line drops, somebody is in danger, a stranger is at the door."""

from datetime import timedelta

import pytest

from app.hotline.models import CallBack
from app.orders.models import ServiceOrder
from tests.journeys import steps
from tests.journeys.people import Line
from tests.journeys.town import HOTLINE, Town


def only_call_back(town: Town) -> CallBack:
    town.settle()
    rows = town.call_backs()
    assert len(rows) == 1, [row.reason for row in rows]
    return rows[0]


def waits_in_vain(town: Town, caller: Line) -> None:
    """Nobody comes: the menu is heard, then that somebody will ring back."""
    caller.hears("正在为您接通")
    for _ in range(12):
        town.wind(seconds=4)
        town.settle()
    caller.hears("会尽快给您回电话")


def test_a_caller_whom_nobody_answers_is_listed_to_be_rung_back_within_half_an_hour(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    waits_in_vain(town, town.rosa)
    row = only_call_back(town)
    assert row.reason == "missed_call" and row.number == town.rosa.number and not row.urgent
    assert timedelta(minutes=29) < row.due_at - town.now() <= timedelta(minutes=30)
    town.rosa.is_hung_up()
    assert only_call_back(town).owner_id is None
    town.agent.sees("/console/", "罗莎")
    town.agent.sits_down()
    town.agent.sees("/console/", "负责人：方小宁")
    town.nothing_else_was_sent()


def test_silence_to_the_end_is_a_call_back_and_no_hang_up(town: Town) -> None:
    town.eve.dial(HOTLINE)
    waits_in_vain(town, town.eve)
    town.wind(seconds=10)
    town.eve.is_hung_up()
    assert only_call_back(town).reason == "missed_call"


def test_who_hangs_up_at_the_first_word_is_rung_back(town: Town) -> None:
    town.eve.dial(HOTLINE)
    town.eve.is_asked().hang_up()
    assert only_call_back(town).reason == "missed_call"


def test_a_dropped_call_leaves_a_draft_of_what_was_said_and_a_call_back(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    town.rosa.says("我家的灯坏了，想找人来修", after="正在为您接通")
    town.rosa.is_asked()
    town.rosa.hang_up()
    row = only_call_back(town)
    assert row.reason == "dropped_call" and "灯坏了" in (row.said or "")
    assert town.order.state == "draft" and "灯坏了" in (town.order.text or "")
    assert row.order_id == town.order.id


def test_an_order_in_ones_own_words_is_a_draft_that_an_agent_finishes(town: Town) -> None:
    town.eve.dial(HOTLINE)
    town.eve.presses("1", after="正在为您接通")
    town.eve.hears("说您需要什么服务")
    town.eve.says("我要理发")
    town.eve.presses("#")
    number = steps.digits(town.eve.hears("单号"))[:8]
    town.eve.hang_up()
    assert town.order.number == number and town.order.state == "draft"
    assert only_call_back(town).reason == "drafted_order"
    town.nothing_else_was_sent()


def test_a_hang_up_in_the_recording_keeps_it(town: Town) -> None:
    town.eve.dial(HOTLINE)
    town.eve.presses("1", after="正在为您接通")
    town.eve.hears("说您需要什么服务")
    town.eve.says("我要理发")
    town.eve.hang_up()
    assert only_call_back(town).reason in ("drafted_order", "dropped_call")
    assert [order.state for order in town.all(ServiceOrder)] == ["draft"]


Keys = tuple[tuple[str, str], ...]
"""(key, words after which it is pressed) …"""

GREETING, USUAL = "正在为您接通", "您常用的是"
PROMPTS = {
    "正在为您接通": (),
    "您常用的是": (("1", GREETING),),
    "说您需要什么服务": (("1", GREETING), ("2", USUAL)),
    "单号": (("1", GREETING), ("1", USUAL)),
    "请按八位单号": (("2", GREETING),),
    "请不要开门": (("3", GREETING),),
}


@pytest.mark.parametrize(("prompt", "keys"), PROMPTS.items(), ids=PROMPTS.keys())
def test_nine_is_an_emergency_wherever_it_is_pressed(
    town: Town, prompt: str, keys: tuple[tuple[str, str], ...]
) -> None:
    town.rosa.dial(HOTLINE)
    for key, said in keys:
        town.rosa.presses(key, after=said)
    town.rosa.presses("9", after=prompt)
    if prompt == "请按八位单号":
        town.wind(seconds=20)  # more digits might follow
    town.rosa.hears("正在转值班人员")
    town.duty.rings().answer()
    town.settle()
    assert [row.urgent for row in town.call_backs() if row.reason == "emergency"] == [True]
    town.duty.hang_up()
    town.rosa.wait_for("ended")


def test_an_emergency_word_needs_no_key_and_when_nobody_answers_the_numbers_are_said(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    town.rosa.says("救命，我摔倒了", after="正在为您接通")
    town.duty.rings()
    town.wind(seconds=26)
    town.rosa.hears("请马上直接打1 2 0、1 1 9或1 1 0")
    town.rosa.is_hung_up()
    row = only_call_back(town)
    assert row.urgent and row.due_at - town.now() <= timedelta(minutes=2)
    town.nothing_else_was_sent()


def test_star_changes_the_language(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    town.rosa.presses("*", after="正在为您接通")
    town.rosa.hears("[a-z]{3}")
    town.rosa.presses("2")
    town.rosa.hears("[Oo]rder|number")
    town.rosa.hang_up()


def test_two_on_one_phone_say_who_calls(town: Town) -> None:
    town.share_phone("单德明", town.rosa.number)
    town.rosa.dial(HOTLINE)
    town.rosa.presses("1", after="正在为您接通")
    asked = town.rosa.hears("请问您是哪一位")
    key = "1" if asked.index("单") < asked.index("罗") else "2"
    town.rosa.presses(key)
    town.rosa.presses("1", after="您常用的是")
    town.rosa.hears("单号")
    town.rosa.hang_up()
    steps.is_asked(town.lena)
    town.nothing_else_was_sent()


# -- is somebody due at my door?


def test_the_right_two_digits_open_the_door(town: Town) -> None:
    four = steps.rosa_is_expecting_amir(town)
    steps.wind_to_visit(town)
    town.rosa.dial(HOTLINE)
    town.rosa.presses("3", after="正在为您接通")
    town.rosa.hears("有人要来，阿米尔")
    town.rosa.presses(four[:2])
    town.rosa.hears("是我们的人")
    town.rosa.hang_up()
    town.rosa.hears_nothing_of(four)
    town.settle()
    assert not [row for row in town.call_backs() if row.urgent]
    town.nothing_else_was_sent()


def test_wrong_digits_twice_keep_it_shut_and_raise_an_alarm(town: Town) -> None:
    four = steps.rosa_is_expecting_amir(town)
    steps.wind_to_visit(town)
    town.rosa.dial(HOTLINE)
    town.rosa.presses("3", after="正在为您接通")
    wrong = "00" if four[:2] != "00" else "11"
    town.rosa.hears("有人要来")
    town.rosa.presses(wrong)
    town.rosa.hears("请先不要开门")
    town.rosa.presses(wrong)
    town.rosa.hears("请不要开门，马上帮您找人")
    row = next(row for row in town.call_backs() if row.reason == "door_alarm")
    assert row.urgent and row.said == "wrong_code"


def test_nobody_is_due_so_do_not_open(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    town.rosa.presses("3", after="正在为您接通")
    town.rosa.hears("现在没有安排人上门，请不要开门")
    row = next(row for row in town.call_backs() if row.reason == "door_alarm")
    assert row.urgent and row.said == "nobody_due"


def test_a_stranger_who_asks_about_the_door_learns_nothing(town: Town) -> None:
    steps.rosa_is_expecting_amir(town)
    town.eve.dial(HOTLINE)
    town.eve.presses("3", after="正在为您接通")
    town.eve.hears("这个电话没有登记")
    town.eve.hears_nothing_of("阿米尔|有人要来")
    town.eve.hang_up()


# -- out of hours


def test_a_night_call_is_an_order_in_ones_own_words(town: Town) -> None:
    town.wind_to(22, 30)
    town.rosa.dial(HOTLINE)
    town.rosa.hears("有生命危险")
    town.rosa.presses("1", after="要服务请按1")
    town.rosa.hears("说您需要什么服务")
    town.rosa.says("明天想洗澡")
    town.rosa.presses("#")
    town.rosa.hears("单号")
    town.rosa.hang_up()
    assert town.order.state == "draft"
    assert only_call_back(town).reason == "drafted_order"
    town.nothing_else_was_sent()


def test_silence_at_night_is_a_booked_call_back(town: Town) -> None:
    town.wind_to(23)
    town.eve.dial(HOTLINE)
    town.eve.hears("要服务请按1")
    for _ in range(4):
        town.wind(seconds=11)
        town.settle()
    town.eve.hears("已经记下，上班后尽快给您回电话")
    town.eve.is_hung_up()
    assert only_call_back(town).reason == "wanted"


def test_zero_at_night_rings_the_duty_phone(town: Town) -> None:
    town.wind_to(23)
    town.eve.dial(HOTLINE)
    town.eve.presses("0", after="要服务请按1")
    town.duty.rings().answer()
    town.duty.wait_for("bridged")
    town.eve.speak("有人吗")
    assert town.duty.hears("有人吗")
    town.duty.hang_up()
    town.eve.wait_for("ended")
    town.nothing_else_was_sent()
