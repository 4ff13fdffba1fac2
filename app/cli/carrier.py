"""doorline carrier: point the hotline's number at this installation, and ring somebody to hear that it works."""

import time

import click

from app.core import again, db, phones, settings, site
from app.core.errors import BadInput
from app.gateways import carrier as gateway
from app.gateways.errors import GatewayError
from app.web.carrier.twiml import FALLBACK_PATH

TEST_SECONDS = 40


@click.group()
def carrier() -> None:
    """Connect the hotline's number and test it."""


@carrier.command()
@click.option("--ring", metavar="NUMBER", help="Ring this number afterwards, to hear the hotline from it.")
def connect(ring: str | None) -> None:
    """Let HOTLINE_NUMBER ring and write to PUBLIC_BASE_URL; the carrier's old settings are printed before."""
    configured = settings.current()
    if not configured.public_base_url:
        raise click.ClickException("PUBLIC_BASE_URL is not set: the carrier would not know where to ring.")
    try:
        number = gateway.current().find_number(configured.hotline_number)
        if number is None:
            raise click.ClickException(
                f"The carrier's account does not own {configured.hotline_number or 'any number'}."
            )
        click.echo(f"{number.e164} rang {number.voice_url or 'nowhere'}, texts went to {number.sms_url or 'nowhere'}")
        base = f"{configured.public_base_url}/carrier"
        gateway.current().connect_number(
            number.sid,
            voice_url=f"{base}/voice{again.STEP}",
            fallback_url=f"{base}{FALLBACK_PATH}",
            status_url=f"{base}/call-status{again.STATUS}",
            sms_url=f"{base}/sms{again.STATUS}",
        )
    except GatewayError as error:
        raise click.ClickException(f"The carrier refuses: {error}") from error
    click.echo(f"{number.e164} now rings {base}/voice")
    if ring:
        _ring(ring)


def _ring(number: str) -> None:
    """Ring ``number`` with the static fallback document, which needs nothing of ours but the web process."""
    try:
        to = phones.parse(number, settings.current().default_region).e164
    except BadInput as error:
        raise click.ClickException(f"{number} is no phone number; write it such as +8613800138000") from error
    with db.unit_of_work() as session:
        if not site.may_contact(session, to):
            raise click.ClickException(f"{to} may not be called yet: doorline go-live --allow {to}")
    base = f"{settings.current().public_base_url}/carrier"
    sid = gateway.current().place_call(
        to, url=f"{base}{FALLBACK_PATH}", status_url=f"{base}/call-status", timeout=TEST_SECONDS
    )
    click.echo(f"Ringing {to} …")
    status = ""
    for _ in range(TEST_SECONDS):
        new = gateway.current().call(sid).status
        if new != status:
            status = new
            click.echo(f"  {status}")
        if status in ("completed", "busy", "no-answer", "failed", "canceled"):
            break
        time.sleep(1)
    if status != "completed":
        raise click.ClickException("The test call did not come through.")
    click.echo("The carrier reaches us and we reach the phone.")
