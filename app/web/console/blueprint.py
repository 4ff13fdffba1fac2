"""The console's one blueprint, to which its modules attach their pages."""

from flask import Blueprint

blueprint = Blueprint("console", __name__, url_prefix="/console", template_folder="templates")
