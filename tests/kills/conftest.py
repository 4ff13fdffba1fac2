"""A town whose workers can be told when to die."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.stores import Stores
from tests.conftest import FOLDER
from tests.journeys import standing, story
from tests.journeys.standing import Standing


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("kill")


@dataclass
class Doomed:
    """A town, and the book of its workers' moments."""

    standing: Standing
    folder: Path
    reference: dict[str, Any]
    moments: tuple[str, ...]

    def tell(self, doom: str = "") -> dict[str, Any]:
        """Tell the story in which the worker dies at ``doom``; returns how it ended."""
        (self.folder / "moments").unlink(missing_ok=True)
        (self.folder / "doom").unlink(missing_ok=True)
        if doom:
            (self.folder / "doom").write_text(doom)
        with self.standing.story() as town:
            return story.tell(town)

    def came(self) -> bool:
        """Whether the moment of the last doom has come."""
        return not (self.folder / "doom").exists()

    def lived(self) -> tuple[str, ...]:
        """The moments of the last story, in their order."""
        return tuple((self.folder / "moments").read_text().splitlines())


@pytest.fixture(scope="package")
def doomed(servers: Stores) -> Iterator[Doomed]:
    """A town with doomed workers that has lived through the story once, unharmed."""
    folder = FOLDER / "doom"
    folder.mkdir(exist_ok=True)
    with standing.up(
        servers, FOLDER / "kills", ("tests.kills.doomed_worker",), {"DOORLINE_DOOM": str(folder)}
    ) as stands:
        stands.town.counts_started = False  # a dead worker's job stays on RQ's list of begun ones
        town = Doomed(stands, folder, {}, ())
        town.reference = town.tell()
        town.moments = town.lived()
        yield town
