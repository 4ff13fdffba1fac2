"""doorline demo: set the stage, tell the story, stay up until Ctrl-C."""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import click
import httpx

from app.core import clock, terminal
from app.core.errors import BadInput
from app.demo import people, story
from app.demo import stage as stages
from app.demo.stage import Stage
from app.demo.telling import Teller
from app.stores import StoresError

ACCOUNTS = "agent1, agent2, dispatcher, supervisor, admin"
LOG = "log.txt"

STORY_SPEED = 3.0
"""How fast the shared clock runs while the story is told: nobody wants to hear every prompt to its end."""

INTERRUPTED = 130
"""Exit status of a story that was stopped before its end, as shells have it."""


@click.command()
@click.option(
    "--lang",
    type=click.Choice(["en", "zh-CN"]),
    default=terminal.language,
    help="The story's language; else the terminal's.",
)
@click.option("--once", is_flag=True, help="End after the story: exit status 0 if every step happened.")
@click.option("--json", "as_json", is_flag=True, help="The last line of stdout is one JSON object.")
@click.option("--fresh", is_flag=True, help="Forget an earlier demo and begin anew.")
@click.option("--no-story", is_flag=True, help="Only set the stage.")
@click.option("--folder", type=click.Path(path_type=Path), default=Path(".doorline/demo"), show_default=True)
@click.option("--patience", default=people.PATIENCE, show_default=True, help="Seconds until a step counts as failed.")
@click.option("--web-port", default=8080, show_default=True)
@click.option("--switch-port", default=8090, show_default=True)
def demo(
    lang: str,
    once: bool,
    as_json: bool,
    fresh: bool,
    no_story: bool,
    folder: Path,
    patience: float,
    web_port: int,
    switch_port: int,
) -> None:
    """Watch an old person's phone call become a visit, then try everything yourself."""
    teller = Teller(lang)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    people.be_patient(patience)
    folder = folder.absolute()
    began = time.monotonic()
    told = no_story
    try:
        if fresh:
            stages.forget(folder)
        with _standing(folder, web_port, switch_port, teller) as stage:
            facts = {} if no_story else _tell(stage, teller, began)
            told = True
            if as_json:
                click.echo(json.dumps(facts, ensure_ascii=False))
            if not once:
                _stay(stage, teller)
    except KeyboardInterrupt:
        teller.tell("set_up", "end.stopped")
        sys.exit(0 if told else INTERRUPTED)
    except StoresError as error:
        raise click.ClickException(error.said(lang)) from error
    except BadInput as error:
        if not teller.knows(error.code):
            raise
        raise click.ClickException(_sentence(error, folder, teller)) from error
    except httpx.HTTPError as error:
        raise click.ClickException(teller.say("demo.gone", error=error, log=folder / LOG)) from error
    except OSError as error:
        raise click.ClickException(teller.say("demo.folder", folder=folder, error=error.strerror or error)) from error


@contextmanager
def _standing(folder: Path, web_port: int, switch_port: int, teller: Teller) -> Iterator[Stage]:
    """The stage, with signs of life while it is set up and taken down."""
    with ExitStack() as waits:
        waits.enter_context(teller.waiting("wait.set_up"))
        with stages.standing(
            folder, web_port, switch_port, lambda code: teller.tell("set_up", f"set_up.{code}")
        ) as stage:
            waits.close()
            try:
                yield stage
            finally:
                clock.set_speed(1)
                waits.enter_context(teller.waiting("wait.stop"))


def _interrupt(*_: Any) -> None:
    """End in order, once: whoever is impatient and presses Ctrl-C again would only leave things behind."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt


def _sentence(error: BadInput, folder: Path, teller: Teller) -> str:
    """What went wrong, with people's names instead of their numbers."""
    facts = {"log": str(folder / LOG), "came": "", "who": "", "words": ""} | error.facts
    came = facts["came"]
    facts["came"] = " / ".join(map(str, came)) if isinstance(came, list) else came
    facts["who"] = teller.name(str(facts["who"]))
    return teller.say(error.code, **facts)


def _tell(stage: Stage, teller: Teller, began: float) -> dict[str, Any]:
    clock.set_speed(STORY_SPEED)
    facts = story.play(stage, teller)
    clock.set_speed(1)
    teller.console.print()
    teller.tell("doorline", "end.closed", seconds=round(time.monotonic() - began))
    return facts


def _stay(stage: Stage, teller: Teller) -> None:
    teller.console.print()
    teller.console.print(teller.say("end.stays"))
    for url, what in (
        (f"{stage.web}/try?lang={teller.language}", "try"),
        (f"{stage.web}/console", "console"),
        (f"{stage.switch}/?lang={teller.language}", "switch"),
    ):
        teller.console.print(f"   {url}   {teller.say(f'end.{what}')}")
    teller.console.print(f"   {teller.say('end.accounts', names=ACCOUNTS, password=story.PASSWORD)}")
    teller.console.print(teller.say("end.stop"))
    sys.stdout.flush()
    while True:
        stage.check()
        time.sleep(1)
