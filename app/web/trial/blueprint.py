"""Where /try hangs; closed wherever time may not be wound."""

from flask import Blueprint, abort

from app.core import settings
from app.web import guards

blueprint = guards.open_blueprint(
    Blueprint("trial", __name__, url_prefix="/try", template_folder="templates"),
    "exists in demo and test only, over made-up people",
)


@blueprint.before_request
def demo_only() -> None:
    """404 in production."""
    if not settings.current().may_wind_time:
        abort(404)
