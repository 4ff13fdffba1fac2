"""The district, and a call on which effects are asked for."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.hotline import arrivals, call_rows, effects
from app.hotline.call_rows import Opening
from app.hotline.models import Call
from app.messages import outbox
from app.quality import follow_ups
from app.visits import offers, proving, visiting
from app.visits.models import Visit
from ivr_flows.effects import Effect
from ivr_flows.inputs import Outcome
from ivr_flows.state import State
from tests.people import cast
from tests.visits.town import World, wind


@dataclass
class House:
    """The district, and a call on which effects are asked for."""

    session: Session
    world: World
    _call: Call | None = None
    state: State = field(default_factory=lambda: State("somewhere", "zh-CN"))

    def call(self, number: str = cast.ROSA) -> Call:
        """The incoming call of ``number``."""
        if self._call is None:
            self._call = self.session.get_one(Call, arrivals.arrive(self.session, "CA" + "1" * 32, number))
        return self._call

    def does(self, name: str, number: str = cast.ROSA, **args: str) -> Outcome:
        self.session.flush()
        return effects.carry_out(self.session, self.call(number), Effect(name, args), self.state)

    def works(self, name: str, **args: str) -> Outcome:
        """The same on Amir's call."""
        return self.does(name, cast.AMIR, **args)

    def says(self, words: str) -> None:
        self.state.kept.append({"at": "need", "kind": "speech", "value": words})

    def leaves(self, seconds: int = 5, ref: str = "RE1") -> None:
        self.state.kept.append({"at": "need", "kind": "recording", "value": ref, "seconds": seconds})

    def visit(self, *steps: str) -> Visit:
        """Rosa's visit, offered to Amir, and what came after, such as accepted, departed."""
        self.world.amir()
        visit = self.world.dispatched()
        assert visit.state == "offered"
        for step in steps:
            if step == "accepted":
                offers.accept(self.session, self.world.offer_of(visit), "sms")
            elif step == "departed":
                visiting.depart(self.session, visit, "worker:1")
            elif step == "arrived":
                visiting.arrive(self.session, visit, "worker:1")
            elif step == "proved":
                proving.prove(self.session, visit, visit.code[2:], "worker:1")
            self.session.refresh(visit)
        return visit

    def carries(self, template: str, **message: Any) -> Call:
        """An outgoing call to Rosa that carries a message."""
        values = {"key": f"{template}:1", "recipient": f"resident:{self.world.rosa.id}", "number": cast.ROSA}
        values |= {"language": "zh-CN", "params": {}, "kind": "voice", "order_id": None} | message
        written = outbox.write(self.session, template=template, **values)
        assert written is not None
        written.state = "sent"
        opening = Opening("notice", "notice", cast.ROSA, {}, "zh-CN", message_id=written.id, resident_id=1)
        call_id = call_rows.create(self.session, opening, "outbound")
        assert call_id is not None
        self._call = self.session.get_one(Call, call_id)
        return self._call

    def asks_after_visit(self) -> None:
        """Rosa is rung for the follow-up."""
        amir = self.world.amir()
        order = self.world.order()
        visit = cast.finished_visit(self.session, order, amir)
        follow_up = follow_ups.plan(self.session, visit)
        assert follow_up is not None
        wind(hours=1)
        message = follow_ups.begin(self.session, follow_up.id)
        assert message is not None
        message.state = "sent"
        opening = Opening("satisfaction", "satisfaction", cast.ROSA, {}, "zh-CN", message_id=message.id, resident_id=1)
        call_id = call_rows.create(self.session, opening, "outbound")
        assert call_id is not None
        self._call = self.session.get_one(Call, call_id)
