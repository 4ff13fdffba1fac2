"""What the tests of day plans need: a town where making room takes a plan, and the job that workers run."""

from typing import Any

from sqlalchemy import select

from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.visits import absence_proposals, offers
from app.visits.absences import Absence
from app.visits.models import DayPlan, Visit
from app.workforce.models import Shift
from tests.visits.town import World, local
from workers import visits as jobs

TEN = {"window": (local("10:00"), local("10:10"))}


def accepted(world: World, **more) -> Visit:
    """A visit that somebody has said yes to."""
    visit = world.dispatched(**more)
    assert offers.accept(world.session, world.offer_of(visit), "sms")
    return visit


def wanted(world: World) -> DayPlan:
    """The plan that is wanted."""
    return world.session.scalars(select(DayPlan).where(DayPlan.state == "wanted")).one()


def run_plan(world: World) -> DayPlan:
    """What is wanted is planned, as a worker process does it; the plan as it ended."""
    plan = wanted(world)
    world.session.commit()
    jobs.plan(plan.id)
    world.session.expire_all()
    return plan


def is_away(world: World, *absence: Any) -> Shift:
    """A dispatcher notes it without waiting for what would follow. absence: as absences.Absence."""
    proposal = absence_proposals.add(world.session, Absence(*absence))
    absence_proposals.confirm(world.session, proposal.version, "staff:1")
    return world.session.scalars(select(Shift).where(Shift.kind == "leave").order_by(Shift.id.desc())).first()


def said(world: World) -> list[str]:
    """Templates of everything written, in order."""
    return [message.template for message in world.session.scalars(select(Message).order_by(Message.id))]


def specialist(world: World):
    """Amir can also mend; Lena can cut hair only."""
    return world.amir(skills=["haircut", "repairs"]), world.lena(east=500)


def tap_order(world: World) -> ServiceOrder:
    """A repair at ten, which only Amir can do."""
    world.town.gas.urgent = False
    return world.order(item_id=world.town.gas.id, **TEN)
