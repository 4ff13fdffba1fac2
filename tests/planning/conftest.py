"""Compiled once a run; kept on disk for the next one."""

import pytest

from app.visits.planner.warm import warm_up


@pytest.fixture(scope="session")
def compiled() -> None:
    """The planner's machine code is there, so that no test is blamed for the time it takes to make it."""
    warm_up()
