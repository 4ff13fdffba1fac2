"""The first call, from the ringing phone to the closed order: the whole house in one story."""

import re

from app.hotline.models import Call
from tests.journeys import steps
from tests.journeys.town import HOTLINE, Town


def test_an_old_lady_orders_by_two_keys_and_is_looked_after_until_she_is_content(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    town.rosa.hears("正在为您接通")
    town.wind(seconds=2)
    town.rosa.presses("1", after="常用的服务请按1")
    town.rosa.presses("1", after="您常用的是")
    number = steps.digits(town.rosa.hears("单号"))[:8]
    town.wind(seconds=30)
    town.rosa.is_hung_up()
    assert town.order.number == number

    half = steps.accepts(town.amir)
    town.daughter.reads("您家人预约的上门服务已安排在")
    four = steps.is_announced_by_voice(town.rosa)
    assert four.startswith(half)
    assert town.order.state == "scheduled"
    town.nothing_else_was_sent()

    steps.visits(town, town.amir, four)
    town.daughter.reads("已完成")
    assert town.becomes("done").number == number
    town.nothing_else_was_sent()

    steps.is_content(town, town.rosa)
    assert town.becomes("closed").number == number
    town.nothing_else_was_sent()
    assert not town.call_backs()
    assert all(call.finished for call in town.all(Call))


def test_a_man_with_a_mobile_gets_texts_instead(town: Town) -> None:
    number = steps.orders_usual(town.shan)
    half = steps.accepts(town.lena)
    four = steps.is_announced_by_text(town.shan)
    assert four.startswith(half)
    town.nothing_else_was_sent()
    steps.visits(town, town.lena, four)
    steps.is_content(town, town.shan)
    assert town.becomes("closed").number == number
    town.nothing_else_was_sent()


def test_the_same_in_english(town: Town) -> None:
    town.grace.dial(HOTLINE)
    town.grace.hears("connecting|call is recorded|recorded")
    town.grace.presses("1")
    town.grace.presses("1", after="usual")
    number = steps.digits(town.grace.hears("number"))[:8]
    town.grace.hang_up()
    worker = town.until(lambda: next((w for w in (town.amir, town.lena) if w.received()), None), "an offer")
    code = steps.is_asked(worker)
    worker.texts_us(f"1 {code}")
    worker.reads("先报")
    four = re.findall(r"Code (\d{4})", town.grace.reads("visits you"))[0]
    steps.visits(town, worker, four)
    town.wind(minutes=31)
    town.grace.rings().answer()
    for question in ("Did", "solved|done", "satisfied", "[Vv]ery satisfied"):
        town.grace.presses("1", after=question)
    town.grace.hears("[Tt]hank you")
    town.grace.is_hung_up()
    assert town.becomes("closed").number == number
    town.nothing_else_was_sent()


def test_whoever_says_what_he_wants_instead_of_pressing_is_understood(town: Town) -> None:
    town.rosa.dial(HOTLINE)
    town.rosa.says("老样子，常用的那个", after="正在为您接通")
    town.rosa.says("对的", after="您常用的是")
    town.rosa.hears("单号")
    town.rosa.hang_up()
    steps.is_asked(town.amir)
    assert town.order.channel == "phone_menu"
    town.nothing_else_was_sent()


def test_how_is_my_order_is_answered_by_one_key(town: Town) -> None:
    number = steps.orders_usual(town.shan)
    steps.accepts(town.lena)
    steps.is_announced_by_text(town.shan)
    town.shan.dial(HOTLINE)
    town.shan.presses("2", after="正在为您接通")
    assert steps.digits(town.shan.hears("单号")) == number
    town.shan.hears("已经安排好了")
    town.shan.hang_up()
    town.nothing_else_was_sent()


def test_a_stranger_with_the_number_hears_how_it_stands_and_nothing_else(town: Town) -> None:
    number = steps.orders_usual(town.rosa)
    steps.is_asked(town.amir)
    town.eve.dial(HOTLINE)
    town.eve.presses("2", after="正在为您接通")
    town.eve.hears("请按八位单号")
    town.eve.presses(number)
    town.eve.hears("正在为您安排人")
    town.eve.hears_nothing_of("罗莎|路|号楼|助浴")
    town.eve.hang_up()
    town.nothing_else_was_sent()
