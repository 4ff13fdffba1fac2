"""Every table of the house, in one import, for migrations and tests."""

import app.catalogue.models
import app.core.moves
import app.core.site
import app.hotline.models
import app.messages.models
import app.orders.models
import app.organisations.models
import app.people.models
import app.places.models
import app.quality.models
import app.visits.models
import app.workforce.models
from app.core.db import Base

metadata = Base.metadata

__all__ = ["app", "metadata"]
