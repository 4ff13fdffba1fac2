"""A fresh district for each test."""

import pytest

from tests.visits.town import World


@pytest.fixture
def world(session):
    return World.build(session)
