"""What the agent's hands do: order entry by keyboard alone, typing that survives, lists that do not steal the focus."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.core import db
from app.orders import changes
from app.orders.models import ServiceOrder
from tests.web.scenery import Scene
from tests.web.test_pages import enter


@pytest.fixture
def agent(page: Page, scene: Scene) -> Page:
    enter(page, "agent", "en")
    return page


def test_an_order_is_taken_by_keyboard_alone(agent: Page, scene: Scene) -> None:
    agent.goto("/console/orders/new")
    expect(agent.locator("#subject_q")).to_be_focused()
    agent.keyboard.type("sdm")
    expect(agent.locator(f"#subject-{scene.shan}")).to_be_visible()
    _tab_to(agent, f"subject-{scene.shan}")
    agent.keyboard.press("Space")
    expect(agent.locator("#side-part")).to_contain_text("walks with difficulty")
    _tab_to(agent, "item_id")
    agent.keyboard.type("Haircut")
    expect(agent.locator("#promise-1")).to_be_visible()
    _tab_to(agent, "text")
    agent.keyboard.type("the hall light is broken")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#number")).to_be_visible()
    with db.unit_of_work() as session:
        order = session.scalars(select(ServiceOrder).order_by(ServiceOrder.id.desc())).first()
    assert order is not None and (order.subject_id, order.text) == (scene.shan, "the hall light is broken")


def _tab_to(page: Page, target: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == target:
            return
    raise AssertionError(f"the keyboard never came to {target}")


def test_the_focus_can_be_seen_wherever_it_is(agent: Page) -> None:
    agent.goto("/console/orders/new")
    for _ in range(25):
        agent.keyboard.press("Tab")
        shown = agent.evaluate(
            """() => {
              const one = document.activeElement, box = one.closest("label") || one;
              const outlined = (part) => getComputedStyle(part).outlineStyle !== "none";
              return one === document.body || outlined(one) || outlined(box);
            }"""
        )
        assert shown, agent.evaluate("document.activeElement.outerHTML.slice(0, 120)")


def test_what_is_typed_survives_a_reload(agent: Page) -> None:
    agent.goto("/console/orders/new")
    with agent.expect_response("**/orders/new/keep"):
        agent.fill("#text", "the hall light is broken")
    expect(agent.locator("[data-kept]")).to_have_text("Kept")
    agent.reload()
    expect(agent.locator("#text")).to_have_value("the hall light is broken")


def test_what_is_typed_survives_leaving_at_once(agent: Page) -> None:
    agent.goto("/console/orders/new")
    agent.fill("#text", "the hall light is broken")
    agent.goto("/console/orders")
    for _ in range(20):
        agent.goto("/console/orders/new")
        if agent.input_value("#text"):
            break
    expect(agent.locator("#text")).to_have_value("the hall light is broken")


def test_what_would_be_lost_for_good_is_asked_about_first(agent: Page) -> None:
    agent.goto("/console/orders/new")
    agent.fill("#text", "the hall light is broken")
    agent.once("dialog", lambda dialog: dialog.dismiss())
    agent.get_by_role("button", name="Throw away what is typed").click()
    expect(agent.locator("#text")).to_have_value("the hall light is broken")
    agent.once("dialog", lambda dialog: dialog.accept())
    agent.get_by_role("button", name="Throw away what is typed").click()
    expect(agent.locator("#text")).to_have_value("")


def test_after_an_error_the_first_wrong_field_has_the_focus(agent: Page) -> None:
    agent.goto("/console/residents/new")
    agent.locator("button[data-main]").click()
    expect(agent.locator("#name")).to_be_focused()


def test_the_line_stands_beside_the_form_while_one_talks(agent: Page, scene: Scene) -> None:
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE seat SET state = 'talking'")
    agent.goto(f"/console/orders/new?call={scene.call}")
    expect(agent.locator(".side iframe.line")).to_have_attribute("src", re.compile("agent-line"))


def test_the_live_list_shows_changes_and_leaves_the_focus_alone(agent: Page, scene: Scene) -> None:
    agent.goto("/console/orders?state=all")
    link = agent.locator(f"#order-{scene.order}")
    link.focus()
    with db.unit_of_work() as session:
        order = session.scalars(select(ServiceOrder).where(ServiceOrder.number == scene.order)).one()
        changes.cancel(session, order, "system:test", "x")
    expect(agent.locator(f"tr:has(#order-{scene.order})")).to_contain_text("cancelled")
    expect(agent.locator(f"#order-{scene.order}")).to_be_focused()


def test_the_worklist_waits_while_somebody_types_in_it(agent: Page, scene: Scene) -> None:
    agent.goto("/console/")
    agent.locator(f"#settle-summary-{scene.call_back}").click()
    agent.fill(f"#result-{scene.call_back}", "nobody picked up yet")
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE call_back SET reason = 'wanted' WHERE urgent")
    held_back = agent.evaluate(
        """() => new Promise((done) => document.addEventListener("htmx:beforeRequest", (event) => {
          if (event.detail.elt.id === "worklist") done(event.defaultPrevented);
        }))"""
    )
    assert held_back is True
    expect(agent.locator(f"#result-{scene.call_back}")).to_have_value("nobody picked up yet")


def test_shortcuts_lead_to_pages_and_are_listed(agent: Page) -> None:
    agent.goto("/console/workers")
    agent.keyboard.press("?")
    expect(agent.locator("#shortcuts")).to_be_visible()
    agent.keyboard.press("Escape")
    expect(agent.locator("#shortcuts")).to_be_hidden()
    agent.keyboard.press("g")
    agent.keyboard.press("o")
    agent.wait_for_url("**/console/orders")
    agent.keyboard.press("/")
    expect(agent.locator("#text")).to_be_focused()


def test_a_call_that_rings_opens_its_page_once(page: Page, scene: Scene) -> None:
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE seat SET state = 'available'")
    enter(page, "agent", "en")
    page.goto("/console/workers")
    with db.unit_of_work() as session:
        session.connection().exec_driver_sql("UPDATE seat SET state = 'ringing'")
    page.wait_for_url("**/console/#call")
    expect(page.locator("#call")).to_contain_text("One person has this number")
    with page.expect_response("**/console/seat/bar*"):
        page.goto("/console/workers")
    expect(page.locator("#seat-bar")).to_contain_text("A call rings")
    assert page.url.endswith("/console/workers")


def test_without_scripts_an_order_can_be_taken_all_the_same(browser: Browser, site: str, scene: Scene) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto("/console/login")
    page.fill("#username", "agent")
    page.fill("#password", "doorline-demo")
    page.press("#password", "Enter")
    page.goto("/console/orders/new")
    page.fill("#text", "要理发")
    page.fill("#subject_q", "shandeming")
    page.press("#subject_q", "Enter")
    page.check(f"#subject-{scene.shan}")
    page.select_option("#item_id", str(scene.item))
    page.locator("#proposals-part button").click()
    expect(page.locator("#promise-1")).to_be_visible()
    expect(page.locator("#text")).to_have_value("要理发")
    page.locator("button[data-main]").click()
    expect(page.locator("#number")).to_be_visible()
    context.close()
