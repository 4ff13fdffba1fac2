"""doorline flows: check, draw and play the call flows, and print their schema."""

import json
import sys
from pathlib import Path

import click

from ivr_flows import checker, describing, drawing, loader, player
from ivr_flows.facts import LANGUAGES


@click.group()
def flows() -> None:
    """Check, draw and play the call flows."""


def _names(names: tuple[str, ...]) -> list[str]:
    unknown = sorted(set(names) - set(loader.names()))
    if unknown:
        raise click.UsageError(f"no flow {', '.join(unknown)}; there are: {', '.join(loader.names())}")
    return list(names) or loader.names()


@flows.command()
@click.argument("names", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Walk every state and every input of the flows NAMES (all by default) and say which rule is broken."""
    broken = 0
    for name in _names(names):
        click.echo(f"{name}: walking …", err=True)
        report = checker.check(loader.document(name))
        for problem in report.problems:
            click.echo(f"{name}: {problem}")
        broken += len(report.problems)
        verdict = "sound" if not report.problems else f"{len(report.problems)} broken rules"
        click.echo(f"{name}: {verdict}; {report.places} states, {report.steps} steps walked")
    if broken:
        raise SystemExit(1)


@flows.command()
@click.argument("names", nargs=-1)
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/flows"), show_default=True)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--dot", is_flag=True, help="Write Graphviz source instead of SVG.")
def draw(names: tuple[str, ...], to: Path, lang: str, dot: bool) -> None:
    """Write the pictures of the flows NAMES (all by default) that the docs show."""
    to.mkdir(parents=True, exist_ok=True)
    for name in _names(names):
        flow = loader.shipped(name)
        target = to / f"{name}{'' if lang == 'en' else '.' + lang}.{'dot' if dot else 'svg'}"
        try:
            target.write_bytes(drawing.dot(flow, lang).encode() if dot else drawing.svg(flow, lang))
        except drawing.CannotDraw as error:
            raise click.ClickException(str(error)) from error
        click.echo(target)


@flows.command()
@click.argument("name")
@click.option("--lang", type=click.Choice(LANGUAGES), default="zh-CN", show_default=True)
@click.option("--pace", type=click.Choice(["normal", "slow"]), default="normal", show_default=True)
@click.option("--fact", "facts", multiple=True, metavar="NAME=VALUE", help="What is known at the start.")
@click.option("--answer", "answers", multiple=True, metavar="EFFECT=OUTCOME", help="What the house answers.")
def play(name: str, lang: str, pace: str, facts: tuple[str, ...], answers: tuple[str, ...]) -> None:
    """Play the flow NAME in the terminal: type keys, or words, or one of the commands shown by ?"""
    _names((name,))
    try:
        player.play(loader.shipped(name), lang, pace, _pairs(facts), _pairs(answers), sys.stdin)
    except player.NoSuchOutcome as error:
        raise click.UsageError(str(error)) from error


@flows.command()
def schema() -> None:
    """Print the JSON Schema of a flow document."""
    click.echo(json.dumps(loader.schema(), ensure_ascii=False, indent=1))


@flows.command()
@click.argument("name")
def document(name: str) -> None:
    """Print the full document of the flow NAME, as it is stored, and its digest on stderr."""
    _names((name,))
    whole = loader.document(name)
    click.echo(json.dumps(whole, ensure_ascii=False, indent=1))
    click.echo(loader.digest(whole), err=True)


@flows.command()
def describe() -> None:
    """Print the reference of all flows and effects (docs/flows/reference.md)."""
    click.echo(describing.reference(), nl=False)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    wrong = [pair for pair in given if "=" not in pair]
    if wrong:
        raise click.UsageError(f"not NAME=VALUE: {', '.join(wrong)}")
    return dict(pair.split("=", 1) for pair in given)
