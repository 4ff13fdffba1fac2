"""doorline worker and doorline clock: the processes behind the web."""

import click

from app.core import settings
from workers import run as pool
from workers import schedule


@click.command()
@click.option(
    "--count", type=click.IntRange(1), envvar="WORKERS", default=2, show_default=True, help="Worker processes."
)
def worker(count: int) -> None:
    """Run the pool of job workers; a killed one is respawned."""
    settings.need("database_url", "redis_url")
    pool.run(count)


@click.command()
def clock() -> None:
    """Run the clock: every second it looks which rows are due and rings their jobs. Two do no harm."""
    settings.need("database_url", "redis_url")
    schedule.run()
