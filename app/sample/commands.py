"""doorline sample: fill an empty database with the fictional district, or only draw its map."""

import json
from pathlib import Path
from time import perf_counter

import click

from app.core import clock, db, settings
from app.sample.draw import Options, Sample, draw
from app.sample.geojson import map_of
from app.sample.load import is_empty, load, midnight

DEFAULTS = Options()


@click.command("sample")
@click.option("--seed", default=DEFAULTS.seed, show_default=True, help="Another seed draws another district.")
@click.option("--subdistricts", default=DEFAULTS.subdistricts, show_default=True, type=click.IntRange(1))
@click.option("--communities", default=DEFAULTS.communities, show_default=True, type=click.IntRange(1))
@click.option("--residents", default=DEFAULTS.residents, show_default=True, type=click.IntRange(0))
@click.option("--workers", default=DEFAULTS.workers, show_default=True, type=click.IntRange(0))
@click.option("--organisations", default=DEFAULTS.organisations, show_default=True, type=click.IntRange(1))
@click.option("--geojson", type=click.Path(dir_okay=False, path_type=Path), help="Also write the map to this file.")
@click.option("--map-only", is_flag=True, help="Leave the database alone; with --geojson.")
@click.option("--if-empty", is_flag=True, help="Do nothing, and do not complain, if there are data already.")
@click.option("--again", is_flag=True, help="Add what is missing and two weeks of shifts from today.")
def sample(
    seed: int,
    subdistricts: int,
    communities: int,
    residents: int,
    workers: int,
    organisations: int,
    geojson: Path | None,
    map_only: bool,
    if_empty: bool,
    again: bool,
) -> None:
    """Fill an empty database with a fictional district: streets, residents, workers with shifts, services, accounts.

    The same seed and sizes give the same district. Never in production.
    """
    if map_only and geojson is None:
        raise click.UsageError("--map-only needs --geojson FILE")
    if not (again or map_only or geojson) and _is_full(if_empty):
        return
    options = Options(seed, min(subdistricts, communities), communities, residents, workers, organisations)
    zone = settings.current().zone
    drawn = draw(options, clock.now().astimezone(zone).date(), zone)
    if geojson is not None:
        geojson.write_text(json.dumps(map_of(drawn.town), ensure_ascii=False), encoding="utf-8")
        click.echo(f"The map of {drawn.town.name.en} is in {geojson}.")
    if not map_only:
        _fill(drawn)


def _is_full(if_empty: bool) -> bool:
    """Whether there are data already; without --if-empty that is an error, told before anything is drawn."""
    with db.unit_of_work() as session:
        full = not is_empty(session)
    if full and not if_empty:
        raise click.ClickException("the database holds data already; --again adds what is missing and new shifts")
    return full


def _fill(drawn: Sample) -> None:
    if settings.current().app_env == "production":
        raise click.ClickException("production is no place for made-up people: set APP_ENV=demo for a trial")
    began = perf_counter()
    with db.unit_of_work() as session:
        counts = load(session, drawn, midnight(settings.current().zone))
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    click.echo(f"{drawn.town.name.zh} {drawn.town.name.en}: {told} in {perf_counter() - began:.1f} s.")
    accounts = ", ".join(account.username for account in drawn.staff)
    click.echo(f"Accounts: {accounts}; password of each: {drawn.staff[0].password}")
