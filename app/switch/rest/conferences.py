"""Conferences (https://www.twilio.com/docs/voice/api/conference-resource)."""

import asyncio

from aiohttp import web

from app.switch.calls import until_hung_up
from app.switch.conferences import Conference
from app.switch.exchange import Exchange
from app.switch.rest import asking, shapes
from app.switch.rest.errors import RestError
from app.switch.twiml.document import Goto


async def listing(request: web.Request) -> web.Response:
    """GET Conferences.json by FriendlyName, Status, DateCreated, DateUpdated; the youngest first."""
    exchange = asking.authorised(request)
    query = request.query
    created, updated = asking.between(query, "DateCreated"), asking.between(query, "DateUpdated")

    def fits(room: Conference) -> bool:
        same = query.get("FriendlyName", room.name) == room.name and query.get("Status", room.status) == room.status
        return same and created.fits(room.created) and updated.fits(room.updated)

    found = [room for room in exchange.conferences.all() if fits(room)][::-1]
    return asking.page(request, "conferences", found, shapes.conference, exchange.config)


async def fetch(request: web.Request) -> web.Response:
    """GET Conferences/{Sid}.json"""
    exchange = asking.authorised(request)
    return web.json_response(shapes.conference(room_of(exchange, request), exchange.config))


async def update(request: web.Request) -> web.Response:
    """POST Conferences/{Sid}.json: end it (Status=completed) or let all hear AnnounceUrl."""
    exchange = asking.authorised(request)
    room = room_of(exchange, request)
    fields = await asking.form(request)
    if asking.text(fields, "Status") == "completed":
        room.close("conference-ended-via-api")
    elif url := asking.text(fields, "AnnounceUrl"):
        announce(exchange, room, url, asking.text(fields, "AnnounceMethod", "POST"), list(room.participants))
    return web.json_response(shapes.conference(room, exchange.config))


def announce(exchange: Exchange, room: Conference, url: str, method: str, calls: list[str]) -> None:
    """Let some participants hear a document's sounds."""
    for sid in calls:
        call = room.participants[sid].call
        goto = Goto(url, method.upper(), {"ConferenceSid": room.sid})
        exchange.webhooks.spawn(_announced(exchange, call.sid, goto))


async def _announced(exchange: Exchange, sid: str, goto: Goto) -> None:
    call = exchange.calls.get(sid)
    if call:
        sounds = asyncio.ensure_future(until_hung_up(exchange.waiter(call).walk(goto)))
        await asyncio.wait({sounds, call.over}, return_when=asyncio.FIRST_COMPLETED)
        sounds.cancel()


def room_of(exchange: Exchange, request: web.Request) -> Conference:
    """The conference in the path, by sid."""
    room = exchange.conferences.find(request.match_info["conference"])
    if room is None:
        raise RestError(20404)
    return room
