"""Deny by default: every address names its audience, and each role reaches only its own."""

import pytest
from flask import Flask

from app.web import guards
from app.web.factory import create_app
from tests.web.conftest import SignIn
from tests.web.scenery import Scene

ROLES = ("agent", "dispatcher", "supervisor", "admin")

REACH = {
    "/console/orders/new": {"agent", "supervisor"},
    "/console/seat/live": {"agent", "supervisor"},
    "/console/orders": {"agent", "dispatcher", "supervisor"},
    "/console/residents": {"agent", "dispatcher", "supervisor"},
    "/console/workers": {"agent", "dispatcher", "supervisor"},
    "/console/worklist": {"agent", "dispatcher", "supervisor"},
    "/console/dispatch": {"dispatcher", "supervisor"},
    "/console/access-log": {"supervisor"},
    "/console/accounts": {"admin"},
    "/console/password": set(ROLES),
}


def unguarded(app: Flask) -> list[str]:
    return sorted(rule.endpoint for rule in app.url_map.iter_rules() if guards.guard_of(app, rule.endpoint) is None)


def test_every_address_names_its_audience() -> None:
    assert unguarded(create_app()) == []


def test_an_address_without_an_audience_is_seen_and_closed() -> None:
    app = create_app(WTF_CSRF_ENABLED=False)
    app.add_url_rule("/open-door", "open_door", lambda: "come in")
    assert unguarded(app) == ["open_door"]
    assert app.test_client().get("/open-door").status_code == 403


def test_every_open_address_says_why_that_is_safe() -> None:
    app = create_app()
    found = {rule.endpoint: guards.guard_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}
    assert [name for name, guard in found.items() if guard and not guard.roles and not guard.reason] == []


def test_every_address_of_the_console_but_the_way_in_wants_a_role() -> None:
    app = create_app()
    console = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console.")}
    unprotected = [name for name in console if not (guard := guards.guard_of(app, name)) or not guard.roles]
    assert unprotected == ["console.login"]


def test_a_stranger_is_sent_to_sign_in_and_comes_back_afterwards(app: Flask, accounts: None) -> None:
    answer = app.test_client().get("/console/orders?state=all")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/console/login?next=/console/orders?state%3Dall"


@pytest.mark.parametrize("headers", [{"HX-Request": "true"}, {}])
def test_a_strangers_form_or_poll_is_told_401(app: Flask, accounts: None, headers: dict[str, str]) -> None:
    client = app.test_client()
    answer = client.get("/console/worklist", headers=headers) if headers else client.post("/console/seat")
    assert answer.status_code == 401


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reaches_its_own_pages_only(scene: Scene, sign_in: SignIn, role: str) -> None:
    client = sign_in(role)
    reached = {path for path in REACH if client.get(path).status_code == 200}
    refused = {path for path in REACH if client.get(path).status_code == 403}
    assert reached == {path for path, roles in REACH.items() if role in roles}
    assert refused == set(REACH) - reached


def test_nobody_sees_a_residents_file_for_keeping_accounts(scene: Scene, sign_in: SignIn) -> None:
    assert sign_in("admin").get(f"/console/residents/{scene.rosa}").status_code == 403


def test_an_agent_can_not_give_a_visit_to_somebody(scene: Scene, sign_in: SignIn) -> None:
    data = {"worker": scene.lena, "day": "2026-11-24", "at": "10:00", "reason": "x"}
    assert sign_in("agent").post(f"/console/dispatch/{scene.troubled}/assign", data=data).status_code == 403
