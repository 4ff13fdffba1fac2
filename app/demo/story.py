"""The story of the demo: Rosa, 83, rings the hotline from her landline, and a social worker comes to her door.

Everything happens from outside, as people do it: dial, press, speak, text, click, read pages.
"""

import re
import time
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from app.core import clock
from app.demo.people import POLL, Browser, Missed, Page, Phone, until
from app.demo.stage import HOTLINE, Stage
from app.demo.telling import Teller, moment, texts

ROSA = "+862155500001"
OFFER = r"1 (\d\d)\D"
SUPERVISOR = "supervisor"
PASSWORD = "doorline-demo"  # nosec B105 (known on purpose)
GIVEN_UP = timedelta(minutes=5)
LEFT_OVER_SECONDS = 10
"""Real seconds in which news of a visit that was called off reach Rosa, sped-up clock included."""

SHOWN = 3
"""How many candidates and how many kinds of refusal are told."""


def play(stage: Stage, teller: Teller) -> dict[str, Any]:
    """Play the whole story and return its facts: call, order, visit, messages, follow_up.

    Raises Missed with the step that did not happen.
    """
    screen = Browser(stage.web, teller.language)
    rosa = Phone(stage.switch, ROSA)
    teller.names[ROSA] = teller.say("who.resident")
    desk = _desk(stage, rosa, teller)
    rosa.forget()
    _listening(rosa, "resident", teller)
    known = _latest_text(stage)
    number = _order_by_phone(rosa, teller)
    worker, code = _offered(stage, screen, desk, known, number, teller)
    _accept(worker, code, teller)
    four = _announced(rosa, teller)
    _skip(screen, number, teller)
    _report(worker, "出发", teller)
    _check_the_door(rosa, four, worker, teller)
    _visit(worker, four, teller)
    _skip(screen, number, teller)
    _report(worker, "完成", teller)
    _skip(screen, number, teller)
    _follow_up(rosa, teller)
    with teller.waiting("wait.closed"):
        facts = until(lambda: _closed(screen, number), teller.say("wait.closed"))
    _timeline(facts, teller)
    return facts


def _desk(stage: Stage, rosa: Phone, teller: Teller) -> Browser:
    """The supervisor's screen. He calls off what an earlier, interrupted story has left open for Rosa."""
    desk = Browser(stage.web)
    desk.sign_in(SUPERVISOR, PASSWORD)
    for link in desk.open(f"/console/orders?text={quote(ROSA)}").found("tbody a[id^=order-]"):
        page = desk.open(str(link.get("href")))
        if page.found("form[action$=cancel]"):
            desk.send(page, "form[action$=cancel]", reason=teller.say("story.left_over"))
            teller.tell("set_up", "story.left_over")
            with teller.waiting("wait.ring"):
                _hear_out(rosa)
    return desk


def _hear_out(rosa: Phone) -> None:
    """Rosa listens to what she is still rung for, so that her phone is free; if nothing rings, all is well.

    Some minutes pass first, after which the house gives up calls that nobody hung up.
    """
    rosa.forget()
    clock.wind(GIVEN_UP)
    end = time.monotonic() + LEFT_OVER_SECONDS
    while time.monotonic() < end:
        if rosa.state() == "ringing":
            rosa.answer()
            rosa.wait_for("collecting")
            rosa.press("1")
            rosa.wait_for("heard")
            rosa.hang_up()
        time.sleep(POLL)


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
    with teller.waiting("wait.menu"):
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


def _offered(
    stage: Stage, screen: Browser, desk: Browser, known: int, number: str, teller: Teller
) -> tuple[Phone, str]:
    """Whoever was asked by text: his handset and the offer's code; and why he."""
    teller.heading("story.part.offer")

    def asked() -> tuple[Phone, str, str] | None:
        for handset in _handsets(stage):
            for text in handset.texts(known):
                found = re.search(OFFER, text["body"]) if text["to"] == handset.number else None
                if found:
                    return handset, found.group(1), text["body"]
        return None

    with teller.waiting("wait.offer"):
        teller.glossary.learn(desk)
        worker, code, body = until(asked, teller.say("wait.offer"))
    desk.speak(teller.language)
    _why(desk.open(f"/console/orders/{number}"), teller)
    _introduce(screen.open(f"/try/live?order={number}"), worker, teller)
    teller.read("worker", teller.name(worker.number), body)
    return worker, code


def _introduce(page: Page, worker: Phone, teller: Teller) -> None:
    """Learn the name of who was asked, in both languages."""
    for now in page.found(f".now[data-asked='{worker.number}']"):
        chinese, english = now.get("data-asked-zh", ""), now.get("data-asked-en", "")
        teller.glossary.english[chinese] = english
        teller.names[worker.number] = english if teller.language == "en" else chinese


def _why(page: Page, teller: Teller) -> None:
    """The reasons on the order's page: whom the house chose, who would have come next, and who could not."""
    decision = next(iter(page.found("section[aria-labelledby^=decision]")), None)
    if decision is None:
        return
    fits = [_cells(row) for row in decision.cssselect("table:not(details table) tbody tr")]
    failed = [_cells(row) for row in decision.cssselect("details tbody tr")]
    chosen = decision.cssselect("tr.chosen td")
    if not chosen:
        return
    teller.tell("doorline", "story.decided", all=len(fits) + len(failed), fit=len(fits))
    for cells in fits[:SHOWN]:
        teller.reason(teller.say("story.fits", name=cells[0], way=cells[2], price=cells[3], parts=cells[4]))
    reasons = Counter(cells[1] for cells in failed).most_common(SHOWN)
    counted = [teller.say("story.counted", reason=reason, count=count) for reason, count in reasons]
    tom = next((cells for cells in failed if cells[0] in ("Tom", "汤慕")), None)
    teller.reason(teller.say("story.fail", count=len(failed), reasons=teller.say("story.and").join(counted)))
    if tom:
        teller.reason(teller.say("story.not_he", name=tom[0], why=tom[1]))


def _cells(row: Any) -> list[str]:
    """The words of each cell; a chip and what is printed small are left out of names and ways."""
    for extra in row.cssselect(".chip, .soft"):
        extra.drop_tree()
    return [re.sub(r"\s+", " ", cell.text_content()).strip() for cell in row.cssselect("td")]


def _accept(worker: Phone, code: str, teller: Teller) -> None:
    teller.tell(
        "worker",
        "story.texts",
        name=teller.name(worker.number),
        body=f"1 {code}",
        meaning=texts()["said.1"][teller.language],
    )
    since = max((text["id"] for text in worker.texts()), default=0)
    worker.send(HOTLINE, f"1 {code}")
    with teller.waiting("wait.answer"):
        text = worker.wait_for_text("先报|say", since)
    teller.read("worker", teller.name(worker.number), text["body"])


def _announced(rosa: Phone, teller: Teller) -> str:
    """Rosa is rung and told who comes; the four digits that she writes down."""
    teller.heading("story.part.announce")
    with teller.waiting("wait.ring"):
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
    page = screen.send(page, "form.skip-to")
    if not page.found(".flash.done"):
        raise Missed("demo.missed", who="/try", awaited=teller.say("story.skipped"), came=[page.text[:200]])
    teller.tell("clock", "story.skipped")


def _check_the_door(rosa: Phone, four: str, worker: Phone, teller: Teller) -> None:
    """Somebody knocks: Rosa asks the hotline whether he is the right one before she opens."""
    teller.heading("story.part.door")
    teller.tell("worker", "story.knocks", name=teller.name(worker.number), half=four[:2])
    teller.tell("resident", "story.dials", number=HOTLINE)
    rosa.dial(HOTLINE)
    rosa.wait_for("heard", "接通")
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
    name = teller.name(worker.number)
    meaning = texts().get(f"said.{body}", {}).get(teller.language, "")
    teller.tell("worker", "story.texts", name=name, body=body, meaning=meaning)
    worker.send(HOTLINE, body)
    with teller.waiting("wait.answer"):
        answer = worker.wait_for_text("已记录|Noted", since)
    teller.read("worker", name, answer["body"])


def _follow_up(rosa: Phone, teller: Teller) -> None:
    teller.heading("story.part.follow_up")
    rosa.forget()
    with teller.waiting("wait.ring"):
        rosa.wait_for("ringing")
    teller.tell("resident", "story.rings")
    rosa.answer()
    for pattern in ("来过吗", "办好了吗", "您满意吗", "非常满意请按"):
        rosa.wait_for("heard", pattern)
        teller.tell("resident", "story.presses", keys="1")
        rosa.press("1")
    rosa.wait_for("ended")


def _closed(screen: Browser, number: str) -> dict[str, Any] | None:
    """The order's state once it is closed and nobody talks any more."""
    facts: dict[str, Any] = screen.client.get("/try/state", params={"order": number}).json()
    closed = facts.get("order", {}).get("state") == "closed"
    return facts if closed and facts.get("timeline", [{}])[-1].get("kind") == "call" else None


def _timeline(facts: dict[str, Any], teller: Teller) -> None:
    """The order's timeline, which is taken out of ``facts``."""
    teller.heading("story.part.timeline", number=facts["order"]["number"])
    for line in facts.pop("timeline", []):
        told = line[teller.language]
        told = teller.glossary.names_in(told) if teller.language == "en" else told
        teller.console.print(f"   {moment(line['at'])}  {told}")
