"""doorline init and doorline go-live: the first administrator, fresh secrets, and the day the hotline opens."""

import secrets

import click

from app.catalogue import calendar
from app.cli import words
from app.core import crypto, db, phones, settings, site
from app.messages import live
from app.people import staff


@click.command()
@click.option("--username", default="admin", show_default=True, prompt=True)
@click.option("--name", default="Administrator", prompt=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="At least 10 characters.")
def init(username: str, name: str, password: str) -> None:
    """Make the first administrator; he makes the other accounts in the console.

    Run `doorline secrets` before, if SECRET_KEY, HASH_KEY and ENCRYPTION_KEYS are not set yet.
    """
    with db.unit_of_work() as session:
        if staff.administrators(session):
            raise click.ClickException(words.say("init.exists"))
        calendar.prepare(session)
        staff.create(session, username=username, password=password, name=name, role="admin", by="system:init")
    click.echo(words.say("init.done", username=username, base=settings.current().public_base_url or "…"))


@click.command("secrets")
def fresh_secrets() -> None:
    """Print fresh secrets, to be put into the environment or into files that NAME_FILE names."""
    click.echo(f"SECRET_KEY={secrets.token_urlsafe(48)}")
    click.echo(f"HASH_KEY={secrets.token_urlsafe(32)}")
    click.echo(f"ENCRYPTION_KEYS={crypto.new_key()}")


@click.command("go-live")
@click.option("--allow", multiple=True, metavar="NUMBER", help="Put this number on the allow-list instead.")
@click.option("--off", is_flag=True, help="Close again: only allow-listed numbers are called and texted.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def go_live(allow: tuple[str, ...], off: bool, yes: bool) -> None:
    """Let the hotline call and text everybody; until then only allow-listed numbers are ever contacted."""
    if allow:
        _allow(allow)
        return
    if not off and not yes:
        click.confirm(words.say("live.ask"), abort=True)
    with db.unit_of_work() as session:
        site.put(session, "live", not off)
        released, dropped = (0, 0) if off else live.release(session)
    click.echo(words.say("live.closed" if off else "live.opened"))
    if released or dropped:
        click.echo(words.say("live.released", released=released, dropped=dropped))


def _allow(numbers: tuple[str, ...]) -> None:
    parsed = [phones.parse(number, settings.current().default_region).e164 for number in numbers]
    with db.unit_of_work() as session:
        allowed = sorted({*site.get(session, "allow_list", []), *parsed})
        site.put(session, "allow_list", allowed)
    click.echo(words.say("live.allowed", numbers=words.say("words.pause").join(allowed)))
