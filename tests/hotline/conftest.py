"""What tests of the hotline share."""

import pytest
from sqlalchemy.orm import Session

from tests.hotline.house import House
from tests.visits.town import World


@pytest.fixture
def house(session: Session) -> House:
    world = World.build(session)
    world.rosa.usual_item_id = world.town.haircut.id
    return House(session, world)
