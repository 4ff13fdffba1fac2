"""What the stories have in common: an order, a yes, an announcement, a visit, a follow-up, as people do them."""

import re

from app.quality.models import FollowUp
from app.visits.models import AbsenceProposal, Visit
from tests.journeys.people import HOTLINE, Line
from tests.journeys.town import Town

CONTENT = ("来过吗", "办好了吗", "您满意吗", "非常满意请按1")


def digits(text: str) -> str:
    """The digits of what was heard or read."""
    return re.sub(r"\D", "", text)


def orders_usual(caller: Line) -> str:
    """Rings and orders the usual service by two keys; returns the order's number as it was heard."""
    caller.dial(HOTLINE)
    caller.presses("1", after="正在为您接通")
    caller.presses("1", after="您常用的是")
    number = digits(caller.hears("单号"))[:8]
    caller.hang_up()
    return number


def agent_orders(town: Town, name: str, code: str, **when: str) -> str:
    """An agent takes an order for somebody; when: the form's own words (day, part, start, end). Returns the number."""
    subject, item = town.resident(name), town.item(code)
    town.agent.does(
        f"/console/orders/new?subject={subject.id}",
        "#order-form",
        subject_id=str(subject.id),
        item_id=str(item.id),
        action="save",
        **when,
    )
    return town.order.number


def rings_in_vain(town: Town, resident: Line) -> None:
    """The phone rings and nobody comes to it."""
    resident.rings()
    town.wind(seconds=31)
    resident.is_hung_up()


def is_asked(worker: Line) -> str:
    """Gets an offer by text; returns its code."""
    return re.findall(r"1 (\d\d)", worker.reads(r"1 \d\d"))[0]


def accepts(worker: Line, code: str = "") -> str:
    """Says yes by text; returns his half of the visit's code."""
    worker.texts_us(f"1 {code or is_asked(worker)}")
    return re.findall(r"先报(\d\d)", worker.reads("先报"))[0]


def is_announced_by_voice(resident: Line) -> str:
    """Is rung, presses 1 and hears who comes; returns the four digits that he writes down."""
    resident.rings().answer()
    resident.presses("1", after="听时间和密码请按1")
    four = digits(resident.hears("密码"))[:4]
    resident.hang_up()
    return four


def is_announced_by_text(resident: Line) -> str:
    """Reads who comes; returns the four digits."""
    return re.findall(r"密码(\d{4})", resident.reads("密码"))[0]


def rosa_is_expecting_amir(town: Town) -> str:
    """Rosa has ordered, Amir comes, everybody knows; returns the four digits."""
    orders_usual(town.rosa)
    accepts(town.amir)
    town.daughter.reads("已安排在")
    return is_announced_by_voice(town.rosa)


def amir_is_ill(town: Town, is_seen: bool = True) -> None:
    """The dispatcher enters it for the rest of the day, sees what would follow or does not wait, and confirms."""
    now, amir = town.now(), town.worker("阿米尔").id
    first = {"first_day": f"{now:%Y-%m-%d}", "first_time": f"{now:%H:%M}"}
    last = {"last_day": f"{now:%Y-%m-%d}", "last_time": "22:00"}
    town.dispatcher.does("/console/workers", f"#away-{amir} form", **first, **last, reason="发烧")
    if is_seen:
        town.becomes("shown", AbsenceProposal)
        town.nothing_else_was_sent()
    town.dispatcher.does("/console/dispatch/absences", "form[action$=confirm]")


def lena_comes_instead(town: Town) -> None:
    """Amir hears that he need not come; Lena is asked and says yes; Rosa and her daughter hear of it."""
    town.amir.reads("上门已取消")
    accepts(town.lena)
    town.daughter.reads("已安排在")
    town.rosa.rings().answer()
    town.rosa.presses("1", after="您的上门服务有变动")
    town.rosa.hears("连娜")
    town.rosa.hang_up()
    town.nothing_else_was_sent()


def shan_is_expecting_lena(town: Town) -> str:
    """The same for Mr Shan and Lena, by texts."""
    orders_usual(town.shan)
    accepts(town.lena)
    return is_announced_by_text(town.shan)


def reports(worker: Line, *words: str) -> None:
    """Texts words and gets each noted."""
    for word in words:
        worker.texts_us(word)
        worker.reads("已记录")


def wind_to_visit(town: Town) -> None:
    """Wind to the agreed moment at the door."""
    during = town.last(Visit).during
    assert during is not None and during.lower is not None
    ahead = during.lower - town.now()
    if ahead.total_seconds() > 0:
        town.wind(seconds=ahead.total_seconds())


def visits(town: Town, worker: Line, four: str) -> None:
    """Goes, comes, proves himself, works and reports it done."""
    wind_to_visit(town)
    reports(worker, "出发", "到达", four[2:])
    town.wind(minutes=town.last(Visit).minutes)
    reports(worker, "完成")


def wind_to_follow_up(town: Town) -> None:
    """Wind to the moment at which the resident is to be rung about the visit."""
    town.settle()
    town.wind(seconds=max(0.0, (town.last(FollowUp).due_at - town.now()).total_seconds()))


def is_content(town: Town, resident: Line) -> None:
    """Is rung half an hour after the visit, and was very satisfied."""
    wind_to_follow_up(town)
    resident.rings().answer()
    for question in CONTENT:
        resident.presses("1", after=question)
    resident.hears("谢谢")
    resident.is_hung_up()
