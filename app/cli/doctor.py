"""doorline doctor: what is wrong with this configuration, one line each."""

import sys
from collections.abc import Iterator

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from redis.exceptions import RedisError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli.database import alembic_config
from app.core import crypto, db, partitions, phones, queue, settings, site
from app.core.errors import BadInput
from app.core.settings import Settings
from app.gateways import carrier
from app.gateways.errors import GatewayError

Problems = Iterator[str]


@click.command()
def doctor() -> None:
    """Say what is wrong with this configuration, a line each; exit status 1 if anything is."""
    try:
        configured = settings.current()
    except BadInput as error:
        problems = [str(problem) for problem in error.facts["problems"]]  # type: ignore[attr-defined]
    else:
        problems = [*_secrets(configured), *_addresses(configured), *_stores(configured), *_carrier(configured)]
    for problem in problems:
        click.echo(f"✗ {problem}")
    if problems:
        sys.exit(1)
    click.echo("✓ Nothing is wrong.")


def _secrets(configured: Settings) -> Problems:
    if len(configured.secret_key) < 32:
        yield "SECRET_KEY: give at least 32 random characters (doorline secrets prints some)."
    if len(configured.hash_key) < 16:
        yield "HASH_KEY: give at least 16 random characters, and never change them."
    if not configured.encryption_keys:
        yield "ENCRYPTION_KEYS: give at least one key (doorline secrets prints one)."
        return
    try:
        crypto.decrypt(crypto.encrypt("doorline"))
    except BadInput as error:
        yield from (str(problem) for problem in error.facts["problems"])  # type: ignore[attr-defined]


def _addresses(configured: Settings) -> Problems:
    base = configured.public_base_url
    if not base:
        yield "PUBLIC_BASE_URL: give the address by which the carrier reaches the web process."
    elif configured.app_env == "production" and not base.startswith("https://"):
        yield "PUBLIC_BASE_URL: must begin with https:// (signatures, microphone and location need it)."
    for name, value in (("HOTLINE_NUMBER", configured.hotline_number), ("DUTY_NUMBER", configured.duty_number)):
        if not value:
            yield f"{name}: is not set."
            continue
        try:
            if phones.parse(value).e164 != value:
                yield f"{name}: write it as {phones.parse(value).e164}."
        except BadInput:
            yield f"{name}: {value} is not a phone number; expected a form such as +862155512349."


def _stores(configured: Settings) -> Problems:
    if not configured.database_url:
        yield "DATABASE_URL: is not set."
    else:
        try:
            with db.engine().connect() as connection:
                yield from _database(connection)
        except SQLAlchemyError as error:
            yield f"DATABASE_URL: the database does not answer ({str(error.__cause__ or error).splitlines()[0]})."
    if not configured.redis_url:
        yield "REDIS_URL: is not set."
        return
    try:
        queue.connection().ping()
        if not queue.workers():
            yield "No worker is running: start `doorline worker`."
    except RedisError as error:
        yield f"REDIS_URL: the queue does not answer ({error})."


def _database(connection: Connection) -> Problems:
    version = connection.connection.dbapi_connection.info.server_version  # type: ignore[union-attr]
    if version < 150000:
        yield f"DATABASE_URL: PostgreSQL {version // 10000} is too old; 15 or later is needed."
    at = MigrationContext.configure(connection).get_current_revision()
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if at != head:
        yield f"The database is at migration {at or 'none'}, the program at {head}: run `doorline db upgrade`."
        return
    if not partitions.has_application_role(connection):
        yield f"The role {partitions.APPLICATION} is missing: history can be changed (see docs/operations.md)."
    elif connection.scalar(text("SELECT has_table_privilege(current_user, 'history', 'UPDATE')")):
        yield f"DATABASE_URL: connect as {partitions.APPLICATION}; this role may change history."
    with Session(connection) as session:
        if not site.get(session, "live", False):
            click.echo("· Not live yet: only allow-listed numbers are called and texted (doorline go-live).")


def _carrier(configured: Settings) -> Problems:
    if not configured.twilio_account_sid or not (configured.twilio_auth_token or configured.twilio_api_key):
        yield "TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: are not set."
        return
    try:
        number = carrier.current().find_number(configured.hotline_number)
    except GatewayError as error:
        yield f"The carrier refuses us ({error})."
        return
    if number is None:
        yield f"The carrier's account does not own {configured.hotline_number}."
    elif not str(number.voice_url or "").startswith(configured.public_base_url):
        yield f"The number rings {number.voice_url or 'nowhere'}, not us: run `doorline carrier connect`."
