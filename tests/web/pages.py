"""Every page of the site, by endpoint: where it is, and who looks at it. A test sees to it that none is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.web.scenery import Scene

Where = Callable[[Scene], str]


@dataclass(frozen=True)
class Page:
    """One page. empty: whether it exists in a house without residents, orders and calls."""

    endpoint: str
    role: str
    where: Where
    empty: bool = True


PAGES = (
    Page("console.login", "", lambda scene: "/console/login"),
    Page("console.home", "agent", lambda scene: "/console/"),
    Page("console.home", "dispatcher", lambda scene: "/console/"),
    Page("console.password", "agent", lambda scene: "/console/password"),
    Page("console.new_order", "agent", lambda scene: "/console/orders/new"),
    Page("console.new_order", "agent", lambda scene: f"/console/orders/new?call={scene.call}", empty=False),
    Page("console.new_order", "agent", lambda scene: f"/console/orders/new?call_back={scene.call_back}", empty=False),
    Page("console.order_taken", "agent", lambda scene: f"/console/orders/{scene.order}/taken", empty=False),
    Page("console.orders", "agent", lambda scene: "/console/orders?state=all"),
    Page("console.order", "supervisor", lambda scene: f"/console/orders/{scene.order}", empty=False),
    Page("console.change_order", "agent", lambda scene: f"/console/orders/{scene.order}/change", empty=False),
    Page("console.dispatch", "dispatcher", lambda scene: "/console/dispatch"),
    Page("console.visit", "dispatcher", lambda scene: f"/console/dispatch/{scene.troubled}", empty=False),
    Page("console.visit", "dispatcher", lambda scene: f"/console/dispatch/{scene.visit}", empty=False),
    Page("console.residents", "agent", lambda scene: "/console/residents"),
    Page("console.residents", "agent", lambda scene: "/console/residents?q=luo"),
    Page("console.resident", "supervisor", lambda scene: f"/console/residents/{scene.rosa}", empty=False),
    Page("console.new_resident", "agent", lambda scene: "/console/residents/new"),
    Page("console.edit_resident", "agent", lambda scene: f"/console/residents/{scene.rosa}/edit", empty=False),
    Page("console.workers", "agent", lambda scene: "/console/workers"),
    Page("console.workers", "dispatcher", lambda scene: "/console/workers"),
    Page("console.day_plan", "dispatcher", lambda scene: "/console/dispatch/plan"),
    Page("console.dispatch_rules", "dispatcher", lambda scene: "/console/dispatch/rules"),
    Page("console.dispatch_rules", "supervisor", lambda scene: "/console/dispatch/rules"),
    Page("console.absences", "dispatcher", lambda scene: "/console/dispatch/absences"),
    Page("console.access_log", "supervisor", lambda scene: "/console/access-log"),
    Page("console.accounts", "admin", lambda scene: "/console/accounts"),
    Page("console.working_days", "admin", lambda scene: "/console/working-days?year=2026"),
)

ELSEWHERE = {
    "static": "files",
    "health.live": "no page",
    "health.ready": "no page",
    "console.orders_live": "part of console.orders",
    "console.order_live": "part of console.order",
    "console.order_by_id": "leads to console.order",
    "console.seat_live": "part of console.home",
    "console.seat_bar": "part of every page",
    "console.worklist_live": "part of console.home",
    "console.dispatch_live": "part of console.dispatch",
    "console.day_plan_live": "part of console.day_plan",
    "console.absences_live": "part of console.absences",
    "console.pick_resident": "part of console.new_order",
}
"""Addresses that are read but are no pages of the console, and why."""

OTHERS = ("field.", "trial.", "carrier.")
"""Blueprints with tests of their own."""
