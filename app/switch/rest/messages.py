"""Messages (https://www.twilio.com/docs/messaging/api/message-resource)."""

from aiohttp import web

from app.core import phones
from app.core.errors import BadInput
from app.switch import segments
from app.switch.exchange import Exchange
from app.switch.rest import asking, refusing, shapes
from app.switch.rest.asking import Form
from app.switch.rest.errors import RestError
from app.switch.texts import Text


async def create(request: web.Request) -> web.Response:
    """POST Messages.json; 201 and the text, queued."""
    exchange = asking.authorised(request)
    fields = await asking.form(request)
    to, from_, body = _checked(exchange, fields)
    fault = refusing.fault_before(exchange, "message", to)
    text = exchange.texts.send(from_, to, body, asking.text(fields, "StatusCallback"))
    refusing.break_after(request, fault)
    return web.json_response(shapes.message(text, exchange.config), status=201)


def _checked(exchange: Exchange, fields: Form) -> tuple[str, str, str]:
    """To, From and Body. Errors: https://www.twilio.com/docs/iam/test-credentials#test-sms-messages"""
    to, from_, body = (asking.text(fields, name) for name in ("To", "From", "Body"))
    for missing, code in ((to, 21604), (from_, 21603), (body, 21602)):
        if not missing:
            raise RestError(code)
    if len(body) > segments.LONGEST:
        raise RestError(21617)
    if exchange.number_of(from_) is None:
        raise RestError(21606, from_)
    try:
        kind = phones.parse(to).kind if to.startswith("+") else ""
    except BadInput as error:
        raise RestError(21211, to) from error
    if not kind:
        raise RestError(21211, to)
    if kind == "landline":
        raise RestError(21614, to)
    if exchange.texts.is_stopped(to):
        raise RestError(21610)
    return to, from_, body


async def listing(request: web.Request) -> web.Response:
    """GET Messages.json by To, From, DateSent; the youngest first."""
    exchange = asking.authorised(request)
    query, sent = request.query, asking.between(request.query, "DateSent")

    def fits(text: Text) -> bool:
        moment = text.sent or text.created
        same = text.to == query.get("To", text.to) and text.from_ == query.get("From", text.from_)
        return text.direction != "line" and same and sent.fits(moment)

    return asking.page(request, "messages", exchange.texts.find(fits)[::-1], shapes.message, exchange.config)


async def fetch(request: web.Request) -> web.Response:
    """GET Messages/{Sid}.json"""
    exchange = asking.authorised(request)
    return web.json_response(shapes.message(_one(exchange, request), exchange.config))


async def delete(request: web.Request) -> web.Response:
    """DELETE Messages/{Sid}.json; 204."""
    exchange = asking.authorised(request)
    exchange.texts.forget(_one(exchange, request).sid)
    return web.Response(status=204)


def _one(exchange: Exchange, request: web.Request) -> Text:
    text = exchange.texts.get(request.match_info["sid"])
    if text is None or text.direction == "line":
        raise RestError(20404)
    return text
