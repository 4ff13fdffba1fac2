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

from app.cli import failing, words
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
        problems = failing.sentences(error)
    else:
        problems = [*_secrets(configured), *_addresses(configured), *_stores(configured), *_carrier(configured)]
    for problem in problems:
        click.echo(f"✗ {problem}")
    if problems:
        sys.exit(1)
    click.echo(f"✓ {words.say('doctor.well')}")


def _secrets(configured: Settings) -> Problems:
    if len(configured.secret_key) < 32:
        yield failing.of_field("SECRET_KEY", "doctor.secret_key")
    if len(configured.hash_key) < 16:
        yield failing.of_field("HASH_KEY", "doctor.hash_key")
    if not configured.encryption_keys:
        yield failing.of_field("ENCRYPTION_KEYS", "setting.secret_missing")
        return
    try:
        crypto.decrypt(crypto.encrypt("doorline"))
    except BadInput as error:
        yield from failing.sentences(error)


def _addresses(configured: Settings) -> Problems:
    base = configured.public_base_url
    if not base:
        yield failing.of_field("PUBLIC_BASE_URL", "doctor.no_address")
    elif configured.app_env == "production" and not base.startswith("https://"):
        yield failing.of_field("PUBLIC_BASE_URL", "doctor.not_https")
    for name, value in (("HOTLINE_NUMBER", configured.hotline_number), ("DUTY_NUMBER", configured.duty_number)):
        if not value:
            yield failing.of_field(name, "setting.missing")
            continue
        try:
            if phones.parse(value).e164 != value:
                yield failing.of_field(name, "doctor.write_as", number=phones.parse(value).e164)
        except BadInput:
            yield failing.of_field(name, "phone.unreadable", given=value)


def _stores(configured: Settings) -> Problems:
    if not configured.database_url:
        yield failing.of_field("DATABASE_URL", "setting.missing")
    else:
        try:
            with db.engine().connect() as connection:
                yield from _database(connection)
        except SQLAlchemyError as error:
            yield failing.of_field(
                "DATABASE_URL", "doctor.no_answer", said=str(error.__cause__ or error).splitlines()[0]
            )
    if not configured.redis_url:
        yield failing.of_field("REDIS_URL", "setting.missing")
        return
    try:
        queue.connection().ping()
        if not queue.workers():
            yield words.say("doctor.no_worker")
    except RedisError as error:
        yield failing.of_field("REDIS_URL", "doctor.no_answer", said=error)


def _database(connection: Connection) -> Problems:
    version = connection.connection.dbapi_connection.info.server_version  # type: ignore[union-attr]
    if version < 150000:
        yield failing.of_field("DATABASE_URL", "doctor.old_database", version=version // 10000)
    at = MigrationContext.configure(connection).get_current_revision()
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if at != head:
        yield words.say("doctor.migration", at=at or "–", head=head)
        return
    if not partitions.has_application_role(connection):
        yield words.say("doctor.no_role", role=partitions.APPLICATION)
    elif connection.scalar(text("SELECT has_table_privilege(current_user, 'history', 'UPDATE')")):
        yield failing.of_field("DATABASE_URL", "doctor.wrong_role", role=partitions.APPLICATION)
    with Session(connection) as session:
        if not site.get(session, "live", False):
            click.echo(f"· {words.say('doctor.not_live')}")


def _carrier(configured: Settings) -> Problems:
    if not configured.twilio_account_sid or not (configured.twilio_auth_token or configured.twilio_api_key):
        yield failing.of_field("TWILIO_ACCOUNT_SID / TWILIO_AUTH_TOKEN", "setting.missing")
        return
    try:
        number = carrier.current().find_number(configured.hotline_number)
    except GatewayError as error:
        yield words.say("error.carrier", said=error)
        return
    if number is None:
        yield words.say("connect.not_owned", number=configured.hotline_number)
    elif not str(number.voice_url or "").startswith(configured.public_base_url):
        yield words.say("doctor.rings_elsewhere", url=number.voice_url or words.say("connect.nowhere"))
