"""doorline prepare: all that the demo needs before its first call, in one process, since each start costs time."""

from datetime import timedelta

import click
from sqlalchemy import func, select

from app.cli.database import upgrade
from app.cli.install import go_live
from app.core import clock, db
from app.sample.commands import sample
from app.workforce.models import Shift

AHEAD = timedelta(days=1)
"""Shifts are added when the last one ends sooner than that."""


@click.command()
@click.pass_context
def prepare(context: click.Context) -> None:
    """Make the tables, the sample district, shifts from today and go live; harmless when run again.

    Says a word on stdout when each begins (database, district) so that somebody may show it, and "tables" when the
    other processes can start.
    """
    click.echo("database")
    context.invoke(upgrade)
    click.echo("tables")
    click.echo("district")
    context.invoke(sample, if_empty=True)
    if _shifts_run_out():
        context.invoke(sample, again=True)
    context.invoke(go_live, yes=True)


def _shifts_run_out() -> bool:
    with db.unit_of_work() as session:
        last = session.scalar(select(func.max(Shift.ends_at)))
    return last is None or last < clock.now() + AHEAD
