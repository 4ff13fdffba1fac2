"""The switch's pages in a real browser: axe-clean in both languages, by keyboard, at phone width and enlarged."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from app.switch.words import LANGUAGES, words
from tests.switch.conftest import AGENT, AMIR, HOTLINE, ROSA

MENU = """<Response><Gather input="dtmf speech" numDigits="1" timeout="60" action="/step">
<Say language="cmn-CN">您好，请讲</Say></Gather></Response>"""
PHONE = f"/phone?number={quote(ROSA)}"
HANDSET = f"/handset?number={quote(AMIR)}"
PAGES = ["/", "/phone", PHONE, "/agent-line", "/agent-line?client=agent-7", "/handset", HANDSET]

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, world) -> Iterator[Page]:
    page = browser.new_page(base_url=world.base, viewport={"width": 1200, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    # A refused request is logged by the browser itself, whatever the page makes of it.
    page.on("console", lambda m: faults.append(m.text) if m.type == "error" and "load resource" not in m.text else None)
    yield page
    page.close()
    assert faults == []


def clean(page: Page) -> None:
    report = Axe().run(page)
    assert report.violations_count == 0, report.generate_report()


def with_language(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_accessible_while_nothing_happened(page, language):
    for path in PAGES:
        page.goto(with_language(path, language))
        assert page.locator("html").get_attribute("lang") == language
        clean(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_call_is_made_by_keyboard_alone_and_stays_accessible(world, page, language):
    world.voice(MENU)
    world.customer.answers["/step"] = "<Response><Say>Goodbye</Say></Response>"
    text = words(language)
    page.goto(with_language(PHONE, language))
    page.get_by_label(text["to_label"]).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#transcript")).to_contain_text("您好，请讲")
    expect(page.locator("#state")).to_have_attribute("data-state", "connected")
    clean(page)
    page.get_by_label(text["aloud"]).focus()
    page.keyboard.press("1")
    expect(page.locator("#transcript")).to_contain_text("Goodbye")
    expect(page.locator("#state")).to_have_text(text["state_idle"])
    assert world.customer.got("/step")[0].params["Digits"] == "1"
    clean(page)


def test_what_is_typed_is_spoken(world, page):
    world.voice(MENU)
    page.goto(PHONE)
    page.get_by_role("button", name=words("zh-CN")["dial"]).click()
    expect(page.locator("#words-said")).to_be_focused()
    page.keyboard.type("水管漏了")
    page.keyboard.press("Enter")
    assert world.customer.wait("/step")[0].params["SpeechResult"] == "水管漏了"


def test_digits_alone_in_the_field_press_keys(world, page):
    world.voice(MENU)
    page.goto(PHONE)
    page.get_by_role("button", name=words("zh-CN")["dial"]).click()
    expect(page.locator("#words-said")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    assert world.customer.wait("/step")[0].params["Digits"] == "1"


def test_a_reload_loses_nothing_of_the_call(world, page):
    world.voice(MENU)
    page.goto(PHONE)
    page.get_by_role("button", name=words("zh-CN")["dial"]).click()
    expect(page.locator("#transcript")).to_contain_text("您好，请讲")
    page.reload()
    expect(page.locator("#transcript")).to_contain_text("您好，请讲")
    expect(page.locator("#state")).to_have_attribute("data-state", "connected")
    page.locator("#hangup").click()
    assert world.line(ROSA).wait("ended")["reason"] == "hung-up"


def test_an_agent_answers_and_talks_with_the_caller(world, page):
    world.call('<Response><Dial><Client>agent-7</Client></Dial></Response>')
    page.goto("/agent-line?client=agent-7&lang=en")
    expect(page.locator("#state")).to_contain_text(ROSA)
    page.get_by_role("button", name="Answer").click()
    world.line(ROSA).wait("bridged", **{"with": AGENT})
    world.line(ROSA).do("speak", text="My tap leaks")
    expect(page.locator("#transcript")).to_contain_text("My tap leaks")
    page.locator("#words-said").fill("I am sending somebody")
    page.keyboard.press("Enter")
    assert world.line(ROSA).wait("heard", verb="speech")["text"] == "I am sending somebody"
    clean(page)


def test_an_agent_rejects(world, page):
    world.call('<Response><Dial action="/over"><Client>agent-7</Client></Dial></Response>')
    page.goto("/agent-line?client=agent-7&lang=en")
    page.get_by_role("button", name="Reject").click()
    assert world.customer.wait("/over")[0].params["DialCallStatus"] == "busy"


def test_a_handset_shows_texts_with_links_and_answers_them(world, page):
    page.goto(HANDSET)
    world.sdk().messages.create(to=AMIR, from_=HOTLINE, body="接单回1 27 http://doorline.example/o/abc <b>")
    link = page.get_by_role("link", name="http://doorline.example/o/abc")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(page.locator("#thread")).to_contain_text("<b>")
    page.locator("#body").fill("1 27")
    page.keyboard.press("Enter")
    assert world.customer.wait("/carrier/sms")[0].params["Body"] == "1 27"
    expect(page.locator("#thread .mine")).to_have_count(1)
    clean(page)
    page.reload()
    expect(page.locator("#thread li")).to_have_count(2)


def test_the_list_of_lines_follows_what_happens_and_leads_to_the_phones(world, page):
    page.goto("/?lang=en")
    expect(page.locator("#none")).to_be_visible()
    world.call(MENU).wait("connected")
    row = page.get_by_role("row", name=ROSA)
    expect(row).to_contain_text("the hotline")
    clean(page)
    row.get_by_role("link", name="phone").click()
    expect(page.locator("h1")).to_contain_text(ROSA)


def test_a_refusal_is_shown_in_words(page):
    page.goto(with_language(PHONE, "en"))
    page.get_by_label(words("en")["to_label"]).fill("+8613800000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text(words("en")["error_unknown-number"])


@pytest.mark.parametrize("viewport", [{"width": 360, "height": 740}, {"width": 600, "height": 450}])
@pytest.mark.parametrize("path", ["/", PHONE, HANDSET, "/agent-line?client=agent-7"])
def test_nothing_sticks_out_at_phone_width_nor_at_twice_the_size(world, page, path, viewport):
    """A 1200 px window at 200 % has 600 CSS pixels (WCAG 1.4.4, 1.4.10)."""
    world.line(ROSA).do("texts", to=AMIR, body="http://doorline.example/" + "a" * 80)
    page.set_viewport_size(viewport)
    page.goto(path)
    page.wait_for_load_state("networkidle") if path == "/" else None
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    small = page.evaluate(
        "[...document.querySelectorAll('button, input:not([type=hidden]):not([type=checkbox]), .keypad button')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 60).length"
    )
    assert small == 0
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18


def test_no_page_needs_an_inline_script(world):
    for path in PAGES:
        answer = world.http.get(path)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "onclick" not in answer.text and "<script>" not in answer.text


def test_every_word_stands_in_both_languages_and_is_used():
    table = yaml.safe_load((Path("app/switch/words.yaml")).read_text(encoding="utf-8"))
    assert all(set(both) == set(LANGUAGES) and all(both.values()) for both in table.values())
    switch = Path("app/switch")
    sources = "".join(
        path.read_text(encoding="utf-8") for kind in ("*.html", "*.js", "terminal.py") for path in switch.rglob(kind)
    )
    built = ("state_", "ended_", "error_", "beep", "music", "apology")  # put together from the switch's own codes
    unused = [key for key in table if not key.startswith(built) and key not in sources]
    assert unused == []
