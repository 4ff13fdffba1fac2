"""A worker falls ill: the day is planned anew, and everybody concerned is told, over real processes."""

from app.visits.models import DayPlan
from tests.journeys import steps
from tests.journeys.town import Town


def test_somebody_else_comes_instead_of_who_is_ill(town: Town) -> None:
    town.set("dispatch_plan", {"seconds": 0.2})
    steps.rosa_is_expecting_amir(town)
    steps.amir_is_ill(town)
    steps.lena_comes_instead(town)
    assert town.visit.worker_id == town.worker("连娜").id and town.order.state == "scheduled"
    assert [plan.state for plan in town.all(DayPlan)] == ["applied"]
    town.dispatcher.sees("/console/dispatch/plan", "已执行")
