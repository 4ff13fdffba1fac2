"""My seat: ready or away, the ringing call with the people of its number, and the worklist of call-backs."""

from flask import render_template

from app.web import guards
from app.web.console.blueprint import blueprint


@blueprint.get("/")
@guards.allow(*guards.EVERYBODY)
def home() -> str:
    """The start page."""
    return render_template("console/home.html")
