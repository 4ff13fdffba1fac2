"""Calls (https://www.twilio.com/docs/voice/api/call-resource)."""

from aiohttp import web

from app.switch.calls import FINAL, Call, Callback, CallRecord, Voice
from app.switch.exchange import Exchange
from app.switch.lines import NAME
from app.switch.rest import asking, refusing, shapes
from app.switch.rest.asking import Form
from app.switch.rest.errors import RestError

TIMEOUT, LONGEST_TIMEOUT = 60, 600


async def create(request: web.Request) -> web.Response:
    """POST Calls.json; 201 and the call, queued. Errors: https://www.twilio.com/docs/iam/test-credentials#test-calls"""
    exchange = asking.authorised(request)
    fields = await asking.form(request)
    to, from_ = ends(exchange, fields)
    voice = _voice(fields)
    if not voice.url and not voice.twiml:
        raise RestError(21205)
    fault = refusing.fault_before(exchange, "call", to)
    call = exchange.place(to, from_, voice, callback(fields), timeout(fields))
    refusing.break_after(request, fault)
    return web.json_response(shapes.call(call.record, exchange.config), status=201)


def ends(exchange: Exchange, fields: Form) -> tuple[str, str]:
    """To and From of a new call, checked."""
    to, from_ = asking.text(fields, "To"), asking.text(fields, "From")
    if not to:
        raise RestError(21201)
    if not from_:
        raise RestError(21213)
    if not NAME.fullmatch(from_):
        raise RestError(21212, from_)
    if exchange.number_of(from_) is None and not from_.startswith("client:"):
        raise RestError(21210, from_)
    if not NAME.fullmatch(to):
        raise RestError(21217, to)
    return to, from_


def timeout(fields: Form) -> int:
    """Seconds of ringing."""
    value = asking.text(fields, "Timeout")
    return min(int(value), LONGEST_TIMEOUT) if value.isdigit() else TIMEOUT


def callback(fields: Form) -> Callback | None:
    """StatusCallback and its events; each its own field, or several in one."""
    url = asking.text(fields, "StatusCallback")
    if not url:
        return None
    events = frozenset(event for value in fields.getall("StatusCallbackEvent", []) for event in str(value).split())
    method = asking.text(fields, "StatusCallbackMethod", "POST").upper()
    return Callback(url, method, events or frozenset({"completed"}))


def _voice(fields: Form) -> Voice:
    return Voice(
        asking.text(fields, "Url"),
        asking.text(fields, "Method", "POST").upper(),
        asking.text(fields, "FallbackUrl"),
        asking.text(fields, "FallbackMethod", "POST").upper(),
        asking.text(fields, "Twiml"),
    )


async def listing(request: web.Request) -> web.Response:
    """GET Calls.json by To, From, ParentCallSid, Status, StartTime, EndTime; the youngest first."""
    exchange = asking.authorised(request)
    query = request.query
    began, ended = asking.between(query, "StartTime"), asking.between(query, "EndTime")

    def fits(record: CallRecord) -> bool:
        wanted = {"To": record.to, "From": record.from_, "Status": record.status, "ParentCallSid": record.parent}
        same = all(query.get(name, value) == value for name, value in wanted.items())
        return same and began.fits(record.answered or record.created) and ended.fits(record.ended)

    found = [record for record in exchange.records.values() if fits(record)][::-1]
    return asking.page(request, "calls", found, shapes.call, exchange.config)


async def fetch(request: web.Request) -> web.Response:
    """GET Calls/{Sid}.json"""
    exchange = asking.authorised(request)
    return web.json_response(shapes.call(_record(exchange, request), exchange.config))


async def delete(request: web.Request) -> web.Response:
    """DELETE Calls/{Sid}.json; 204, for calls that are over."""
    exchange = asking.authorised(request)
    record = _record(exchange, request)
    if record.status not in FINAL:
        raise RestError(21220)
    exchange.records.pop(record.sid)
    exchange.store.forget("call", record.sid)
    return web.Response(status=204)


async def update(request: web.Request) -> web.Response:
    """POST Calls/{Sid}.json: end it, or move it to other TwiML; 21220 when it is over or not yet answered."""
    exchange = asking.authorised(request)
    record = _record(exchange, request)
    fields = await asking.form(request)
    call = exchange.calls.get(record.sid)
    if call is None:
        raise RestError(21220)
    _carry_out(call, fields)
    return web.json_response(shapes.call(record, exchange.config))


def _carry_out(call: Call, fields: Form) -> None:
    status, voice = asking.text(fields, "Status"), _voice(fields)
    if status not in ("", "canceled", "completed"):
        raise RestError(20001, status)
    if new := callback(fields):
        call.callback = new
    if status == "completed" or (status == "canceled" and call.record.answered is None):
        call.hang_up()
    elif voice.url or voice.twiml:
        if call.record.answered is None:
            raise RestError(21220)
        call.redirect(voice)


def _record(exchange: Exchange, request: web.Request) -> CallRecord:
    record = exchange.records.get(request.match_info["sid"])
    if record is None:
        raise RestError(20404)
    return record
