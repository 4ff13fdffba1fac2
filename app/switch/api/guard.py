"""Who may use the lines: loopback peers and pages of known origins, unless the operator opened them."""

import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from app.switch.config import Config
from app.switch.rest.asking import exchange_of

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self' {app}"
)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse strangers, answer preflights, add the headers. REST and recordings carry their own credentials."""
    if request.path.startswith("/2010-04-01/"):
        return await handler(request)
    config = exchange_of(request).config
    origin = request.headers.get(hdrs.ORIGIN)
    near = config.open_lines or (_is_loopback(request.remote) and _is_ours(request, config))
    if not near or (origin and not _known(origin, request, config)):
        return web.json_response({"error": "not-allowed-here"}, status=403)
    response = web.Response(status=204) if request.method == hdrs.METH_OPTIONS else await _handled(request, handler)
    if not response.prepared:
        response.headers.update(headers(request, config))
    return response


async def _handled(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        error.headers.update(headers(request, exchange_of(request).config))
        raise


def headers(request: web.Request, config: Config) -> dict[str, str]:
    """CORS for the asking origin (it was checked), and what keeps pages from harm."""
    origin = request.headers.get(hdrs.ORIGIN)
    shared = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
        "Access-Control-Allow-Headers": "Content-Type, Last-Event-ID",
        "Vary": "Origin",
    }
    always = {
        "Content-Security-Policy": PAGE_POLICY.format(app=" ".join(_names(config.app))),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return always | ({key: value for key, value in shared.items() if value} if origin else {})


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _known(origin: str, request: web.Request, config: Config) -> bool:
    return origin in {f"{request.scheme}://{request.host}", *_names(config.app), *_names(config.address)}


def _names(url: str) -> list[str]:
    """The origin, by both names if it is on loopback: people type either."""
    origin = _origin(url)
    both = [origin.replace("127.0.0.1", "localhost"), origin.replace("localhost", "127.0.0.1")]
    return sorted({origin, *both})


def _is_ours(request: web.Request, config: Config) -> bool:
    """Whether the page's host is this machine by name: a stranger's name that was led here (rebinding) is not."""
    host = urlsplit(f"//{request.host}").hostname or ""
    return host in ("localhost", urlsplit(config.address).hostname) or _is_loopback(host)


def _is_loopback(remote: str | None) -> bool:
    try:
        return remote is not None and ipaddress.ip_address(remote).is_loopback
    except ValueError:
        return False
