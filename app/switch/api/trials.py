"""For tests and the demo: faults, error log, log of webhooks, recordings' words, and a fresh start."""

from dataclasses import asdict

from aiohttp import web

from app.switch.api.lines import Refused, body, since_of
from app.switch.rest.asking import exchange_of


async def arm(request: web.Request) -> web.Response:
    """POST /faults"""
    try:
        fault = exchange_of(request).faults.arm(await body(request))
    except (TypeError, ValueError) as error:
        raise Refused("unknown-fault") from error
    return web.json_response(asdict(fault), status=201)


async def armed(request: web.Request) -> web.Response:
    """GET /faults"""
    return web.json_response({"faults": exchange_of(request).faults.armed()})


async def disarm(request: web.Request) -> web.Response:
    """DELETE /faults and /faults/{id}"""
    id_ = request.match_info.get("id")
    exchange_of(request).faults.disarm(int(id_) if id_ else None)
    return web.Response(status=204)


async def errors(request: web.Request) -> web.Response:
    """GET /debugger"""
    found = [error for error in exchange_of(request).debugger.errors if error["id"] > since_of(request)]
    return web.json_response({"errors": found})


async def forget_errors(request: web.Request) -> web.Response:
    """DELETE /debugger"""
    exchange_of(request).debugger.errors.clear()
    return web.Response(status=204)


async def webhooks(request: web.Request) -> web.Response:
    """GET /webhooks"""
    found = [sent.to_json() for sent in exchange_of(request).webhooks.log if sent.id > since_of(request)]
    return web.json_response({"webhooks": found})


async def again(request: web.Request) -> web.Response:
    """POST /webhooks/{id}/again"""
    hooks, wanted = exchange_of(request).webhooks, int(request.match_info["id"])
    sent = next((sent for sent in hooks.log if sent.id == wanted), None)
    if sent is None:
        raise Refused("no-such-webhook", 404)
    hooks.again(sent)
    return web.Response(status=204)


async def recording(request: web.Request) -> web.Response:
    """GET /recordings/{sid}"""
    made = exchange_of(request).recordings.get(request.match_info["sid"])
    if made is None:
        raise Refused("no-such-recording", 404)
    return web.json_response({"sid": made.sid, "call": made.call, "seconds": made.seconds, "text": made.text})


async def reset(request: web.Request) -> web.Response:
    """POST /reset"""
    await exchange_of(request).reset()
    return web.Response(status=204)


async def health(request: web.Request) -> web.Response:
    """GET /health"""
    exchange = exchange_of(request)
    return web.json_response(
        {"status": "ok", "calls": len(exchange.calls), "webhooks_under_way": exchange.webhooks.under_way}
    )
