"""One input of a call: the engine walks, the house carries out, and what matters goes on record."""

from sqlalchemy.orm import Session

from app.core import moves
from app.hotline import effects
from app.hotline.models import Call
from ivr_flows import engine
from ivr_flows.effects import Effect
from ivr_flows.flow import Flow
from ivr_flows.inputs import Input, Outcome
from ivr_flows.state import State, Turn


def walk(session: Session, call_id: int, flow: Flow, state: State, given: Input) -> Turn:
    """The turn that ``given`` leads to, all effects carried out; most inputs have none and load no row."""

    def carry_out(effect: Effect, at: State) -> Outcome:
        return effects.carry_out(session, session.get_one(Call, call_id), effect, at)

    turn = engine.run(flow, state, given, carry_out)
    for event in turn.events:
        if event.name in effects.RECORDED:
            moves.record(session, session.get_one(Call, call_id), event.name, f"call:{call_id}", **event.facts)
    session.flush()
    return turn
