"""Compiled once a run; kept on disk for the next one."""

import pytest

from benchmarks.planning import runs


@pytest.fixture(scope="session")
def compiled() -> None:
    """The planner's machine code is there, so that no test is blamed for the time it takes to make it."""
    runs.warm_up()
