"""Every table of the house that has a state."""

from app.core.db import Base
from app.tables import metadata

assert metadata is Base.metadata

MODELS = sorted(
    (mapper.class_ for mapper in Base.registry.mappers if hasattr(mapper.class_, "machine")),
    key=lambda model: model.__tablename__,
)
