"""doorline carrier: point the hotline's number at this installation, and ring somebody to hear that it works."""

import time

import click

from app.cli import words
from app.core import again, db, phones, settings, site
from app.gateways import carrier as gateway
from app.gateways.errors import GatewayError
from app.web.carrier.twiml import CHECK_PATH, FALLBACK_PATH

TEST_SECONDS = 40
ENDED = ("completed", "busy", "no-answer", "failed", "canceled")
"""https://www.twilio.com/docs/voice/api/call-resource#call-status-values"""


@click.group()
def carrier() -> None:
    """Connect the hotline's number and test it."""


@carrier.command()
@click.option("--ring", metavar="NUMBER", help="Ring this number afterwards: does the carrier get our words?")
def connect(ring: str | None) -> None:
    """Let HOTLINE_NUMBER ring and write to PUBLIC_BASE_URL; the carrier's old settings are printed before."""
    if not settings.current().public_base_url:
        raise click.ClickException(words.say("connect.no_address"))
    try:
        _connect()
        if ring:
            _ring(phones.parse(ring, settings.current().default_region).e164)
    except GatewayError as error:
        raise click.ClickException(words.say("error.carrier", said=error)) from error


def _connect() -> None:
    wanted = settings.current().hotline_number
    number = gateway.current().find_number(wanted)
    if number is None:
        raise click.ClickException(words.say("connect.not_owned", number=wanted or "HOTLINE_NUMBER"))
    nowhere = words.say("connect.nowhere")
    before = {"voice": number.voice_url or nowhere, "sms": number.sms_url or nowhere}
    click.echo(words.say("connect.before", number=number.e164, **before))
    base = _base()
    gateway.current().connect_number(
        number.sid,
        voice_url=f"{base}/voice{again.STEP}",
        fallback_url=f"{base}{FALLBACK_PATH}",
        status_url=f"{base}/call-status{again.STATUS}",
        sms_url=f"{base}/sms{again.STATUS}",
    )
    click.echo(words.say("connect.after", number=number.e164, voice=f"{base}/voice"))


def _base() -> str:
    return f"{settings.current().public_base_url}/carrier"


def _ring(to: str) -> None:
    """Ring ``to`` (E.164) and look whether the carrier came to us for what is said: a call "completes" either way."""
    with db.unit_of_work() as session:
        if not site.may_contact(session, to):
            raise click.ClickException(words.say("connect.not_allowed", number=to))
    sid = gateway.current().place_call(
        to, url=f"{_base()}{CHECK_PATH}", status_url=f"{_base()}/call-status", timeout=TEST_SECONDS
    )
    click.echo(words.say("connect.ringing", number=to))
    status = _outcome(sid)
    if status != "completed":
        raise click.ClickException(words.say("connect.not_through", status=status))
    with db.unit_of_work() as session:
        if site.get(session, site.CHECKED_CALL) != sid:
            raise click.ClickException(words.say("connect.not_reached", base=settings.current().public_base_url))
    click.echo(words.say("connect.works"))


def _outcome(sid: str) -> str:
    """The call's last status, each told as it comes."""
    status = ""
    for _ in range(TEST_SECONDS):
        new = gateway.current().call(sid).status
        if new != status:
            status = new
            click.echo(f"  {status}")
        if status in ENDED:
            break
        time.sleep(1)
    return status
