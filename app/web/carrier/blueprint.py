"""Where the carrier's webhooks hang: one prefix, one guard."""

from flask import Blueprint

from app.web import guards
from app.web.carrier import signature

blueprint = guards.open_blueprint(
    Blueprint("carrier", __name__, url_prefix="/carrier"), "every request is checked for the carrier's signature"
)
blueprint.before_request(signature.check)
