"""doorline demo: set the stage, tell the story, stay up until Ctrl-C."""

import json
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import click

from app.core.errors import BadInput
from app.demo import stage as stages
from app.demo import story
from app.demo.stage import Stage
from app.demo.telling import Teller
from app.stores import StoresError

ACCOUNTS = "agent1, agent2, dispatcher, supervisor, admin"
PASSWORD = "doorline-demo"  # nosec B105 (known on purpose)


@click.command()
@click.option(
    "--lang", type=click.Choice(["en", "zh-CN"]), default="en", show_default=True, help="The story's language."
)
@click.option("--once", is_flag=True, help="End after the story: exit status 0 if every step happened.")
@click.option(
    "--json", "as_json", is_flag=True, help="The last line of stdout is one JSON object."
)
@click.option("--fresh", is_flag=True, help="Forget an earlier demo and begin anew.")
@click.option("--no-story", is_flag=True, help="Only set the stage.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path(".doorline/demo"), show_default=True)
@click.option("--web-port", default=8080, show_default=True)
@click.option("--switch-port", default=8090, show_default=True)
def demo(
    lang: str,
    once: bool,
    as_json: bool,
    fresh: bool,
    no_story: bool,
    folder: Path,
    web_port: int,
    switch_port: int,
) -> None:
    """Watch an old person's phone call become a visit, then try everything yourself."""
    teller = Teller(lang)
    signal.signal(signal.SIGTERM, _interrupt)
    folder = folder.absolute()
    if fresh:
        stages.forget(folder)
    try:
        with stages.standing(
            folder, web_port, switch_port, lambda code: teller.tell("set_up", f"set_up.{code}")
        ) as stage:
            facts = {} if no_story else _tell(stage, teller)
            if as_json:
                click.echo(json.dumps(facts, ensure_ascii=False))
            if not once:
                _stay(stage, teller)
    except KeyboardInterrupt:
        teller.tell("set_up", "end.stopped")
    except StoresError as error:
        raise click.ClickException(str(error)) from error
    except BadInput as error:
        facts = {"log": str(folder / "log.txt"), "came": ""} | error.facts
        raise click.ClickException(teller.say(error.code, **facts)) from error


def _interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def _tell(stage: Stage, teller: Teller) -> dict[str, Any]:
    began = time.monotonic()
    facts = story.play(stage, teller)
    teller.console.print()
    teller.tell("doorline", "end.closed", seconds=round(time.monotonic() - began))
    return facts


def _stay(stage: Stage, teller: Teller) -> None:
    teller.console.print()
    teller.console.print(teller.say("end.stays"))
    for url, what in ((f"{stage.web}/try", "try"), (f"{stage.web}/console", "console"), (f"{stage.switch}/", "switch")):
        teller.console.print(f"   {url}   {teller.say(f'end.{what}')}")
    teller.console.print(f"   {teller.say('end.accounts', names=ACCOUNTS, password=PASSWORD)}")
    teller.console.print(teller.say("end.stop"))
    sys.stdout.flush()
    threading.Event().wait()
