"""The pages: which template is shown where, in which language."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from aiohttp import web

from app.switch.lines import NAME
from app.switch.rest.asking import exchange_of
from app.switch.words import LANGUAGES, words

HERE = Path(__file__).parent

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined
)


def routes() -> list[web.AbstractRouteDef]:
    """All pages and what they load."""
    return [
        web.get("/", index),
        web.get("/phone", phone),
        web.get("/agent-line", agent_line),
        web.get("/handset", handset),
        web.static("/static", HERE / "static"),
    ]


async def index(request: web.Request) -> web.Response:
    """All lines."""
    lines = [line.to_json() for line in exchange_of(request).lines.all()]
    return _page(request, "index.html", lines=lines)


async def phone(request: web.Request) -> web.Response:
    """A phone, once its number is chosen."""
    return _page(request, "phone.html", line=_line(request.query.get("number", "")), agent=False)


async def agent_line(request: web.Request) -> web.Response:
    """An agent's line: a phone without a dial that rings by its name."""
    client = request.query.get("client", "").removeprefix("client:").strip()
    return _page(request, "phone.html", line=_line(f"client:{client}"), agent=True)


async def handset(request: web.Request) -> web.Response:
    """The texts of a number, once it is chosen."""
    return _page(request, "handset.html", line=_line(request.query.get("number", "")))


def _line(given: str) -> str:
    """The line's name, or "" if that is none. A plus that was not escaped in a link arrives as a blank."""
    name = given.strip()
    name = f"+{name}" if given.startswith(" ") else name
    return name if NAME.fullmatch(name) else ""


def _page(request: web.Request, template: str, **facts: Any) -> web.Response:
    asked = request.query.get("lang", LANGUAGES[0])
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    config = exchange_of(request).config
    other = LANGUAGES[1 - LANGUAGES.index(language)]
    kept = {key: value for key, value in request.query.items() if key != "lang"}
    body = _templates.get_template(template).render(
        language=language,
        other=other,
        other_url=f"{request.path}?{urlencode({**kept, 'lang': other})}",
        t=words(language),
        hotline=config.number,
        timezone=config.timezone,
        **facts,
    )
    return web.Response(text=body, content_type="text/html")
