"""The story of the demo: Rosa, 83, rings the hotline from her landline, and a social worker comes to her door.

Everything happens from outside, as people do it: dial, press, speak, text, click, read pages.
"""

import re
from typing import Any

from app.demo.people import Browser, Missed, Phone, until
from app.demo.stage import HOTLINE, Stage
from app.demo.telling import Teller, moment

ROSA = "+862155500001"
OFFER = r"1 (\d\d)\D"
AT_ONCE = 5.0


def play(stage: Stage, teller: Teller) -> dict[str, Any]:
    """Play the whole story and return its facts: call, order, visit, messages, follow_up.

    Raises Missed with the step that did not happen.
    """
    screen = Browser(stage.web)
    rosa = Phone(stage.switch, ROSA)
    rosa.forget()
    _listening(rosa, "resident", teller)
    known = _latest_text(stage)
    number = _order_by_phone(rosa, teller)
    worker, code = _offered(stage, known, teller)
    _accept(worker, code, teller)
    four = _announced(rosa, teller)
    _skip(screen, number, teller)
    _report(worker, "出发", teller)
    _check_the_door(rosa, four, teller)
    _visit(worker, four, teller)
    _skip(screen, number, teller)
    _report(worker, "完成", teller)
    _skip(screen, number, teller)
    _follow_up(rosa, teller)
    facts = until(lambda: _closed(screen, number), "order closed")
    _timeline(facts, teller)
    return facts


def _listening(phone: Phone, who: str, teller: Teller) -> None:
    """Tell what ``phone`` hears from now on."""

    def listen(event: dict[str, Any]) -> None:
        if event["type"] == "heard" and event.get("verb") == "say":
            teller.heard(who, event)

    phone.listener = listen


def _order_by_phone(rosa: Phone, teller: Teller) -> str:
    teller.heading("story.part.call")
    teller.tell("resident", "story.dials", number=HOTLINE)
    rosa.dial(HOTLINE)
    rosa.wait_for("heard", "常用的服务请按1")
    teller.tell("resident", "story.presses", keys="1")
    rosa.press("1")
    rosa.wait_for("heard", "您常用的是")
    teller.tell("resident", "story.presses", keys="1")
    rosa.press("1")
    said = rosa.wait_for("heard", "单号")
    number = re.sub(r"\D", "", said["text"])[:8]
    teller.tell("resident", "story.hangs_up")
    rosa.hang_up()
    teller.tell("doorline", "story.order_made", number=number)
    return number


def _handsets(stage: Stage) -> list[Phone]:
    """Every line that the switch knows."""
    lines = Phone(stage.switch, HOTLINE).client.get(f"{stage.switch}/lines").json()["lines"]
    return [Phone(stage.switch, line["number"]) for line in lines]


def _latest_text(stage: Stage) -> int:
    """The id of the newest text on the switch: what is older belongs to other stories."""
    return max((text["id"] for handset in _handsets(stage) for text in handset.texts()), default=0)


def _offered(stage: Stage, known: int, teller: Teller) -> tuple[Phone, str]:
    """Whoever was asked by text: his handset and the offer's code."""
    teller.heading("story.part.offer")

    def asked() -> tuple[Phone, str] | None:
        for handset in _handsets(stage):
            for text in handset.texts(known):
                found = re.search(OFFER, text["body"]) if text["to"] == handset.number else None
                if found:
                    teller.read("worker", handset.number, text["body"])
                    return handset, found.group(1)
        return None

    answer: tuple[Phone, str] = until(asked, "offer by text")
    return answer


def _accept(worker: Phone, code: str, teller: Teller) -> None:
    teller.tell("worker", "story.texts", body=f"1 {code}")
    since = max((text["id"] for text in worker.texts()), default=0)
    worker.send(HOTLINE, f"1 {code}")
    text = worker.wait_for_text("先报|say", since)
    teller.read("worker", worker.number, text["body"])


def _announced(rosa: Phone, teller: Teller) -> str:
    """Rosa is rung and told who comes; the four digits that she writes down."""
    teller.heading("story.part.announce")
    rosa.wait_for("ringing")
    teller.tell("resident", "story.rings")
    rosa.answer()
    rosa.wait_for("heard", "请按1")
    teller.tell("resident", "story.presses", keys="1")
    rosa.press("1")
    said = rosa.wait_for("heard", "密码")
    teller.tell("resident", "story.hangs_up")
    rosa.hang_up()
    four = re.sub(r"\D", "", said["text"])
    if len(four) < 4:
        raise Missed("demo.missed", who="Rosa", awaited="code", came=[said["text"]])
    teller.tell("resident", "story.writes_down", digits=four[:4])
    return four[:4]


def _skip(screen: Browser, number: str, teller: Teller) -> None:
    """Wind the clock to what comes next, as the button on /try does."""
    page = screen.open(f"/try?order={number}")
    screen.send(page, "form.skip-to")
    teller.tell("clock", "story.skipped")


def _check_the_door(rosa: Phone, four: str, teller: Teller) -> None:
    """Somebody knocks: Rosa asks the hotline whether he is the right one before she opens."""
    teller.heading("story.part.door")
    teller.tell("worker", "story.knocks", half=four[:2])
    rosa.dial(HOTLINE)
    rosa.wait_for("collecting")
    teller.tell("resident", "story.presses", keys="3")
    rosa.press("3")
    rosa.wait_for("heard", "有人要来")
    rosa.wait_for("heard", "两位")
    teller.tell("resident", "story.presses", keys=four[:2])
    rosa.press(four[:2])
    rosa.wait_for("heard", "是我们的人")
    rosa.hang_up()


def _visit(worker: Phone, four: str, teller: Teller) -> None:
    teller.heading("story.part.visit")
    for body in ("到达", four[2:]):
        _report(worker, body, teller)


def _report(worker: Phone, body: str, teller: Teller) -> None:
    """The worker texts how it goes, and gets an answer."""
    since = max((text["id"] for text in worker.texts()), default=0)
    teller.tell("worker", "story.texts", body=body)
    worker.send(HOTLINE, body)
    answer = worker.wait_for_text("已记录|Noted", since)
    teller.read("worker", worker.number, answer["body"])


def _follow_up(rosa: Phone, teller: Teller) -> None:
    teller.heading("story.part.follow_up")
    rosa.forget()
    rosa.wait_for("ringing")
    teller.tell("resident", "story.rings")
    rosa.answer()
    for pattern in ("来过吗", "办好了吗", "您满意吗", "非常满意请按"):
        rosa.wait_for("heard", pattern)
        teller.tell("resident", "story.presses", keys="1")
        rosa.press("1")
    rosa.wait_for("ended")


def _closed(screen: Browser, number: str) -> dict[str, Any] | None:
    facts: dict[str, Any] = screen.client.get("/try/state", params={"order": number}).json()
    return facts if facts.get("order", {}).get("state") == "closed" else None


def _timeline(facts: dict[str, Any], teller: Teller) -> None:
    teller.heading("story.part.timeline", number=facts["order"]["number"])
    for line in facts.get("timeline", []):
        teller.console.print(f"   {moment(line['at'])}  {line[teller.language]}")
