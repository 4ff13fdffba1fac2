"""Which page is served where."""

from aiohttp import web


def routes() -> list[web.RouteDef]:
    """All pages."""
    return []
