"""doorline bench: measure, as ratios within one run."""

import click

from app.cli import bench_planning, bench_week
from benchmarks import call_step, order_to_sms


@click.group()
def bench() -> None:
    """Measure; every figure is printed beside what it is to be compared with."""


@bench.command("call-step")
@click.option("--calls", default=400, show_default=True, help="Calls of one measured step each, for both kinds.")
def call_step_command(calls: int) -> None:
    """One call step beside a bare Flask route that checks the same signature."""
    for line in call_step.report(*call_step.measure(calls)):
        click.echo(line)


@bench.command("order-to-sms")
@click.option("--rates", default="5,20", show_default=True, help="Orders a second, comma separated.")
@click.option("--seconds", default=20, show_default=True, help="How long each rate is kept up.")
def order_to_sms_command(rates: str, seconds: int) -> None:
    """From the commit of an order to its offer handed to the carrier."""
    for rate in rates.split(","):
        click.echo(order_to_sms.report(int(rate), order_to_sms.measure(int(rate), seconds)))


PLANNING = (
    bench_planning.hhcrsp,
    bench_planning.day,
    bench_planning.dynamic,
    bench_planning.propose,
    bench_planning.draw,
)
for command in (*PLANNING, bench_week.week):
    bench.add_command(command)
