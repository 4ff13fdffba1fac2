"""The lines over HTTP: see, dial, answer, press, speak, hang up, and follow what happens."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from aiohttp import web

from app.switch.api import guard
from app.switch.calls import Call
from app.switch.lines import Behaviour, Line
from app.switch.rest.asking import exchange_of

LONGEST_WAIT = 60.0
KEEP_ALIVE = 15.0
"""Real seconds; proxies drop streams that stay silent for longer."""


class Refused(web.HTTPBadRequest):
    """A refusal with its code as JSON."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(text=json.dumps({"error": code}), content_type="application/json")
        self.set_status(status)


async def body(request: web.Request) -> dict[str, Any]:
    """The JSON object sent; an empty body is an empty object."""
    if not await request.read():
        return {}
    # Browsers send JSON across origins only after asking first; a plain form could come from any page.
    if request.content_type != "application/json":
        raise Refused("json-expected", 415)
    try:
        given = await request.json()
    except ValueError as error:
        raise Refused("json-expected") from error
    if not isinstance(given, dict):
        raise Refused("json-expected")
    return given


def line_of(request: web.Request) -> Line:
    """The line in the path."""
    try:
        return exchange_of(request).lines.line(request.match_info["line"].strip())
    except ValueError as error:
        raise Refused("no-such-line", 404) from error


def _call_of(line: Line) -> Call:
    if line.call is None:
        raise Refused("no-call", 409)
    return line.call


async def listing(request: web.Request) -> web.Response:
    """GET /lines"""
    lines = exchange_of(request).lines.all()
    last = max((line.journal.last for line in lines), default=0)
    return web.json_response({"lines": [line.to_json() for line in lines], "last": last})


async def fetch(request: web.Request) -> web.Response:
    """GET /lines/{line}"""
    return web.json_response(line_of(request).to_json())


async def behave(request: web.Request) -> web.Response:
    """PUT /lines/{line}/behaviour"""
    line, wanted = line_of(request), await body(request)
    try:
        line.behaviour = Behaviour(**wanted)
    except (TypeError, ValueError) as error:
        raise Refused("unknown-behaviour") from error
    return web.json_response(line.to_json())


async def dial(request: web.Request) -> web.Response:
    """POST /lines/{line}/dial"""
    line, wanted = line_of(request), await body(request)
    try:
        call = exchange_of(request).dial(line, str(wanted.get("to", "")))
    except KeyError as error:
        raise Refused("unknown-number", 404) from error
    except ValueError as error:
        raise Refused("line-busy", 409) from error
    return web.json_response({"call": call.sid}, status=201)


async def answer(request: web.Request) -> web.Response:
    """POST /lines/{line}/answer"""
    return _picked(line_of(request), True)


async def reject(request: web.Request) -> web.Response:
    """POST /lines/{line}/reject"""
    return _picked(line_of(request), False)


def _picked(line: Line, answered: bool) -> web.Response:
    call = _call_of(line)
    if not line.pick(answered):
        raise Refused("no-call", 409)
    return web.json_response({"call": call.sid})


async def hang_up(request: web.Request) -> web.Response:
    """POST /lines/{line}/hangup"""
    call = _call_of(line_of(request))
    call.hang_up("hung-up")
    return web.json_response({"call": call.sid})


async def press(request: web.Request) -> web.Response:
    """POST /lines/{line}/press"""
    line, wanted = line_of(request), await body(request)
    digits = str(wanted.get("digits", ""))
    if not digits or set(digits) - set("0123456789*#"):
        raise Refused("no-keys")
    return web.json_response({"taken": _call_of(line).press(digits)})


async def speak(request: web.Request) -> web.Response:
    """POST /lines/{line}/speak"""
    line, wanted = line_of(request), await body(request)
    words, language = str(wanted.get("text", "")).strip(), str(wanted.get("language") or "")
    return web.json_response({"taken": _call_of(line).speak(words, language)})


def since_of(request: web.Request) -> int:
    """What the reader knows already."""
    # A stream that reconnects repeats its first address and adds the id of what it saw last.
    given = (request.query.get("since", ""), request.headers.get("Last-Event-ID", ""))
    return max((int(value) for value in given if value.isdigit()), default=0)


def _types(request: web.Request) -> frozenset[str]:
    return frozenset(filter(None, request.query.get("types", "").split(",")))


async def log(request: web.Request) -> web.Response:
    """GET /lines/{line}/log: at once, or with ``wait`` as soon as there is something."""
    journal, since = line_of(request).journal, since_of(request)
    try:
        patience = min(float(request.query.get("wait", 0)), LONGEST_WAIT)
    except ValueError as error:
        raise Refused("bad-wait") from error
    with _reading(request):
        events = await journal.wait(since, _types(request), patience)
    return web.json_response({"events": events, "last": events[-1]["id"] if events else max(since, journal.last)})


async def stream(request: web.Request) -> web.StreamResponse:
    """GET /lines/{line}/events: server-sent events."""
    journal, since = line_of(request).journal, since_of(request)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    response.headers.update(guard.headers(request, exchange_of(request).config))
    await response.prepare(request)
    await response.write(b"retry: 1000\n\n")
    with _reading(request), suppress(ConnectionResetError, asyncio.CancelledError):
        while True:
            events = await journal.wait(since, _types(request), KEEP_ALIVE)
            lines = "".join(f"id: {e['id']}\ndata: {json.dumps(e, ensure_ascii=False)}\n\n" for e in events)
            since = events[-1]["id"] if events else since
            await response.write(lines.encode() or b": here\n\n")
    return response


@contextmanager
def _reading(request: web.Request) -> Iterator[None]:
    """Note who waits for events, so that a stopping switch can send him away."""
    readers, task = exchange_of(request).readers, asyncio.current_task()
    assert task is not None
    readers.add(task)
    try:
        yield
    finally:
        readers.discard(task)
