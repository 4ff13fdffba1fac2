"""Effects of a resident's own call: the usual service, how an order stands, who is due at the door."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.catalogue import items
from app.core import moves
from app.core.errors import DoorlineError
from app.hotline.models import Call
from app.messages import wording
from app.orders import intake, listing, numbers
from app.orders.models import ServiceOrder
from app.people import residents
from app.people.models import Resident
from app.visits import doorstep, proving
from app.workforce.models import Worker
from ivr_flows.inputs import Outcome
from ivr_flows.state import State

Args = Mapping[str, str]


def people(session: Session, call: Call) -> list[Resident]:
    """The residents of the caller's number, in a steady order."""
    return sorted(residents.by_number(session, call.number), key=lambda resident: resident.id)


def usual(session: Session, resident: Resident, language: str) -> str:
    """The name of the resident's one clear usual service, or an empty string."""
    if resident.usual_item_id is None:
        return ""
    item = items.get(session, resident.usual_item_id)
    return items.name(item, language) if item.active else ""


def choose_person(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Somebody on a shared phone says who he is."""
    here = people(session, call)
    index = int(args["person"]) - 1
    if index >= len(here):
        return Outcome("other")
    call.resident_id = here[index].id
    name = usual(session, here[index], state.language)
    return Outcome("usual", {"usual": name}) if name else Outcome("other")


def order_usual(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Open an order for the usual service; asked twice in one call, the same order."""
    if call.order_id is not None:
        return Outcome("ordered", {"number": session.get_one(ServiceOrder, call.order_id).number})
    if call.resident_id is None:
        return Outcome("refused")
    resident = session.get_one(Resident, call.resident_id)
    if resident.usual_item_id is None:
        return Outcome("refused")
    try:
        order = intake.open_order(
            session,
            channel="phone_menu",
            item_id=resident.usual_item_id,
            subject_id=resident.id,
            caller_id=resident.id,
            by=f"resident:{resident.id}",
            call_id=call.id,
            contact=call.number,
            language=state.language,
        )
    except DoorlineError:
        return Outcome("refused")
    call.order_id = order.id
    return Outcome("ordered", {"number": order.number})


def latest_order(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """The one live order of the only person on this phone."""
    here = people(session, call)
    live = [order for resident in here for order in listing.live_of(session, resident.id)]
    if len(here) != 1 or len(live) != 1:
        return Outcome("none")
    return Outcome("found", _status(session, live[0], state.language))


def find_order(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """The order whose number was keyed; only number, state and time are ever said."""
    digits = args["digits"]
    if not numbers.is_valid(digits):
        return Outcome("wrong")
    order = listing.by_number(session, digits)
    if order is None:
        return Outcome("unknown")
    return Outcome("found", _status(session, order, state.language))


def _status(session: Session, order: ServiceOrder, language: str) -> dict[str, str]:
    status, moment = listing.spoken_status(session, order)
    if status == "scheduled":
        moment = doorstep.agreed_time(session, order.id) or moment
    return {
        "number": order.number,
        "status": status,
        "when": wording.when(moment, language) if moment else "",
    }


def who_is_due(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Whether a visit is due about now at a household of this phone."""
    here = people(session, call)
    if not here:
        return Outcome("unknown")
    visits = doorstep.due(session, [resident.id for resident in here])
    if not visits:
        return Outcome("nobody")
    visit = visits[0]
    worker = session.get_one(Worker, visit.worker_id)
    assert visit.during is not None and visit.during.lower is not None
    moves.record(session, visit, "asked_who_is_due", f"caller:{call.id}")
    return Outcome(
        "due",
        {
            "worker": worker.name if state.language == "zh-CN" else worker.name_en,
            "when": wording.when(visit.during.lower, state.language),
        },
    )


def check_code(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Whether the two digits are what the right worker would have said; the code itself is never told."""
    here = [resident.id for resident in people(session, call)]
    visit = doorstep.with_first_half(session, here, args["digits"])
    if visit is None:
        return Outcome("no")
    moves.record(session, visit, "worker_verified", f"caller:{call.id}")
    proving.rung_from_home(session, visit, f"caller:{call.id}")
    return Outcome("yes")
