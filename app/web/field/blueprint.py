"""Where the workers' pages hang: each address carries its own signed right to be opened."""

from flask import Blueprint

from app.web import guards

blueprint = guards.open_blueprint(
    Blueprint("field", __name__, url_prefix="/v", template_folder="templates"),
    "every address carries a signed token for one visit and one worker",
)
