"""doorline switch: serve the switch, or be a phone or a handset on it."""

import asyncio
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from app.core.errors import BadInput
from app.switch.config import Config
from app.switch.server import serve as serve_forever
from app.switch.terminal import Terminal


@click.group()
def switch() -> None:
    """The Twilio-compatible switch, and phones on it."""


def _setting(name: str, default: str = "") -> str:
    """NAME_FILE before NAME, as all settings of the product."""
    file = os.environ.get(f"{name}_FILE")
    return Path(file).read_text().strip() if file else os.environ.get(name, default)


def _needed(**values: str) -> None:
    missing = [name for name, value in values.items() if not value]
    if missing:
        raise BadInput("switch.settings_missing", missing=", ".join(missing))


@switch.command()
@click.option("--host", envvar="SWITCH_HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", envvar="SWITCH_PORT", default=8090, show_default=True, help="Port to listen on.")
@click.option("--state", envvar="SWITCH_STATE", default="", help="File that keeps texts and calls; in memory without.")
@click.option("--account", default=lambda: _setting("TWILIO_ACCOUNT_SID"), help="Account sid.  [TWILIO_ACCOUNT_SID]")
@click.option("--token", default=lambda: _setting("TWILIO_AUTH_TOKEN"), help="Auth token.  [TWILIO_AUTH_TOKEN]")
@click.option("--key", default=lambda: _setting("TWILIO_API_KEY"), help="API key.  [TWILIO_API_KEY]")
@click.option("--secret", default=lambda: _setting("TWILIO_API_SECRET"), help="Its secret.  [TWILIO_API_SECRET]")
@click.option("--number", default=lambda: _setting("HOTLINE_NUMBER"), help="The account's number.  [HOTLINE_NUMBER]")
@click.option("--app", default=lambda: _setting("PUBLIC_BASE_URL"), help="The app's base URL.  [PUBLIC_BASE_URL]")
@click.option("--address", default=lambda: _setting("SWITCH_URL"), help="The switch's own base URL.  [SWITCH_URL]")
@click.option("--timezone", envvar="DISTRICT_TIMEZONE", default="Asia/Shanghai", help="Of the pages' hours.")
@click.option("--speech", envvar="SWITCH_SPEECH", type=click.Choice(["spoken", "instant"]), default="spoken",
              show_default=True, help="Whether what is said takes time.")  # fmt: skip
@click.option("--open-lines", envvar="SWITCH_OPEN_LINES", is_flag=True, help="Answer the lines beyond loopback.")
@click.option("--opt-out", envvar="SWITCH_OPT_OUT", is_flag=True, help="STOP and START are the carrier's own words.")
def serve(host: str, port: int, address: str, **options: str) -> None:
    """Serve the switch until it is stopped."""
    _needed(**{name: options[name] for name in ("account", "token", "number", "app")})
    config = Config(address=(address or f"http://{host}:{port}").rstrip("/"), **options)  # type: ignore[arg-type]
    click.echo(f"switch: {config.address}", err=True)
    try:
        asyncio.run(serve_forever(config, host, port))
    except OSError as error:
        raise BadInput("switch.port_taken", host=host, port=port) from error


_SWITCH = click.option("--switch", "url", envvar="SWITCH_URL", default="http://127.0.0.1:8090", show_default=True,
                       help="The switch's address.")  # fmt: skip
_LANG = click.option("--lang", type=click.Choice(["zh-CN", "en"]), default="zh-CN", show_default=True,
                     help="Language of what the terminal says.")  # fmt: skip


_ZONE = click.option("--timezone", envvar="DISTRICT_TIMEZONE", default="Asia/Shanghai", show_default=True,
                     help="Of the hours shown.")  # fmt: skip


@switch.command()
@click.argument("to", required=False)
@click.option("--from", "number", required=True, help="This phone's own number.")
@_SWITCH
@_LANG
@_ZONE
def dial(to: str | None, number: str, url: str, lang: str, timezone: str) -> None:
    """Ring TO from a terminal phone; without TO wait for calls.

    Digits and Enter press keys; other words are spoken; hang, answer, reject and quit do what they say. Lines from a
    pipe wait until something listens.
    """
    asyncio.run(Terminal(url.rstrip("/"), number, lang, ZoneInfo(timezone)).phone(to))


@switch.command()
@click.argument("number")
@click.option("--to", default="", help="Where texts go; by default to whoever texted last.")
@_SWITCH
@_LANG
@_ZONE
def handset(number: str, to: str, url: str, lang: str, timezone: str) -> None:
    """Show the texts of NUMBER as they come; a line and Enter sends one."""
    asyncio.run(Terminal(url.rstrip("/"), number, lang, ZoneInfo(timezone)).handset(to))
