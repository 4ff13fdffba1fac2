"""The town of the stories: started once for all of them, put back before each."""

from collections.abc import Generator, Iterator

import pytest

from app.stores import Stores
from tests.conftest import FOLDER
from tests.journeys import standing
from tests.journeys.standing import Standing
from tests.journeys.town import Town


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "town" in getattr(item, "fixturenames", ()):
            item.add_marker("journey")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed story tells what the house knows of it, and what the processes complained about."""
    report = yield
    town = getattr(item, "funcargs", {}).get("town")
    if report.when == "call" and report.failed and isinstance(town, Town):
        report.sections.append(("the story so far", town.told()))
    return report


@pytest.fixture(scope="package")
def standing_town(servers: Stores) -> Iterator[Standing]:
    """Processes, district and phones, for all stories of this folder."""
    with standing.up(servers, FOLDER / "town") as town:
        yield town


@pytest.fixture
def town(standing_town: Standing) -> Iterator[Town]:
    """The town as it is on Tuesday morning, before anything has happened."""
    with standing_town.story() as town:
        yield town
