"""The web process dies by SIGKILL in each webhook of the story, before or after its commit: the story ends the same."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.stores import Stores
from tests.conftest import FOLDER
from tests.journeys import standing, story
from tests.journeys.processes import GUNICORN
from tests.journeys.standing import Standing

DOOM = FOLDER / "doom_web"

DOOMED = (*GUNICORN, "--workers", "1", "--threads", "1", "tests.kills.doomed_web:create_app()")
"""One webhook at a time, so that each dies by its own doom and no other with it."""

AT_LEAST = {"carrier.voice": 3, "carrier.step": 7, "carrier.sms": 5, "carrier.sms_status": 8, "carrier.call_status": 6}
"""Webhooks of the story by kind: three calls, their keys and silences, Amir's texts, receipts and ends of calls."""


@pytest.fixture(scope="module")
def doomed(servers: Stores) -> Iterator[Standing]:
    DOOM.mkdir(exist_ok=True)
    (DOOM / "doom").write_text("")
    with standing.up(servers, FOLDER / "kills_web", more={"DOORLINE_DOOM": str(DOOM)}, web=DOOMED) as stands:
        yield stands


def deaths(folder: Path) -> Counter[str]:
    """How often the process died, by kind of webhook."""
    return Counter(line.split()[0] for line in (folder / "deaths").read_text().splitlines())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_death_in_the_middle_of_every_webhook_changes_nothing(doomed: Standing, moment: str) -> None:
    (DOOM / "deaths").unlink(missing_ok=True)
    with doomed.story() as town:
        (DOOM / "doom").write_text(moment)
        try:
            ended = story.tell(town)
        finally:
            (DOOM / "doom").write_text("")
        assert (ended["orders"], ended["visits"]) == (["closed"], [("done", "code")])
        assert ended["offers"] == ["accepted"] and ended["follow-ups"] == [("answered", "very_satisfied")]
        assert ended["texts"] == {"Amir": 6, "Lena": 0, "Rosa": 0, "Rosa's daughter": 2}
        assert (ended["call-backs"], ended["rings"]) == ([], 2)
        town.nothing_else_was_sent()
    came = deaths(DOOM)
    assert all(came[kind] >= count for kind, count in AT_LEAST.items()), came
