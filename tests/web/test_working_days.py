"""Working days and hours: the administrator looks a year through, and says what differs; everybody is warned before."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from app.catalogue import calendar
from app.core import db
from tests.web.conftest import SignIn
from tests.web.scenery import Scene

WARNING = "Nobody has looked through the working days of"


@pytest.fixture
def admin(scene: Scene, sign_in: SignIn) -> FlaskClient:
    return sign_in("admin")


def days(year: int) -> dict[date, tuple[bool, str | None]]:
    with db.unit_of_work() as session:
        return {row.day: (row.working, row.name) for row in calendar.days_of(session, year)}


def test_a_year_is_filled_in_looked_through_and_warned_about_no_more(admin: FlaskClient) -> None:
    page = admin.get("/console/working-days")
    assert f"{WARNING} 2026, 2027 yet" in page.text and "not filled in: Monday to Friday" in page.text
    admin.post("/console/working-days/2026/seed")
    page = admin.get("/console/working-days?year=2026")
    assert "national holidays as published" in page.text and "Chinese New Year" in page.text
    assert f"{WARNING} 2027 yet" in page.text
    admin.post("/console/working-days/2027/confirm")
    assert WARNING not in admin.get("/console/accounts").text


def test_an_order_warns_of_the_year_in_which_its_clock_ends(scene: Scene, sign_in: SignIn, admin: FlaskClient) -> None:
    agent = sign_in("agent")
    pages = ("/console/orders", f"/console/orders/{scene.order}")
    assert all("Clocks that end in 2026 count Monday to Friday" in agent.get(page).text for page in pages)
    admin.post("/console/working-days/2026/confirm")
    assert not any("Clocks that end in" in agent.get(page).text for page in pages)


def test_the_district_decides_about_a_day_and_takes_it_back(admin: FlaskClient) -> None:
    page = "/console/working-days/day"
    admin.post(page, data={"day": "2026-12-01", "working": "no", "name": " 社区运动会 "})
    admin.post(page, data={"day": "2026-12-05", "working": "yes"})
    assert days(2026) == {date(2026, 12, 1): (False, "社区运动会"), date(2026, 12, 5): (True, None)}
    admin.post(page, data={"day": "2026-12-01", "working": "rule"})
    assert days(2026) == {date(2026, 12, 5): (True, None)}


@pytest.mark.parametrize("day", ["", "tomorrow", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_told(admin: FlaskClient, day: str) -> None:
    answer = admin.post("/console/working-days/day", data={"day": day, "working": "no"})
    assert answer.status_code == 422 and "Give a day, such as 2027-02-06." in answer.text


def test_the_hours_are_the_districts_own(admin: FlaskClient) -> None:
    hours = {"office_opens": "09:00", "office_closes": "17:00", "service_opens": "07:30", "service_closes": "21:00"}
    assert admin.post("/console/working-days/hours", data=hours).status_code == 302
    answer = admin.post("/console/working-days/hours", data=hours | {"service_closes": "07:30"})
    assert answer.status_code == 422 and "The end must be after the beginning." in answer.text
    assert admin.post("/console/working-days/hours", data=hours | {"office_opens": ""}).status_code == 422
    with db.unit_of_work() as session:
        assert f"{calendar.hours(session, 'service').closes:%H:%M}" == "21:00"
        assert f"{calendar.hours(session, 'office').opens:%H:%M}" == "09:00"


def test_only_administrators_change_the_calendar(scene: Scene, sign_in: SignIn) -> None:
    supervisor = sign_in("supervisor")
    assert supervisor.get("/console/working-days").status_code == 403
    assert supervisor.post("/console/working-days/2027/confirm").status_code == 403
    assert "Look them through" not in supervisor.get("/console/").text


def test_who_changed_the_calendar_is_kept_and_shown(admin: FlaskClient, scene: Scene) -> None:
    admin.post("/console/working-days/day", data={"day": "2026-12-01", "working": "no", "name": "社区运动会"})
    admin.post("/console/working-days/day", data={"day": "2026-12-01", "working": "rule"})
    admin.post("/console/working-days/2027/seed")
    admin.post("/console/working-days/2027/confirm")
    hours = {"office_opens": "09:00", "office_closes": "17:30", "service_opens": "08:00", "service_closes": "20:00"}
    admin.post("/console/working-days/hours", data=hours)
    with db.unit_of_work() as session:
        kept = [(row.event, row.by) for row in calendar.changes(session)]
    events = ["hours_set", "year_confirmed", "year_seeded", "day_cleared", "day_set"]
    assert kept == [(event, f"staff:{scene.staff['admin']}") for event in events]
    english = admin.get("/console/working-days").text
    admin.post("/language", data={"language": "zh-CN"})
    chinese = admin.get("/console/working-days").text
    for word in (": the offices rest", "社区运动会", ": as any week", "was filled in", "looked through", "09:00–17:30"):
        assert word in english
    for word in ("：休息", "：按平常的周几算", "2027年已核对无误", "办公时间：09:00–17:30", "谁改了什么"):
        assert word in chinese


def test_hours_that_stay_as_they_are_are_no_change(admin: FlaskClient) -> None:
    hours = {"office_opens": "08:30", "office_closes": "17:30", "service_opens": "08:00", "service_closes": "20:00"}
    admin.post("/console/working-days/hours", data=hours)
    with db.unit_of_work() as session:
        assert calendar.changes(session) == []
