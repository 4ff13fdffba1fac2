"""doorline bench week: a simulated week of the sample district, with first dispatch and with the day plan."""

import importlib
from dataclasses import fields

import click

from app.cli import words
from app.sample.draw import SHANGHAI, Options
from app.visits.matching.problem import Weights

SIZE = Options(subdistricts=4, communities=60, residents=900, workers=30, organisations=6)
"""The district, unless other sizes are asked for: workers are rather busy in it."""


@click.command("week")
@click.option("--seed", default=1, show_default=True, help="Of the district and of all that happens in it.")
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 10), help="Days on which people ring.")
@click.option("--workers", default=SIZE.workers, show_default=True, type=click.IntRange(3))
@click.option("--residents", default=SIZE.residents, show_default=True, type=click.IntRange(3))
@click.option("--orders-per-day", default=80, show_default=True, help="On a working day; a third of it at weekends.")
@click.option("--seconds", default=0.5, show_default=True, help="Real time for each search of the planner.")
@click.option(
    "--weight",
    "weights",
    multiple=True,
    type=(click.Choice([field.name for field in fields(Weights)]), click.FloatRange(0)),
    metavar="NAME SECONDS",
    help="Other than usual; may be repeated.",
)
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 2), help="2: both runs at the same time.")
def week(
    seed: int,
    days: int,
    workers: int,
    residents: int,
    orders_per_day: int,
    seconds: float,
    weights: tuple[tuple[str, float], ...],
    jobs: int,
) -> None:
    """A week through the real services, twice with the same orders, people, ways and mishaps: without the day plan
    (the cheapest insertion at once, and what finds no room goes to the dispatcher) and with it.

    Everything is counted from the database afterwards. Double bookings must be 0.
    """
    try:
        measure, driving = (importlib.import_module(f"benchmarks.week.{name}") for name in ("measure", "driving"))
    except ModuleNotFoundError as error:
        if error.name != "simpy":
            raise
        raise click.ClickException(words.say("bench.no_simpy")) from None
    options = Options(seed, SIZE.subdistricts, SIZE.communities, residents, workers, SIZE.organisations)
    # Most weights are whole seconds, and are kept as such with each problem.
    others = {name: int(value) if value.is_integer() else value for name, value in weights}
    drawn = driving.week(options, days, orders_per_day, seconds, SHANGHAI, others)
    for line in measure.report(measure.measure(drawn, jobs)):
        click.echo(line)

