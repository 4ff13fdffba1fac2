"""The switch as a web server: REST, the lines' interface and the pages on one port."""

import asyncio
import signal
from collections.abc import AsyncIterator

from aiohttp import web

from app.switch.api import guard
from app.switch.api import routes as api_routes
from app.switch.config import Config
from app.switch.exchange import Exchange
from app.switch.pages import views
from app.switch.rest import routes as rest_routes
from app.switch.rest.asking import EXCHANGE


def application(config: Config) -> web.Application:
    """The web application; its exchange opens and closes with it."""
    app = web.Application(middlewares=[guard.guard])
    app[EXCHANGE] = Exchange(config)
    app.add_routes([*rest_routes.routes(), *api_routes.routes(), *views.routes()])
    app.router.add_route("OPTIONS", "/{any:.*}", _nothing)
    app.cleanup_ctx.append(_running)
    app.on_shutdown.append(_dismiss)
    return app


async def _nothing(request: web.Request) -> web.Response:
    return web.Response(status=204)


async def _dismiss(app: web.Application) -> None:
    await app[EXCHANGE].dismiss()


async def _running(app: web.Application) -> AsyncIterator[None]:
    await app[EXCHANGE].open()
    yield
    await app[EXCHANGE].close()


async def serve(config: Config, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Raises OSError if the port is taken."""
    runner = web.AppRunner(application(config), handle_signals=False, shutdown_timeout=1.0, access_log=None)
    await runner.setup()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        await web.TCPSite(runner, host, port).start()
        await stop.wait()
    finally:
        await runner.cleanup()
