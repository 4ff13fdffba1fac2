"""doorline import: take over a spreadsheet and write what could not be taken over, with reasons, to be mended."""

import sys
from functools import partial
from pathlib import Path

import click

from app.core import db
from app.imports import writing
from app.imports.fields import DATUMS
from app.imports.problems import FileError, say
from app.imports.reading import read_file
from app.imports.report import Report
from app.imports.service import KINDS, import_rows

LANGUAGES = click.Choice(["zh-CN", "en"])
OUTPUT = click.Path(dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--sheet", help="The sheet's name; without it the best fitting visible one.")
@click.option("--area-code", default="", metavar="021", help="Area code for landlines that are written without one.")
@click.option("--datum", type=click.Choice(list(DATUMS)), default="wgs84", show_default=True, help="Of coordinates.")
@click.option("--refused", type=OUTPUT, help="Where refused rows go: .csv or .xlsx.")
@click.option("--dry-run", is_flag=True, help="Try everything, keep nothing.")
@click.option("--lang", type=LANGUAGES, default="zh-CN", show_default=True, help="Language of the report.")
def import_(
    kind: str,
    file: Path,
    sheet: str | None,
    area_code: str,
    datum: str,
    refused: Path | None,
    dry_run: bool,
    lang: str,
) -> None:
    """Take over residents, workers, areas or services from FILE (XLSX, or CSV in any usual encoding).

    Good rows go in; every other row is told with the reason, and written to --refused to be mended and imported
    again. A row that is known already is updated: residents by id, else by name and phone; workers by phone; areas
    and services by code. Ends with status 1 if a row was refused.
    """
    try:
        table = read_file(file, kind, sheet)
    except FileError as error:
        raise click.ClickException(error.sentence(lang)) from error
    with db.unit_of_work() as session:
        ways = {"area_code": area_code, "datum": datum}
        with click.progressbar(length=len(table.rows), file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            step = partial(bar.update, 1)
            report = import_rows(session, kind, table, "system:import", dry_run=dry_run, step=step, **ways)
    _tell(report, refused, lang)
    if report.refused:
        raise SystemExit(1)


def _tell(report: Report, refused: Path | None, lang: str) -> None:
    for line in report.lines(lang):
        click.echo(line)
    click.echo(report.summary(lang))
    if refused is not None and report.refused:
        writing.write(refused, report.to_mend(lang), say(f"kinds/{report.kind}", lang))
        click.echo(say("written", lang, file=refused))
