"""The visit: proved at the door, or late, missed, called off; everybody concerned is told once."""

from app.visits.models import Visit
from tests.journeys import steps
from tests.journeys.town import HOTLINE, Town


def reasons(town: Town) -> list[str]:
    town.settle()
    return [row.reason for row in town.call_backs()]


def amir_is_at_the_door(town: Town) -> str:
    four = steps.rosa_is_expecting_amir(town)
    steps.wind_to_visit(town)
    steps.reports(town.amir, "出发", "到达")
    return four


def wrong_half(four: str) -> str:
    return next(half for half in ("47", "58") if half not in (four[2:], four[:2]))


def test_three_wrong_codes_raise_an_alarm_and_no_fourth_is_taken(town: Town) -> None:
    four = amir_is_at_the_door(town)
    for _ in range(2):
        town.amir.texts_us(wrong_half(four))
        town.amir.reads("后两位不对")
    town.amir.texts_us(wrong_half(four))
    town.amir.reads("门外|三次|工作人员")
    assert reasons(town) == ["door_alarm"] and town.call_backs()[0].urgent
    town.amir.texts_us(four[2:])
    town.amir.reads("门外|三次|工作人员")
    assert town.visit.state == "arrived"
    town.nothing_else_was_sent()


def test_a_household_password_stands_for_the_code(town: Town) -> None:
    amir_is_at_the_door(town)
    browser = town.browser()
    page = browser.open(town.link_of(town.amir))
    browser.send(page, "form:has(button[value=prove])", step="prove", digits="白玉兰")
    assert (town.visit.state, town.visit.proof) == ("in_progress", "password")


def test_a_call_from_the_residents_own_phone_proves_the_arrival(town: Town) -> None:
    four = amir_is_at_the_door(town)
    town.rosa.dial(HOTLINE)
    town.rosa.presses("3", after="正在为您接通")
    town.rosa.presses(four[:2], after="先说两位密码")
    town.rosa.hears("是我们的人")
    town.rosa.hang_up()
    town.settle()
    assert (town.visit.state, town.visit.proof) == ("in_progress", "resident_phone")
    town.nothing_else_was_sent()


def test_a_worker_reports_everything_by_phone(town: Town) -> None:
    four = steps.rosa_is_expecting_amir(town)
    steps.wind_to_visit(town)
    town.amir.dial(HOTLINE)
    town.amir.presses("1", after="出发请按1")
    town.amir.presses("1", after="到了请按1")
    town.amir.presses("1", after="居民说了后两位请按1")
    town.amir.presses(four[2:], after="请按居民说的后两位")
    town.amir.hears("密码对了，服务开始")
    town.amir.hang_up()
    town.wind(minutes=45)
    town.amir.dial(HOTLINE)
    town.amir.presses("1", after="服务做完了请按1")
    town.amir.hears("记下了")
    town.amir.hang_up()
    town.becomes("done")
    town.daughter.reads("已完成")


def test_nobody_opens_so_a_person_rings_and_the_dispatcher_looks(town: Town) -> None:
    amir_is_at_the_door(town)
    town.amir.texts_us("没人")
    town.amir.reads("已记录")
    assert reasons(town) == ["not_reached"]
    assert [visit.state for visit in town.all(Visit)] == ["not_done", "attention"]
    assert town.order.state == "open"
    town.dispatcher.sees("/console/dispatch", "罗莎")
    town.nothing_else_was_sent()


def test_a_visit_that_is_called_off_is_told_to_worker_and_resident(town: Town) -> None:
    steps.rosa_is_expecting_amir(town)
    number = town.order.number
    town.agent.does(f"/console/orders/{number}", "form[action$='/cancel']", reason="老人住院了")
    town.amir.reads("上门已取消")
    town.rosa.rings().answer()
    town.rosa.presses("1", after="取消，有人来请不要开门")
    town.rosa.is_hung_up()
    assert town.order.state == "cancelled" and town.visit.state == "cancelled"
    town.wind(hours=4)
    town.nothing_else_was_sent()


def test_an_offer_that_is_called_off_is_withdrawn(town: Town) -> None:
    number = steps.orders_usual(town.rosa)
    code = steps.is_asked(town.amir)
    town.agent.does(f"/console/orders/{number}", "form[action$='/cancel']", reason="不要了")
    town.amir.reads(f"派单{code}已撤回")
    town.amir.texts_us(f"1 {code}")
    town.amir.reads("请勿前往")
    town.nothing_else_was_sent()


def test_a_late_visit_is_told_before_the_window_ends_and_a_missed_one_made_up_for(town: Town) -> None:
    steps.rosa_is_expecting_amir(town)
    steps.wind_to_visit(town)
    end = town.visit.window_end
    town.wind(minutes=16)
    assert town.now() < end
    town.rosa.rings().answer()
    town.rosa.presses("1", after="会晚到")
    town.rosa.is_hung_up()
    town.nothing_else_was_sent()

    town.wind(seconds=max(0, (end - town.now()).total_seconds()) + 3700)
    town.amir.reads("上门已取消")
    town.daughter.reads("没能按时进行")
    steps.accepts(town.lena)
    town.daughter.reads("已安排在")
    assert [visit.state for visit in town.all(Visit)] == ["missed", "accepted"]
    told = 0
    while told < 2:  # that it was missed, and who comes now, in whichever order
        town.rosa.rings().answer()
        said = town.rosa.hears("没能按时到|听时间和密码")
        town.rosa.presses("1")
        if "听时间和密码" in said:
            town.rosa.hears("连娜")
            town.rosa.hang_up()
        else:
            town.rosa.is_hung_up()
        told += 1
        if told < 2:
            town.until(lambda: town.rosa.state() == "ringing", "the other news", nudge=60)
    town.nothing_else_was_sent()


def test_a_worker_who_can_not_come_after_all_is_replaced(town: Town) -> None:
    steps.rosa_is_expecting_amir(town)
    town.amir.texts_us("来不了")
    town.amir.reads("已记录")
    steps.accepts(town.lena)
    town.daughter.reads("已安排在")
    town.rosa.rings().answer()
    town.rosa.presses("1", after="听时间和密码请按1")
    town.rosa.hears("连娜")
    town.rosa.hang_up()
    town.nothing_else_was_sent()


def test_the_dispatcher_gives_a_visit_by_hand_and_must_say_so_against_a_rule(town: Town) -> None:
    steps.orders_usual(town.rosa)
    for worker in (town.amir, town.lena):
        worker.texts_us(f"2 {steps.is_asked(worker)}")
        worker.reads("不接派单")
    town.until(lambda: town.visit.state == "attention", "the dispatcher's list")
    tom = town.worker("汤慕")
    path, form = f"/console/dispatch/{town.visit.id}", "form[action$='/assign']"
    values = {"worker": str(tom.id), "day": town.now().date().isoformat(), "at": "15:00", "reason": "他答应加班"}
    page = town.dispatcher.screen.send(town.dispatcher.screen.open(path), form, **values)
    assert page.status == 422 and town.visit.state == "attention"
    page = town.dispatcher.screen.send(page, form, anyway="y", **values)
    assert town.visit.state == "accepted" and town.visit.worker_id == tom.id, page.text[:800]
    town.tom.reads("[Gg]iven to you")
    town.daughter.reads("已安排在")
    steps.is_announced_by_voice(town.rosa)
    town.nothing_else_was_sent()
