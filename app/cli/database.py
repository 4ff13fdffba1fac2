"""doorline db: create and upgrade the database."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from app.cli import words
from app.core import clock, db, partitions, settings

ROOT = Path(__file__).resolve().parents[2]


def alembic_config() -> Config:
    """Alembic's configuration, the same from a checkout and from anywhere else."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


@click.group("db")
def database() -> None:
    """Create and upgrade the database."""


@database.command()
def upgrade() -> None:
    """Bring the tables up to date and make the months to come; harmless when run again."""
    settings.need("database_url")
    command.upgrade(alembic_config(), "head")
    configured = settings.current()
    engine = db.make_engine(configured.owner_database_url or configured.database_url)
    with engine.begin() as connection:
        partitions.make(connection, clock.now().date())
    engine.dispose()
    click.echo(words.say("database.upgraded"))


@database.command()
def revision() -> None:
    """Show which migration the database is at."""
    with db.engine().connect() as connection:
        click.echo(connection.scalar(text("SELECT version_num FROM alembic_version")) or words.say("database.empty"))


@database.command()
@click.option("--password", prompt=True, hide_input=True, help="Password of the application's role.")
def role(password: str) -> None:
    """Print the SQL that makes the application's role, for a database that has only an owner."""
    quoted = password.replace("'", "''")
    click.echo(f"CREATE ROLE {partitions.APPLICATION} LOGIN PASSWORD '{quoted}';")
