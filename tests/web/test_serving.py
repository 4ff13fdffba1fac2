"""The garbage collector leaves alone what a web process has loaded."""

import gc
from collections.abc import Iterator

import pytest

from app.web import serving


@pytest.fixture
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_loaded_is_not_looked_through_again(thawed: None) -> None:
    loaded = {"a module": "that stays"}, []
    serving.post_worker_init(None)
    assert gc.get_freeze_count() > 1000
    assert not any(one is loaded for one in gc.get_objects())
