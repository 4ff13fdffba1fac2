"""The browser that the browser tests drive is there, and it can show Chinese."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_chinese_has_a_width_of_its_own(page: Page) -> None:
    page.set_content("<meta charset=utf-8><span id=zh>上门服务</span>")
    box = page.locator("#zh").bounding_box()
    assert box and box["width"] > 40
