"""The web process as tests/web has it."""

from tests.web.conftest import _quick_passwords, app, page, scene, site

__all__ = ["_quick_passwords", "app", "page", "scene", "site"]
