"""Webhooks out: signed by Twilio's own SDK, tried again as the URL's fragment says, spoilt by armed faults."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from twilio.request_validator import RequestValidator
from yarl import URL

from app.core import clock
from app.switch import overrides
from app.switch.config import DOCUMENT_BYTES
from app.switch.debugger import Debugger, TwimlError
from app.switch.events import next_id
from app.switch.faults import Faults
from app.switch.sids import new
from app.switch.timers import Timers

KEPT = 1000
SWAP_SECONDS = 30
"""How long a swapped webhook waits for the next one of its kind, in product time, before it goes alone."""


@dataclass(frozen=True)
class Hook:
    """One request to the app. kind: as in the faults. sid: of the call or text. numbers: both ends, for the faults."""

    kind: str
    url: str
    params: dict[str, str]
    method: str = "POST"
    sid: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the app answered; url is the one asked, without fragment."""

    url: str
    status: int
    content_type: str
    body: bytes


@dataclass
class Sent:
    """A line of the log of webhooks."""

    hook: Hook
    id: int = field(default_factory=next_id)
    at: str = field(default_factory=lambda: clock.now().isoformat())
    status: int | None = None
    answer: str = ""

    def to_json(self) -> dict[str, Any]:
        """As the lines' interface shows it."""
        hook = asdict(self.hook)
        return {"id": self.id, "at": self.at, **hook, "status": self.status, "answer": self.answer}


class _Failed(Exception):
    """An attempt failed; ``args[0]`` is the failure in the words of the retry policy, ``args[1]`` Twilio's code."""


class Webhooks:
    """Asks for documents and tells news. ``ask`` waits for the answer; ``tell`` does not, but keeps order per sid.

    under_way: requests not yet answered.
    """

    def __init__(self, account_token: str, timers: Timers, faults: Faults, debugger: Debugger) -> None:
        self._validator = RequestValidator(account_token)
        self._timers, self._faults, self._debugger = timers, faults, debugger
        self._http: aiohttp.ClientSession | None = None
        self._tails: dict[str, asyncio.Task[None]] = {}
        self._held: dict[str, asyncio.Future[None]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.log: deque[Sent] = deque(maxlen=KEPT)
        self.under_way = 0

    async def open(self) -> None:
        """Begin; needs a running loop."""
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def close(self) -> None:
        """Drop what is under way and close connections."""
        for task in self._tasks:
            task.cancel()
        if self._http:
            await self._http.close()

    async def ask(self, hook: Hook) -> Answer:
        """Send and return the answer (2xx). Raises TwimlError 11200, 11205 or 11750."""
        if self._faults.take("lose", hook.kind, *hook.numbers):
            raise TwimlError(11200, hook.url, "lost by an armed fault")
        if late := self._faults.take("delay", hook.kind, *hook.numbers):
            await self._timers.sleep(late.seconds)
        if self._faults.take("double", hook.kind, *hook.numbers):
            await self._send(hook)
        return await self._send(hook)

    def tell(self, hook: Hook, then: Callable[[], None] = lambda: None) -> None:
        """Send in the background, after what was told about the same sid before; ``then`` when it is done with."""
        if not hook.url or self._faults.take("lose", hook.kind, *hook.numbers):
            then()
            return
        times = 2 if self._faults.take("double", hook.kind, *hook.numbers) else 1
        if late := self._faults.take("delay", hook.kind, *hook.numbers):
            task = self.spawn(self._told(hook, times, self._timers.after(late.seconds)))
        elif hook.kind not in self._held and self._faults.take("swap", hook.kind, *hook.numbers):
            gate = self._held[hook.kind] = asyncio.get_running_loop().create_future()
            task = self.spawn(self._told(hook, times, gate))
        else:
            self._tails[hook.sid] = task = self.spawn(self._told(hook, times, self._tails.get(hook.sid)))
            task.add_done_callback(lambda done: self._forget(hook.sid, done))
        task.add_done_callback(lambda done: None if done.cancelled() else then())

    def _forget(self, sid: str, done: asyncio.Task[None]) -> None:
        if self._tails.get(sid) is done:
            del self._tails[sid]

    def again(self, sent: Sent) -> None:
        """Send one once more, as it was, ignoring the answer."""
        self.spawn(self._told(sent.hook, 1, None))

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run ``work`` beside everything else, until the switch stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _told(self, hook: Hook, times: int, gate: asyncio.Future[None] | None) -> None:
        if gate:
            await self._timers.first(gate, seconds=SWAP_SECONDS if gate in self._held.values() else None)
        for _ in range(times):
            try:
                await self._send(hook)
            except TwimlError as error:
                self._debugger.write(15003 if error.code == 11200 else error.code, hook.sid, hook.url, error.detail)
        held = self._held.pop(hook.kind, None)
        if held and not held.done():
            held.set_result(None)

    async def _send(self, hook: Hook) -> Answer:
        url, rules = overrides.split(hook.url)
        token = new("")
        for attempt in range(rules.retries + 1):
            try:
                async with asyncio.timeout(rules.total):
                    return await self._attempt(hook, url, rules, token)
            except TimeoutError:
                failure, code = "rt", 11200
            except _Failed as failed:
                failure, code = failed.args
            if attempt == rules.retries or not rules.again(failure):
                raise TwimlError(code, url, failure)
        raise AssertionError("unreachable")

    async def _attempt(self, hook: Hook, url: str, rules: overrides.Overrides, token: str) -> Answer:
        posting = hook.method == "POST"
        if not posting and hook.params:
            url += ("&" if "?" in url else "?") + urlencode(hook.params)
        signature = self._validator.compute_signature(url, hook.params if posting else {})
        headers = {
            "X-Twilio-Signature": signature,
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        sent = Sent(hook)
        self.log.append(sent)
        self.under_way += 1
        try:
            answer = await self._request(hook, url, rules, headers)
        except (aiohttp.ServerTimeoutError, TimeoutError) as error:
            raise _Failed("ct" if isinstance(error, aiohttp.ConnectionTimeoutError) else "rt", 11200) from error
        except (aiohttp.ClientError, ValueError) as error:
            raise _Failed("ct", 11205) from error
        finally:
            self.under_way -= 1
        sent.status, sent.answer = answer.status, answer.body.decode("utf-8", "replace")
        if answer.status >= 400:
            raise _Failed(f"{answer.status // 100}xx", 11200)
        return answer

    async def _request(self, hook: Hook, url: str, rules: overrides.Overrides, headers: dict[str, str]) -> Answer:
        assert self._http is not None
        limits = aiohttp.ClientTimeout(total=None, sock_connect=rules.connect, sock_read=rules.read)
        form = hook.params if hook.method == "POST" else None
        async with self._http.request(
            hook.method, URL(url, encoded=True), data=form, headers=headers, timeout=limits
        ) as response:
            body = await response.content.read(DOCUMENT_BYTES + 1)
            while len(body) <= DOCUMENT_BYTES and (more := await response.content.read(DOCUMENT_BYTES)):
                body += more
            if len(body) > DOCUMENT_BYTES:
                raise TwimlError(11750, url)
            return Answer(url, response.status, response.content_type, body)
