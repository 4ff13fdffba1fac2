"""Effects that any caller can cause: a person, an emergency, a call-back, a message, a draft order, an alarm."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.core import moves
from app.hotline import call_backs, kept, rings
from app.hotline.models import Call
from app.orders import intake
from app.orders.models import ServiceOrder
from ivr_flows.inputs import Outcome
from ivr_flows.state import State

Args = Mapping[str, str]


def ring_agents(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Begin to ring whoever is free."""
    rings.start(session, call)
    return Outcome("ringing" if rings.under_way(session, call) else "nobody")


def emergency(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Ring everybody, and list the caller at once so that a hang-up loses nothing."""
    call_backs.open_for(session, "emergency", f"emergency:{call.id}", call=call, said=kept.words(state) or None)
    return ring_agents(session, call, args, state)


def book_call_back(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Put the caller on the worklist, once a call."""
    _list(session, call, args["reason"], state)
    rings.stop(session, call)
    return Outcome("booked")


def save_message(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Keep what the caller recorded as a message on the worklist."""
    kept.recordings(session, call, state)
    _list(session, call, "voicemail", state)
    return Outcome("saved")


def save_dropped(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """The caller is gone before anything was settled: a draft of what he said, and a call-back by a person."""
    if kept.anything(state):
        _draft(session, call, state)
        _list(session, call, "dropped_call", state)
    else:
        _list(session, call, "missed_call", state)
    rings.stop(session, call)
    return Outcome("saved")


def draft_order(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """A draft order of what was said, for an agent to finish and ring back."""
    order = _draft(session, call, state)
    _list(session, call, "drafted_order", state)
    return Outcome("drafted", {"number": order.number})


def raise_alarm(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """A stranger may be at the door: urgent, for a person."""
    call_backs.open_for(session, "door_alarm", f"door:{call.id}", call=call, said=args["reason"])
    moves.record(session, call, "door_alarm", f"caller:{call.id}", reason=args["reason"])
    return Outcome("raised")


def answer_ring(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """An agent answered his phone: the caller is his if he is the first."""
    if call.ring_id is None or rings.answer(session, call.ring_id) is None:
        return Outcome("late")
    return Outcome("first")


def _list(session: Session, call: Call, reason: str, state: State) -> None:
    said = "\n".join(part for part in (kept.words(state), kept.keys(state)) if part) or None
    key = f"emergency:{call.id}" if reason == "emergency" else f"call:{call.id}"
    call_backs.open_for(session, reason, key, call=call, order_id=call.order_id, said=said)


def _draft(session: Session, call: Call, state: State) -> ServiceOrder:
    kept.recordings(session, call, state)
    if call.order_id is not None:
        return session.get_one(ServiceOrder, call.order_id)
    order = intake.draft(
        session,
        channel="phone_menu",
        by=f"caller:{call.id}",
        call_id=call.id,
        contact=call.number,
        text=kept.words(state) or None,
        subject_id=call.resident_id,
        language=state.language,
    )
    call.order_id = order.id
    return order
