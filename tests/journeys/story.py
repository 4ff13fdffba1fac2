"""The story of one call, told so that it goes on whoever dies in between: what does not come comes when time passes."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from app.hotline.models import Call
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.quality.models import FollowUp
from app.visits.models import Offer, Visit
from tests.journeys import steps
from tests.journeys.people import Line
from tests.journeys.town import Town

NUDGE = 20
"""Seconds of product time that pass for each half second in which nothing came."""

Between = Callable[[Town], None]


def nothing(town: Town) -> None:
    """What happens between the steps, if nothing does."""


def reads(town: Town, line: Line, pattern: str) -> str:
    """The first unread text that matches, whenever it comes."""

    def found() -> dict[str, Any] | None:
        fresh = (text for text in line.received() if text["id"] not in line.seen)
        return next((text for text in fresh if re.search(pattern, text["body"])), None)

    text = town.until(found, f"{line.name} reading {pattern}", NUDGE)
    line.seen.add(text["id"])
    return str(text["body"])


def is_rung(town: Town, line: Line) -> None:
    """The phone rings, whenever it does, and is answered."""
    town.until(lambda: line.state() == "ringing", f"{line.name} being rung", NUDGE)
    line.rings().answer()


def tell(town: Town, between: Between = nothing) -> dict[str, Any]:
    """Rosa orders, Amir comes, Rosa is content; returns how everything ended. between: what happens after each step."""
    steps.orders_usual(town.rosa)
    between(town)
    code = re.findall(r"1 (\d\d)", reads(town, town.amir, r"1 \d\d"))[0]
    between(town)
    town.amir.texts_us(f"1 {code}")
    between(town)
    is_rung(town, town.rosa)
    town.rosa.presses("1", after="听时间和密码请按1")
    four = steps.digits(town.rosa.hears("密码"))[:4]
    town.rosa.hang_up()
    reads(town, town.amir, "先报")
    reads(town, town.daughter, "已安排在")
    between(town)
    for word in ("出发", "到达", four[2:]):
        town.amir.texts_us(word)
        between(town)
        reads(town, town.amir, "已记录")
    town.wind(minutes=45)
    town.amir.texts_us("完成")
    between(town)
    reads(town, town.amir, "已记录")
    reads(town, town.daughter, "已完成")
    town.until(lambda: town.all(FollowUp), "the follow-up", NUDGE)
    steps.wind_to_follow_up(town)
    between(town)
    is_rung(town, town.rosa)
    for question in steps.CONTENT:
        town.rosa.presses("1", after=question)
    town.rosa.is_hung_up()
    between(town)
    town.until(lambda: ended(town), "the end of all", NUDGE)
    return outcome(town)


def ended(town: Town) -> bool:
    """Whether nothing is under way any more."""
    delivered = all(message.state == "delivered" for message in town.all(Message))
    return town.order.state == "closed" and delivered and all(call.settled or call.finished for call in town.all(Call))


def outcome(town: Town) -> dict[str, Any]:
    """How it ended, without anything that may differ: ids, codes, times."""
    texts = {line.name: len(line.received()) for line in (town.amir, town.lena, town.rosa, town.daughter)}
    messages = Counter((message.template, message.kind, message.state) for message in town.all(Message))
    return {
        "orders": [order.state for order in town.all(ServiceOrder)],
        "visits": [(visit.state, visit.proof) for visit in town.all(Visit)],
        "offers": [offer.state for offer in town.all(Offer)],
        "follow-ups": [(row.state, row.grade) for row in town.all(FollowUp)],
        "messages": dict(messages),
        "texts": texts,
        "rings": sum(event["type"] == "ringing" for event in town.rosa.log()),
        "call-backs": [row.reason for row in town.call_backs()],
    }
