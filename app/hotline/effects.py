"""What a flow asks the house to do, carried out inside the step's own transaction.

ivr_flows.effects is the contract; a test holds this table against it.
"""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from app.hotline import at_work, on_the_line, residents_line, told
from app.hotline.models import Call
from ivr_flows.effects import Effect
from ivr_flows.inputs import Outcome
from ivr_flows.state import State

Handler = Callable[[Session, Call, Mapping[str, str], State], Outcome]

HANDLERS: dict[str, Handler] = {
    "ring_agents": on_the_line.ring_agents,
    "emergency": on_the_line.emergency,
    "book_call_back": on_the_line.book_call_back,
    "save_message": on_the_line.save_message,
    "save_dropped": on_the_line.save_dropped,
    "raise_alarm": on_the_line.raise_alarm,
    "choose_person": residents_line.choose_person,
    "order_usual": residents_line.order_usual,
    "draft_order": on_the_line.draft_order,
    "latest_order": residents_line.latest_order,
    "find_order": residents_line.find_order,
    "who_is_due": residents_line.who_is_due,
    "check_code": residents_line.check_code,
    "mark_told": told.mark_told,
    "mark_not_reached": told.mark_not_reached,
    "record_answers": told.record_answers,
    "desk": at_work.desk,
    "accept_offer": at_work.accept_offer,
    "decline_offer": at_work.decline_offer,
    "depart": at_work.depart,
    "arrive": at_work.arrive,
    "prove": at_work.prove,
    "finish_visit": at_work.finish_visit,
    "not_done": at_work.not_done,
    "give_back": at_work.give_back,
    "answer_ring": on_the_line.answer_ring,
}

RECORDED = frozenset(
    {
        "always_key",
        "reached",
        "limit_reached",
        "talked",
        "line_lost",
        "dialled",
        "language_changed",
        "not_understood",
        "hung_up",
    }
)
"""What a flow reports that goes on the call's history: names and codes, never what was said."""


def carry_out(session: Session, call: Call, effect: Effect, state: State) -> Outcome:
    """Do what ``effect`` names and say how it came out."""
    return HANDLERS[effect.name](session, call, effect.args, state)
