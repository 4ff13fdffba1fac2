"""IncomingPhoneNumbers (https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource)."""

from aiohttp import web

from app.switch.exchange import Exchange
from app.switch.numbers import SETTABLE, Number
from app.switch.rest import asking, shapes
from app.switch.rest.errors import RestError


async def listing(request: web.Request) -> web.Response:
    """GET IncomingPhoneNumbers.json by PhoneNumber (or a part of it) and FriendlyName."""
    exchange = asking.authorised(request)
    wanted = request.query.get("PhoneNumber", "").strip()
    name = request.query.get("FriendlyName")
    found = [n for n in exchange.numbers.all() if wanted in n.phone_number and name in (None, n.friendly_name)]
    return asking.page(request, "incoming_phone_numbers", found, shapes.number, exchange.config)


async def fetch(request: web.Request) -> web.Response:
    """GET IncomingPhoneNumbers/{Sid}.json"""
    exchange = asking.authorised(request)
    return web.json_response(shapes.number(_one(exchange, request), exchange.config))


async def update(request: web.Request) -> web.Response:
    """POST IncomingPhoneNumbers/{Sid}.json: where calls and texts go."""
    exchange = asking.authorised(request)
    number = _one(exchange, request)
    fields = await asking.form(request)
    wanted = {name: asking.text(fields, name) for name in SETTABLE if name in fields}
    for name, value in wanted.items():
        if name.endswith(("Url", "Callback")) and value and not value.startswith(("http://", "https://")):
            raise RestError(20001, name)
    return web.json_response(shapes.number(exchange.numbers.update(number, wanted), exchange.config))


def _one(exchange: Exchange, request: web.Request) -> Number:
    number = exchange.numbers.get(request.match_info["sid"])
    if number is None:
        raise RestError(20404)
    return number
