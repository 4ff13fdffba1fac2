"""People at their phones and screens, as the demo and the journeys play them: over HTTP, like anybody else.

They dial, press, speak, text, click and read; nothing else reaches the product.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx
from lxml import html

from app.core.errors import BadInput

PATIENCE = 60.0
"""Real seconds that somebody waits for something to happen before the step counts as failed."""

POLL = 0.05

_patience = PATIENCE


def be_patient(seconds: float) -> None:
    """Wait so many real seconds for everything from now on."""
    global _patience
    _patience = seconds


class Missed(BadInput):
    """What should have happened did not; facts: who, what was awaited, what came instead."""


@dataclass
class Phone:
    """A phone line on the switch.

    switch: the switch's address. number: E.164 or client:name. since: id of the last event that was looked at.
    listener: told of every event that is passed on the way.
    """

    switch: str
    number: str
    since: int = 0
    listener: Callable[[dict[str, Any]], None] | None = None
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=70))

    def dial(self, to: str) -> str:
        """Dial ``to`` and return the call's sid."""
        return str(self._post("dial", to=to)["call"])

    def answer(self) -> str:
        """Pick up the ringing phone."""
        return str(self._post("answer")["call"])

    def press(self, digits: str) -> None:
        """Press keys. Raises Missed if nobody listened."""
        if not self._post("press", digits=digits)["taken"]:
            raise Missed("demo.key_lost", who=self.number, awaited=digits)

    def speak(self, text: str) -> None:
        """Say something."""
        self._post("speak", text=text)

    def hang_up(self) -> None:
        """Put the phone down."""
        self._post("hangup")

    def state(self) -> str:
        """idle, calling, ringing or connected."""
        return str(self.client.get(self._url()).json()["state"])

    def forget(self) -> None:
        """Look only at what happens from now on."""
        self.since = int(self.client.get(self._url()).json()["last"])

    def events(self) -> list[dict[str, Any]]:
        """What happened since the last look."""
        page = self.client.get(self._url("log"), params={"since": self.since}).json()
        self.since = max(self.since, int(page["last"]))
        return list(page["events"])

    def wait_for(self, kind: str, pattern: str = "", patience: float | None = None) -> dict[str, Any]:
        """The next event of ``kind`` whose text matches ``pattern``; everything before it is passed over.

        Raises Missed after ``patience`` real seconds.
        """
        end, came = time.monotonic() + (patience or _patience), []
        while True:
            page = self.client.get(self._url("log"), params={"since": self.since}).json()
            for event in page["events"]:
                self.since = int(event["id"])
                if self.listener:
                    self.listener(event)
                came.append(event.get("text") or event["type"])
                if event["type"] == kind and re.search(pattern, _text_of(event)):
                    return dict(event)
            if time.monotonic() > end:
                raise Missed("demo.missed", who=self.number, awaited=f"{kind} {pattern}".strip(), came=came[-6:])
            time.sleep(POLL)

    def texts(self, since: int = 0) -> list[dict[str, Any]]:
        """The texts of this line, oldest first."""
        return list(self.client.get(self._url("texts"), params={"since": since}).json()["texts"])

    def send(self, to: str, body: str) -> None:
        """Send a text."""
        self._post("texts", to=to, body=body)

    def wait_for_text(self, pattern: str, since: int = 0, patience: float | None = None) -> dict[str, Any]:
        """The first received text after ``since`` that matches ``pattern``. Raises Missed."""
        end = time.monotonic() + (patience or _patience)
        while True:
            texts = [text for text in self.texts(since) if text["to"] == self.number]
            for text in texts:
                if re.search(pattern, text["body"]):
                    return text
            if time.monotonic() > end:
                bodies = [text["body"] for text in texts]
                raise Missed("demo.missed", who=self.number, awaited=f"text {pattern}", came=bodies[-3:])
            time.sleep(POLL)

    def _url(self, action: str = "") -> str:
        return f"{self.switch}/lines/{self.number.replace('+', '%2B')}" + (f"/{action}" if action else "")

    def _post(self, action: str, **body: Any) -> dict[str, Any]:
        answer = self.client.post(self._url(action), json=body)
        if answer.is_error:
            raise Missed("demo.line_refused", who=self.number, awaited=action, came=answer.text[:200])
        return dict(answer.json())


def _text_of(event: dict[str, Any]) -> str:
    text = event.get("text", "")
    return text if isinstance(text, str) else ""


@dataclass
class Page:
    """A page as it was read: its address, and its parsed document."""

    url: str
    status: int
    document: html.HtmlElement

    @property
    def text(self) -> str:
        """All its words."""
        return re.sub(r"\s+", " ", self.document.text_content()).strip()

    def found(self, selector: str) -> list[html.HtmlElement]:
        """Elements by CSS selector."""
        return list(self.document.cssselect(selector))


class Browser:
    """Somebody's browser without scripts: opens pages, fills in forms and sends them, keeps cookies."""

    def __init__(self, base: str, language: str = "zh-CN") -> None:
        self.language = ""
        self.client = httpx.Client(
            base_url=base, follow_redirects=True, timeout=20, headers={"Accept-Language": language}
        )

    def open(self, path: str) -> Page:
        """Open ``path`` (or a whole address)."""
        return self._page(self.client.get(path))

    def speak(self, language: str) -> None:
        """Choose the language of all pages, as the button on each page does."""
        if self.language != language:
            page = self.open("/console/password")
            self.send(page, "form.language", language=language)
            self.language = language

    def sign_in(self, username: str, password: str) -> Page:
        """Sign in to the console. Raises Missed if it is refused."""
        page = self.send(self.open("/console/login"), "main form", username=username, password=password)
        if page.url.endswith("/login") or page.status >= 400:
            raise Missed("demo.missed", who=username, awaited="sign-in", came=[page.text[:200]])
        return page

    def send(self, page: Page, form: str, **values: Any) -> Page:
        """Send the form that the CSS selector ``form`` finds on ``page``, with ``values`` filled in.

        ``_button`` names the button (its name attribute) to press, if it matters. Raises Missed without such a form.
        """
        forms = page.found(form)
        if not forms:
            raise Missed("demo.missed", who=page.url, awaited=f"form {form}", came=page.text[:300])
        element = forms[0]
        data: dict[str, Any] = {name: value for name, value in element.form_values()}
        data |= {name: value for name, value in values.items() if value is not None}
        action = urljoin(page.url, element.get("action") or page.url)
        method = (element.get("method") or "get").upper()
        headers = {"Referer": page.url}
        if method == "POST":
            return self._page(self.client.post(action, data=data, headers=headers))
        return self._page(self.client.get(action, params=data, headers=headers))

    @staticmethod
    def _page(answer: httpx.Response) -> Page:
        return Page(str(answer.url), answer.status_code, html.fromstring(answer.text or "<html></html>"))


def until(true: Any, what: str, patience: float | None = None) -> Any:
    """Ask ``true()`` until it answers something true, and return that. Raises Missed(what)."""
    end = time.monotonic() + (patience or _patience)
    while not (answer := true()):
        if time.monotonic() > end:
            raise Missed("demo.missed", who="", awaited=what, came=[])
        time.sleep(POLL)
    return answer
