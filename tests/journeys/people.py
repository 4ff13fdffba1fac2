"""The cast at their phones and screens. What reaches them is ticked off, so that a story can say: and nothing else.

Everything is done from outside, over HTTP, with the hands of app.demo.people.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.demo.people import Browser, Missed, Page, Phone, until

PATIENCE = 40.0
"""Real seconds after which something that should have happened counts as failed; nothing ever waits so long."""

POLL = 0.05
"""Real seconds between two looks: more of them only keep the processes that are waited for from working."""

HOTLINE = "+862155512349"


@dataclass
class Line(Phone):
    """Somebody's phone. name: for messages. seen: ids of texts and rings that the story knows about."""

    name: str = ""
    seen: set[int] = field(default_factory=set)

    # -- calls

    def wait_for(self, kind: str, pattern: str = "", patience: float = PATIENCE) -> dict[str, Any]:
        """As any phone does, but told by the switch as soon as something happens."""
        end = time.monotonic() + patience
        while (left := end - time.monotonic()) > 0:
            asked = {"since": self.since, "wait": min(left, 5)}
            for event in self.client.get(self._url("log"), params=asked).json()["events"]:
                self.since = int(event["id"])
                if event["type"] == kind and re.search(pattern, event["text"] if kind == "heard" else ""):
                    return dict(event)
        came = [str(event.get("text") or event["type"]) for event in self.log()]
        raise Missed("demo.missed", who=self.name, awaited=f"{kind} {pattern}".strip(), came=came[-6:])

    def rings(self, pattern: str = "") -> "Line":
        """It rings."""
        self.seen.add(self.wait_for("ringing", pattern, PATIENCE)["id"])
        return self

    def hears(self, pattern: str) -> str:
        """Hears words that match ``pattern`` (what comes before is passed over); returns them."""
        return str(self.wait_for("heard", pattern, PATIENCE)["text"])

    def is_asked(self) -> "Line":
        """Waits until keys or words are listened to."""
        self.wait_for("collecting", "", PATIENCE)
        return self

    def presses(self, digits: str, after: str = "") -> None:
        """Presses keys, after having heard ``after``, as soon as they are listened to."""
        if after:
            self.hears(after)
        end = time.monotonic() + PATIENCE
        while not self._post("press", digits=digits)["taken"]:
            if time.monotonic() > end:
                raise Missed("demo.key_lost", who=self.name, awaited=digits)
            time.sleep(POLL)

    def says(self, text: str, after: str = "") -> None:
        """Says something, after having heard ``after``, as soon as somebody listens."""
        if after:
            self.hears(after)
        end = time.monotonic() + PATIENCE
        while not self._post("speak", text=text)["taken"]:
            if time.monotonic() > end:
                raise Missed("demo.key_lost", who=self.name, awaited=text)
            time.sleep(POLL)

    def is_hung_up(self) -> str:
        """The call is over, by the other side; returns why."""
        return str(self.wait_for("ended", "", PATIENCE).get("reason", ""))

    def hears_nothing_of(self, pattern: str) -> None:
        """Nothing that was said so far matches ``pattern``."""
        heard = [str(event.get("text")) for event in self.log() if event["type"] == "heard"]
        assert not [text for text in heard if re.search(pattern, text)], heard

    def behaves(self, **behaviour: Any) -> None:
        """What the phone does by itself (see the switch's README)."""
        self.client.put(self._url("behaviour"), json=behaviour).raise_for_status()

    # -- texts

    def texts_us(self, body: str) -> None:
        """Sends a text to the hotline."""
        self.send(HOTLINE, body)

    def reads(self, pattern: str) -> str:
        """The first text not looked at so far that matches ``pattern``; returns it."""
        end = time.monotonic() + PATIENCE
        while True:
            fresh = [text for text in self.received() if text["id"] not in self.seen]
            for text in fresh:
                if re.search(pattern, text["body"]):
                    self.seen.add(text["id"])
                    return str(text["body"])
            if time.monotonic() > end:
                bodies = [text["body"] for text in fresh]
                raise Missed("demo.missed", who=self.name, awaited=f"text {pattern}", came=bodies[-3:])
            time.sleep(POLL)

    def received(self) -> list[dict[str, Any]]:
        """All texts to this phone."""
        return [text for text in self.texts() if text["to"] == self.number]

    # -- for the account at the end

    def unexpected(self) -> list[str]:
        """Texts and rings that the story did not mention."""
        rings = [event for event in self.log() if event["type"] == "ringing" and event["id"] not in self.seen]
        texts = [text for text in self.received() if text["id"] not in self.seen]
        told = [f"{self.name} was rung by {event.get('from')}" for event in rings]
        return told + [f"{self.name} was texted: {text['body']}" for text in texts]

    def log(self) -> list[dict[str, Any]]:
        """All that happened on this line."""
        return list(self.client.get(self._url("log"), params={"since": 0}).json()["events"])


@dataclass
class Office:
    """Somebody in the office: his browser, signed in, and his browser line."""

    web: str
    username: str
    line: Line
    language: str = "zh-CN"
    browser: Browser | None = None

    @property
    def screen(self) -> Browser:
        """His browser; he signs in when he needs it first."""
        if self.browser is None:
            self.browser = Browser(self.web, self.language)
            page = self.browser.open("/console/login")
            home = self.browser.send(
                page, "form:has(input[name=username])", username=self.username, password="doorline-demo"
            )
            assert home.status == 200 and "/login" not in home.url, home.text[:300]
        return self.browser

    def sits_down(self, line: str = "browser") -> None:
        """Is ready for calls on ``line``: browser or phone."""
        page = self.screen.open("/console/")
        self.screen.send(page, "#seat-live form", line=line)

    def goes_away(self) -> None:
        """Takes no more calls."""
        self.screen.send(self.screen.open("/console/"), "#seat-live form", line="")

    def sees(self, path: str, pattern: str) -> Page:
        """Opens ``path`` again and again until it shows ``pattern``."""

        def shown() -> Page | None:
            page = self.screen.open(path)
            return page if re.search(pattern, page.text) else None

        return _until(shown, lambda: f"{path} showing {pattern}; it says: {self.screen.open(path).text[-1500:]}")

    def does(self, path: str, form: str, **values: Any) -> Page:
        """Opens ``path``, fills in the form that the CSS selector ``form`` finds, and sends it."""
        page = self.screen.send(self.screen.open(path), form, **values)
        assert page.status < 400, (page.status, page.text[:500])
        return page

    def is_alive(self) -> None:
        """The console asks for news, as it does every few seconds: otherwise the seat is not rung."""
        self.screen.open("/console/seat/live")


def _until(true: Callable[[], Any], what: Callable[[], str]) -> Any:
    try:
        return until(true, "", PATIENCE)
    except Missed as error:
        raise AssertionError(f"waited in vain for {what()}") from error
