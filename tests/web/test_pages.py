"""Every page in a real browser: no barrier that axe can find, in both languages, empty, full and with an error; nothing
wider than the screen on a phone or at 200 % zoom.
"""

import pytest
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe
from flask import Flask
from playwright.sync_api import Page as Window

from app.core import db
from app.web.factory import create_app
from tests.web import scenery
from tests.web.pages import ELSEWHERE, OTHERS, PAGES, Page
from tests.web.scenery import PASSWORD, Scene

pytestmark = pytest.mark.timeout(900)
"""Each test walks through all pages with axe: half a minute by itself, many times that on a busy machine."""

NOTHING = Scene(0, 0, 0, 0, 0, 0, "", 0, 0, 0, 0, {})
WIDTHS = {"phone": 390, "zoomed": 640, "desk": 1280}
"""640 is what is left of 1280 pixels at 200 % zoom."""

LOOKED_THROUGH = {("desk", "zh-CN"), ("phone", "en")}
"""axe goes through each layout and each language once: what it finds hangs on one or the other, never on both."""

ERRORS = (
    ("agent", "/console/orders/new", "button[data-main]"),
    ("agent", "/console/residents/new", "button[data-main]"),
    ("admin", "/console/accounts", "button[data-main]"),
    ("admin", "/console/working-days", "button[data-main]"),
    ("agent", "/console/password", "main form button"),
    ("", "/console/login", "main form button"),
)


def test_no_page_is_forgotten() -> None:
    shown = {page.endpoint for page in PAGES}
    readable = {rule.endpoint for rule in create_app().url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert sorted(name for name in readable - shown - set(ELSEWHERE) if not name.startswith(OTHERS)) == []


def enter(window: Window, role: str, language: str) -> None:
    window.context.clear_cookies()
    window.goto("/console/login")
    if role:
        window.fill("#username", role)
        window.fill("#password", PASSWORD)
        window.press("#password", "Enter")
        window.wait_for_load_state()
    other = window.locator(f".language button[value='{language}']")
    if other.count():
        other.click()
        window.wait_for_load_state()


def barriers(window: Window, *rules: str) -> list[str]:
    """What axe finds, by all its rules or by these only."""
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    found = Axe().run(window, options=DEFAULT_OPTIONS | only).response["violations"]
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def too_wide(window: Window) -> bool:
    return bool(window.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def roles(pages: list[Page]) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = {}
    for page in pages:
        found.setdefault(page.role, []).append(page)
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_full_pages_have_no_barrier_and_fit(page: Window, scene: Scene, language: str) -> None:
    trouble: dict[str, list[str]] = {}
    for role, wanted in roles(list(PAGES)).items():
        enter(page, role, language)
        for one in wanted:
            page.goto(one.where(scene))
            for width, pixels in WIDTHS.items():
                page.set_viewport_size({"width": pixels, "height": 900})
                found = barriers(page) if (width, language) in LOOKED_THROUGH else []
                if found or too_wide(page):
                    trouble[f"{role} {one.where(scene)} {width}"] = found or ["wider than the screen"]
    assert trouble == {}


def test_empty_pages_have_no_barrier(page: Window, app: Flask) -> None:
    with db.unit_of_work() as session:
        scenery.empty(session)
    trouble: dict[str, list[str]] = {}
    for role, wanted in roles([one for one in PAGES if one.empty]).items():
        enter(page, role, "zh-CN")
        for one in wanted:
            page.goto(one.where(NOTHING))
            if found := barriers(page):
                trouble[f"{role} {one.where(NOTHING)}"] = found
    assert trouble == {}


def test_pages_with_an_error_have_no_barrier(page: Window, scene: Scene) -> None:
    trouble: dict[str, list[str]] = {}
    for role, path, button in ERRORS:
        enter(page, role, "en")
        page.goto(path)
        page.locator(button).first.click()
        page.wait_for_load_state()
        assert page.locator("[role=alert], .problem").count(), path
        if found := barriers(page):
            trouble[path] = found
    page.goto("/console/nowhere")
    assert barriers(page) == [] and trouble == {}


@pytest.mark.parametrize("scheme", ["dark"])
def test_dark_pages_have_contrast_enough(page: Window, scene: Scene, scheme: str) -> None:
    page.emulate_media(color_scheme="dark")
    trouble: dict[str, list[str]] = {}
    for role, wanted in roles(list(PAGES)).items():
        enter(page, role, "en")
        for one in wanted:
            page.goto(one.where(scene))
            if found := barriers(page, "color-contrast"):
                trouble[one.where(scene)] = found
    assert trouble == {}
