"""Recordings and their sound (https://www.twilio.com/docs/voice/api/recording)."""

from aiohttp import web

from app.switch.exchange import Exchange
from app.switch.recordings import Recording
from app.switch.rest import asking, shapes
from app.switch.rest.errors import RestError


async def listing(request: web.Request) -> web.Response:
    """GET Recordings.json and Calls/{Sid}/Recordings.json, by CallSid and DateCreated; the youngest first."""
    exchange = asking.authorised(request)
    wanted = request.match_info.get("sid") or request.query.get("CallSid")
    created = asking.between(request.query, "DateCreated")

    def fits(made: Recording) -> bool:
        return wanted in (None, made.call) and created.fits(made.created)

    return asking.page(request, "recordings", exchange.recordings.find(fits)[::-1], shapes.recording, exchange.config)


async def fetch(request: web.Request) -> web.Response:
    """GET Recordings/{Sid}.json"""
    exchange = asking.authorised(request)
    return web.json_response(shapes.recording(_one(exchange, request), exchange.config))


async def media(request: web.Request) -> web.Response:
    """GET Recordings/{Sid} or {Sid}.wav: the sound (https://www.twilio.com/docs/voice/api/recording#fetch-a-recordings-media)."""
    exchange = asking.authorised(request)
    return web.Response(body=_one(exchange, request).media(), content_type="audio/x-wav")


async def delete(request: web.Request) -> web.Response:
    """DELETE Recordings/{Sid}.json; 204."""
    exchange = asking.authorised(request)
    exchange.recordings.forget(_one(exchange, request).sid)
    return web.Response(status=204)


def _one(exchange: Exchange, request: web.Request) -> Recording:
    made = exchange.recordings.get(request.match_info["sid"])
    if made is None:
        raise RestError(20404)
    return made
