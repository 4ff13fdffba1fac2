"""Effects of a social worker's call: what is next for him, his yes or no, and how the visit goes on."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.hotline import carried
from app.hotline.models import Call
from app.messages import wording
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.visits import codes, offers, proving, rows, telling, visiting
from app.visits.models import Offer, Visit
from ivr_flows.inputs import Outcome
from ivr_flows.state import State

Args = Mapping[str, str]

WAITING = "offer"


def desk(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """What is next: an offer that waits, else the visit under way, else the next accepted one."""
    waiting = offers.live_of(session, _worker(call))
    if waiting:
        return Outcome(WAITING, _offer_facts(session, waiting[0], state.language))
    visit = visiting.current(session, _worker(call))
    return Outcome(visit.state, _visit_facts(session, visit, state.language)) if visit else Outcome("nothing")


def accept_offer(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """His yes."""
    offer = _offer(session, call)
    if offer is None or offers.accept(session, offer, "phone") is None:
        return Outcome("gone")
    _settled(session, call)
    return Outcome("accepted", _visit_facts(session, session.get_one(Visit, offer.visit_id), state.language))


def decline_offer(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """His no."""
    offer = _offer(session, call)
    if offer is None or not offers.decline(session, offer, "phone"):
        return Outcome("gone")
    _settled(session, call)
    return Outcome("declined")


def depart(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """He sets out."""
    visit = _visit(session, call)
    return _done(visit is not None and visiting.depart(session, visit, _by(call)))


def arrive(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """He is at the door."""
    visit = _visit(session, call)
    return _done(visit is not None and visiting.arrive(session, visit, _by(call)))


def prove(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """What the resident answered."""
    visit = _visit(session, call)
    return Outcome(proving.prove(session, visit, args["digits"], _by(call)) if visit else "wrong")


def finish_visit(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """The visit is done."""
    visit = _visit(session, call)
    return _done(visit is not None and visiting.finish(session, visit, _by(call)))


def not_done(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """It could not be done."""
    visit = _visit(session, call)
    return _done(visit is not None and visiting.fail(session, visit, args["reason"], _by(call)))


def give_back(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """He cannot come after all."""
    visit = _visit(session, call)
    return _done(visit is not None and visiting.give_back(session, visit, _by(call)))


def _done(did: bool) -> Outcome:
    return Outcome("done" if did else "refused")


def _worker(call: Call) -> int:
    assert call.worker_id is not None
    return call.worker_id


def _by(call: Call) -> str:
    return f"worker:{_worker(call)}"


def _visit(session: Session, call: Call) -> Visit | None:
    return visiting.current(session, _worker(call))


def _offer(session: Session, call: Call) -> Offer | None:
    """The offer that this call carries, or the one that the desk gave."""
    message = session.get(Message, call.message_id) if call.message_id else None
    if message is not None and message.key.startswith("offer:"):
        return session.get(Offer, int(message.key.partition(":")[2]))
    waiting = offers.live_of(session, _worker(call))
    return waiting[0] if waiting else None


def _settled(session: Session, call: Call) -> None:
    """An answered offer was heard: the voice message that carried it is delivered."""
    carried.heard(session, call)


def _offer_facts(session: Session, offer: Offer, language: str) -> dict[str, Any]:
    visit = session.get_one(Visit, offer.visit_id)
    return {
        "service": telling.service(session, visit, language),
        "when": wording.when(offer.starts_at, language),
        "community": telling.community(session, visit, language),
        "minutes": str(telling.minutes_away(visit)),
    }


def _visit_facts(session: Session, visit: Visit, language: str) -> dict[str, Any]:
    order = session.get_one(ServiceOrder, visit.order_id)
    return {
        "when": wording.when(rows.starts_at(visit), language),
        "address": order.address or "",
        "code_half": codes.workers_half(visit.code),
    }
