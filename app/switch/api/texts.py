"""Handsets over HTTP: the texts of a line, and texting from it."""

from aiohttp import web

from app.switch.api.lines import Refused, body, line_of, since_of
from app.switch.lines import NAME
from app.switch.rest.asking import exchange_of


async def listing(request: web.Request) -> web.Response:
    """GET /lines/{line}/texts"""
    since = since_of(request)
    found = sorted(exchange_of(request).texts.of_line(line_of(request).number, since), key=lambda text: text.id)
    return web.json_response({"texts": [text.shown() for text in found], "last": found[-1].id if found else since})


async def write(request: web.Request) -> web.Response:
    """POST /lines/{line}/texts"""
    line, wanted = line_of(request), await body(request)
    to, words = str(wanted.get("to", "")).strip(), str(wanted.get("body", "")).strip()
    if not words or not NAME.fullmatch(to):
        raise Refused("to-and-body-expected")
    return web.json_response(exchange_of(request).texts.write(line.number, to, words).shown(), status=201)
