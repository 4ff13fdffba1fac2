"""The terminal phone and the terminal handset: they use the lines over HTTP as any other phone does."""

import asyncio
import json
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import aiohttp
import click

from app.switch.words import words

Event = dict[str, Any]

COMMANDS = {"hang": "hangup", "answer": "answer", "reject": "reject"}
LISTENING = frozenset({"collecting", "recording", "bridged", "joined-conference", "ringing"})
PATIENCE = 60.0
"""Real seconds that a piped line waits for something that listens."""

_NOTES = {
    "calling": "event_calling",
    "ringing": "event_ringing",
    "connected": "event_connected",
    "collecting": "event_collecting",
    "recording": "event_recording",
    "recorded": "event_recorded",
    "bridged": "event_bridged",
    "unbridged": "event_unbridged",
    "joined-conference": "event_joined",
    "left-conference": "event_left",
    "held": "event_held",
    "unheld": "event_unheld",
}


def rendered(event: Event, language: str) -> str:
    """One event as a line of text, "" if it is not worth one."""
    text = words(language)
    match event["type"]:
        case "heard":
            verb = "sound" if event["verb"] == "play" else event["verb"]
            return f"{event.get('from') or text['voice']}: {event['text'] or text.get(verb, '')}"
        case "said":
            return f"{text['you']}: {event['text']}{'' if event['taken'] else text['unheard']}"
        case "pressed":
            return text["event_pressed"].format(**event) + ("" if event["taken"] else text["unheard"])
        case "ended":
            return str(text.get(f"ended_{event['reason']}", "")).format(**event)
        case "text":
            return "{from} → {to}: {body}".format(**event["text"])
        case "collecting" if "speech" in event["kinds"]:
            return text["event_collecting_speech"]
        case name if name in _NOTES:
            return text[_NOTES[name]].format(**event)
    return ""


class Terminal:
    """A phone or handset at ``number`` on the switch at ``url``; ``language`` and ``zone`` are the terminal's own."""

    def __init__(self, url: str, number: str, language: str, zone: ZoneInfo) -> None:
        self._url, self._number, self._language, self._zone = url, number, language, zone
        self._http: aiohttp.ClientSession
        self._listening = asyncio.Event()
        self._over = asyncio.Event()
        self._last_sender = ""

    async def phone(self, to: str | None) -> None:
        """Ring ``to``, or wait for calls; until the call is over or the person quits."""
        await self._live("terminal_help", self._phoned(to), _Stdin(self._take))

    async def handset(self, to: str) -> None:
        """Show and send texts until the person quits."""
        self._last_sender = to
        await self._live("handset_help", self._texted(), _Stdin(self._send))

    async def _live(self, help_key: str, beginning: Any, typing: "_Stdin") -> None:
        async with aiohttp.ClientSession() as self._http:
            try:
                click.echo(words(self._language)[help_key].format(to=self._last_sender or "…"), err=True)
                since = (await self._ask("GET", ""))["last"]
                following = asyncio.create_task(self._follow(since))
                await beginning
                await typing.until(self._over)
                following.cancel()
            except aiohttp.ClientError as error:
                raise click.ClickException(words(self._language)["terminal_gone"].format(url=self._url)) from error
            finally:
                with suppress(Exception):
                    beginning.close()
                    await self._do("hangup")

    async def _phoned(self, to: str | None) -> None:
        if to and (problem := await self._do("dial", to=to)):
            raise click.ClickException(problem)

    async def _texted(self) -> None:
        for text in (await self._ask("GET", "/texts"))["texts"]:
            self._show({"type": "text", "at": text["at"], "text": text})

    async def _follow(self, since: int) -> None:
        async for event in self._events(since):
            self._show(event)
            if event["type"] in LISTENING:
                self._listening.set()
            if event["type"] == "ended":
                self._over.set()

    def _show(self, event: Event) -> None:
        if event["type"] == "text" and event["text"]["to"] == self._number:
            self._last_sender = event["text"]["from"]
        if line := rendered(event, self._language):
            click.echo(f"{datetime.fromisoformat(event['at']).astimezone(self._zone):%H:%M:%S}  {line}")

    async def _take(self, line: str, piped: bool) -> None:
        """A typed line: a command, keys, or words."""
        if piped and line != "hang":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._listening.wait(), PATIENCE)
            self._listening.clear()
        if line in COMMANDS:
            problem = await self._do(COMMANDS[line])
        elif not set(line) - set("0123456789*#"):
            problem = await self._do("press", digits=line)
        else:
            problem = await self._do("speak", text=line.removeprefix("say "))
        if problem:
            click.echo(problem, err=True)

    async def _send(self, line: str, piped: bool) -> None:
        if problem := await self._do("texts", to=self._last_sender, body=line):
            click.echo(problem, err=True)

    async def _do(self, what: str, **body: str) -> str:
        """Do something on the line; the sentence to show if it was refused."""
        answer = await self._ask("POST", f"/{what}", body)
        text = words(self._language)
        return text.get(f"error_{answer['error']}", text["error_other"]) if "error" in answer else ""

    async def _ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Any:
        url = f"{self._url}/lines/{quote(self._number)}{path}"
        async with self._http.request(method, url, json=body) as answer:
            return await answer.json()

    async def _events(self, since: int) -> AsyncIterator[Event]:
        url = f"{self._url}/lines/{quote(self._number)}/events?since={since}"
        async with self._http.get(url, timeout=aiohttp.ClientTimeout(total=None)) as stream:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])


class _Stdin:
    """Typed lines, one after the other, handed to ``take`` with whether they come from a pipe."""

    def __init__(self, take: Any) -> None:
        self._take = take
        self._piped = not sys.stdin.isatty()

    async def until(self, over: asyncio.Event) -> None:
        """Take lines until ``over``, "quit", or, at a terminal, the end of input; a pipe's end waits for ``over``."""
        ending = asyncio.create_task(over.wait())
        reading = asyncio.create_task(self._lines())
        await asyncio.wait({ending, reading}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done() and self._piped and not reading.result():
            await ending
        for task in (ending, reading):
            task.cancel()

    async def _lines(self) -> bool:
        """Whether the person quit; False at the end of input."""
        while line := await _line():
            if line.strip() == "quit":
                return True
            if line.strip():
                await self._take(line.strip(), self._piped)
        return False


async def _line() -> str:
    """One line of standard input. Read in a thread that does not hold up the end of the process."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[str] = loop.create_future()

    def hand_over(line: str) -> None:
        if not done.done():
            done.set_result(line)

    def read() -> None:
        line = sys.stdin.readline()
        with suppress(RuntimeError):  # The loop may be over by the time somebody presses Enter.
            loop.call_soon_threadsafe(hand_over, line)

    threading.Thread(target=read, daemon=True).start()
    return await done
