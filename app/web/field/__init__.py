"""Pages of social workers in the street: one signed link a visit, for a phone's screen."""

from app.web.field import visit
from app.web.field.blueprint import blueprint

__all__ = ["blueprint", "visit"]
