"""Who comes: asked one after the other, by text, by link or by phone, until somebody says yes."""

import re

from app.messages.models import BadNumber
from app.visits.models import Decision, Offer
from tests.journeys import steps
from tests.journeys.town import HOTLINE, Town


def test_a_no_sends_the_offer_to_the_next_one(town: Town) -> None:
    steps.orders_usual(town.rosa)
    code = steps.is_asked(town.amir)
    town.amir.texts_us(f"2 {code}")
    town.amir.reads(f"不接派单{code}")
    steps.accepts(town.lena)
    town.daughter.reads("已安排在")
    steps.is_announced_by_voice(town.rosa)
    town.nothing_else_was_sent()
    assert [offer.state for offer in town.all(Offer)] == ["declined", "accepted"]
    assert town.becomes("scheduled").responded_at is not None


def test_silence_ends_an_offer_and_a_late_yes_is_told_so(town: Town) -> None:
    steps.orders_usual(town.rosa)
    code = steps.is_asked(town.amir)
    town.wind(minutes=16)
    town.amir.reads(f"派单{code}已过答复时间")
    steps.accepts(town.lena)
    town.amir.texts_us(f"1 {code}")
    town.amir.reads("请勿前往|不在您名下")
    town.daughter.reads("已安排在")
    steps.is_announced_by_voice(town.rosa)
    town.nothing_else_was_sent()
    assert [offer.state for offer in town.all(Offer)] == ["expired", "accepted"]


def test_when_all_decline_the_dispatcher_decides(town: Town) -> None:
    number = steps.orders_usual(town.rosa)
    for worker in (town.amir, town.lena):
        code = steps.is_asked(worker)
        worker.texts_us(f"拒绝 {code}")
        worker.reads("不接派单")
    town.until(lambda: town.visit.state == "attention", "the dispatcher's list")
    assert town.visit.attention == "nobody_left"
    town.nothing_else_was_sent()
    town.dispatcher.sees(f"/console/orders/{number}", "汤慕")


def test_a_worker_says_yes_by_the_signed_link_and_opening_it_changes_nothing(town: Town) -> None:
    steps.orders_usual(town.rosa)
    link = re.findall(r"https?://\S+", town.amir.reads(r"1 \d\d"))[0]
    browser = town.browser()
    page = browser.open(link)
    assert page.status == 200 and town.visit.state == "offered"
    page.document.make_links_absolute(page.url)
    browser.send(page, "form:has(button[value=accept])", step="accept")
    town.amir.reads("先报")
    town.daughter.reads("已安排在")
    steps.is_announced_by_voice(town.rosa)
    assert town.last(Offer).answered_by == "link"
    town.nothing_else_was_sent()


def test_a_worker_says_yes_by_phoning_in(town: Town) -> None:
    steps.orders_usual(town.rosa)
    steps.is_asked(town.amir)
    town.amir.dial(HOTLINE)
    town.amir.presses("1", after="接单请按1")
    town.amir.hears("接单成功")
    town.amir.hears("地址")
    town.amir.hang_up()
    town.amir.reads("先报")
    town.daughter.reads("已安排在")
    steps.is_announced_by_voice(town.rosa)
    assert town.last(Offer).answered_by == "phone"
    town.nothing_else_was_sent()


def test_a_worker_whose_phone_takes_no_texts_is_asked_by_voice(town: Town) -> None:
    town.amir.behaves(texts=False)
    steps.orders_usual(town.rosa)
    town.amir.rings().answer()
    town.amir.presses("1", after="接单请按1")
    half = steps.digits(town.amir.hears("密码前两位"))
    town.amir.hang_up()
    town.daughter.reads("已安排在")
    four = steps.is_announced_by_voice(town.rosa)
    assert four.startswith(half)
    assert len(town.all(BadNumber)) == 1
    town.nothing_else_was_sent()


def test_every_decision_keeps_its_reasons(town: Town) -> None:
    number = steps.orders_usual(town.rosa)
    steps.is_asked(town.amir)
    decision = town.last(Decision)
    assert len(decision.candidates) == 3 and decision.chosen_worker_id is not None
    town.dispatcher.sees(f"/console/orders/{number}", "阿米尔")
