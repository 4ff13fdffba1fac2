"""Armed faults of creates: a refusal before the work, or a connection that breaks after it."""

from aiohttp import web

from app.switch.exchange import Exchange
from app.switch.faults import Fault
from app.switch.rest.errors import RestError


def fault_before(exchange: Exchange, kind: str, *numbers: str) -> Fault | None:
    """Raise the armed error, if one fits; a fault with code 0 is returned, to break the connection later."""
    fault = exchange.faults.take("refuse", kind, *numbers)
    if fault and fault.code:
        raise RestError(fault.code)
    return fault


def break_after(request: web.Request, fault: Fault | None) -> None:
    """Cut the line before the answer: the caller does not learn that the work was done."""
    if fault and request.transport:
        request.transport.abort()
