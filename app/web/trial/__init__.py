"""/try: the whole product in one view, for the demo only; production does not know these addresses."""

from app.web.trial import page, state
from app.web.trial.blueprint import blueprint

__all__ = ["blueprint", "page", "state"]
