"""The doorline command: one group, each command in the module that it belongs to, loaded when it is asked for."""

import importlib
import sys

import click

from app.cli import failing

COMMANDS = {
    "demo": ("app.demo.commands:demo", "Watch a phone call become a visit, then try everything yourself."),
    "secrets": ("app.cli.install:fresh_secrets", "Print fresh secrets."),
    "init": ("app.cli.install:init", "Make the first administrator."),
    "doctor": ("app.cli.doctor:doctor", "Say what is wrong with this configuration, a line each."),
    "db": ("app.cli.database:database", "Create and upgrade the database."),
    "flows": ("ivr_flows.commands:flows", "Check, draw and play the call flows."),
    "sample": ("app.sample.commands:sample", "Fill an empty database with a fictional district."),
    "import": ("app.imports.commands:import_", "Read residents, workers, areas or services from spreadsheets."),
    "switch": ("app.switch.commands:switch", "Run the Twilio-compatible switch, or a phone on it."),
    "worker": ("app.cli.serve:worker", "Run the pool of job workers."),
    "clock": ("app.cli.serve:clock", "Run the clock that rings what is due."),
    "carrier": ("app.cli.carrier:carrier", "Connect the hotline's number and test it."),
    "go-live": ("app.cli.install:go_live", "Let the hotline call and text everybody, not only allow-listed numbers."),
    "prepare": ("app.cli.prepare:prepare", "Make tables, sample district and shifts, and go live: all a demo needs."),
    "bench": ("app.cli.bench:bench", "Measure, as ratios within one run."),
}


class LazyGroup(click.Group):
    """Loads a command's module only when that command is run (Click's documented pattern)."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="doorline")
def doorline() -> None:
    """Doorline: from a phone call to a knock on the door."""


def main() -> None:
    """The entry point: errors raised on purpose, and outages, become a sentence each and exit status 2."""
    try:
        doorline(standalone_mode=True)
    except failing.EXPECTED as error:
        for line in failing.sentences(error):
            click.echo(f"doorline: {line}", err=True)
        sys.exit(2)
