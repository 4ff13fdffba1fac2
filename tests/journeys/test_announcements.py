"""Telling people: by the line they have, at decent hours, often enough, and never what others may not know."""

from app.people.models import Resident
from app.quality.models import FollowUp
from tests.journeys import steps
from tests.journeys.town import Town

ROSA, SHAN = "罗莎", "单德明"


def reasons(town: Town) -> list[str]:
    town.settle()
    return [row.reason for row in town.call_backs()]


def rosa_ordered_for_tomorrow(town: Town) -> None:
    steps.agent_orders(town, ROSA, "CARE-03", day="tomorrow", part="afternoon")
    steps.accepts(town.amir)
    town.daughter.reads("已安排在")


def test_an_unanswered_announcement_is_tried_three_times_but_never_at_noon_then_others_are_told(town: Town) -> None:
    town.wind_to(11, 35)
    rosa_ordered_for_tomorrow(town)
    steps.rings_in_vain(town, town.rosa)
    town.wind_to(12, 10)
    town.wind_to(13, 55)
    town.nothing_else_was_sent()
    town.wind_to(14, 1)
    steps.rings_in_vain(town, town.rosa)
    assert reasons(town) == []
    town.wind(minutes=31)
    steps.rings_in_vain(town, town.rosa)
    town.daughter.reads("一直联系不上您家人")
    assert reasons(town) == ["not_reached"]
    assert town.call_backs()[0].resident_id == town.resident(ROSA).id
    town.wind(hours=3)
    town.nothing_else_was_sent()


def test_nobody_is_rung_at_night(town: Town) -> None:
    town.wind_to(20, 45)
    rosa_ordered_for_tomorrow(town)
    steps.rings_in_vain(town, town.rosa)
    town.wind_to(21, 20)
    town.wind_to(7, 0)
    town.nothing_else_was_sent()
    town.wind_to(7, 31)
    four = steps.is_announced_by_voice(town.rosa)
    assert len(four) == 4
    town.nothing_else_was_sent()


def test_a_voicemail_is_nobody_and_hears_no_code(town: Town) -> None:
    town.rosa.behaves(answers="voicemail", says="您好，请留言")
    rosa_ordered_for_tomorrow(town)
    town.rosa.rings().hears("听时间和密码请按1")
    for _ in range(4):
        town.wind(seconds=20)
        town.settle()
    town.rosa.is_hung_up()
    town.rosa.hears_nothing_of("上门密码|阿米尔")
    town.rosa.behaves(answers="by-hand")
    town.wind(minutes=31)
    steps.is_announced_by_voice(town.rosa)
    town.nothing_else_was_sent()


def test_a_text_at_night_waits_for_the_morning(town: Town) -> None:
    town.wind_to(22, 10)
    steps.agent_orders(town, SHAN, "MEAL-01", day="tomorrow", part="afternoon")
    town.wind_to(6, 25)
    town.nothing_else_was_sent()
    town.wind_to(6, 31)
    worker = town.until(lambda: next((w for w in (town.lena, town.amir) if w.received()), None), "an offer")
    steps.accepts(worker)
    town.nothing_else_was_sent()
    town.wind_to(7, 31)
    town.shan.reads("已受理")
    steps.is_announced_by_text(town.shan)
    town.nothing_else_was_sent()


def test_whoever_wants_people_only_is_rung_by_a_person(town: Town) -> None:
    town.change(Resident, ROSA, flags=["people_only"])
    rosa_ordered_for_tomorrow(town)
    assert reasons(town) == ["people_only"]
    town.nothing_else_was_sent()
    town.agent.sees("/console/", ROSA)


def test_stop_means_voice_instead_and_start_texts_again(town: Town) -> None:
    town.shan.texts_us("退订")
    town.shan.reads("已退订")
    town.shan.texts_us("STOP")
    steps.orders_usual(town.shan)
    steps.accepts(town.lena)
    steps.is_announced_by_voice(town.shan)
    town.nothing_else_was_sent()
    town.shan.texts_us("START")
    town.shan.reads("已恢复短信")
    steps.agent_orders(town, SHAN, "CARE-03", day="tomorrow", part="afternoon")
    town.shan.reads("已受理")
    worker = town.until(lambda: next((w for w in (town.lena, town.amir) if w.unexpected()), None), "an offer")
    steps.accepts(worker)
    steps.is_announced_by_text(town.shan)
    town.nothing_else_was_sent()


def test_before_going_live_nobody_is_contacted(town: Town) -> None:
    town.set("live", False)
    steps.orders_usual(town.shan)
    town.nothing_else_was_sent()
    town.wind(hours=1)
    town.nothing_else_was_sent()


def test_before_going_live_only_the_allow_listed_are_contacted(town: Town) -> None:
    town.set("live", False)
    town.set("allow_list", [town.lena.number])
    steps.orders_usual(town.shan)
    steps.accepts(town.lena)
    town.nothing_else_was_sent()


def test_what_a_resident_writes_is_read_by_a_person(town: Town) -> None:
    town.shan.texts_us("明天我不在家，能改后天吗")
    town.shan.reads("会给您回电话")
    assert reasons(town) == ["wanted"]
    assert town.call_backs()[0].said == "明天我不在家，能改后天吗"
    town.nothing_else_was_sent()


# -- after the visit


def visited(town: Town) -> None:
    four = steps.rosa_is_expecting_amir(town)
    steps.visits(town, town.amir, four)
    town.daughter.reads("已完成")
    town.becomes("done")


def test_silence_after_the_visit_is_not_reached_and_never_satisfied(town: Town) -> None:
    visited(town)
    for _ in range(3):
        steps.wind_to_follow_up(town)
        steps.rings_in_vain(town, town.rosa)
    town.becomes("closed")
    follow_up = town.last(FollowUp)
    assert (follow_up.state, follow_up.grade, follow_up.attempts) == ("not_reached", None, 3)
    assert reasons(town) == ["not_reached"]  # she lives alone: somebody looks after her silence
    town.wind(days=1)
    town.nothing_else_was_sent()


def test_a_bad_grade_opens_the_order_again_and_a_person_rings_back(town: Town) -> None:
    visited(town)
    number = town.order.number
    steps.wind_to_follow_up(town)
    town.rosa.rings().answer()
    town.rosa.presses("1", after="来过吗")
    town.rosa.presses("2", after="办好了吗")
    town.rosa.presses("3", after="您满意吗")
    town.rosa.presses("1", after="非常不满意请按2")
    town.rosa.hears("说说哪里没做好")
    town.rosa.says("水很凉")
    town.rosa.presses("#")
    town.rosa.hears("我们会重新处理")
    town.rosa.is_hung_up()
    assert town.becomes("open").number == number and town.order.reopened == 1
    assert reasons(town) == ["bad_grade"]
    assert town.last(FollowUp).grade == "dissatisfied"
    worker = town.until(lambda: next((w for w in (town.lena, town.amir) if w.unexpected()), None), "a new offer")
    steps.is_asked(worker)
    town.nothing_else_was_sent()


def test_nobody_came_is_a_bad_answer_too(town: Town) -> None:
    visited(town)
    steps.wind_to_follow_up(town)
    town.rosa.rings().answer()
    town.rosa.presses("2", after="来过吗")
    town.rosa.hears("说说哪里没做好")
    town.rosa.hang_up()
    town.becomes("open")
    assert "bad_grade" in reasons(town)
