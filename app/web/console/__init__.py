"""The agents' console: what staff see and do, a module for each wing, their templates alongside."""

from app.web.console import menu, seat, sign_in
from app.web.console.blueprint import blueprint

__all__ = ["blueprint", "menu", "seat", "sign_in"]
