"""wait: short questions, one after another, while a person is rung; keys work all the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.inputs import Input, Keys, Silence, Speech
from ivr_flows.nodes.node import STAY, Node, Option, choose, lines, option_edges, options, spoken
from ivr_flows.steps import Wait


@dataclass(frozen=True, slots=True)
class Round:
    """Words, then seconds of quiet."""

    say: tuple[LINE, ...]
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitNode(Node):
    """``person``, ``rounds``, ``limit`` (seconds since the ringing began) and ``otherwise``.

    The last round is said again until the limit is over. person: "person" or "emergency", who is being rung.
    """

    kind: ClassVar[str] = "wait"
    takes: ClassVar[tuple[type, ...]] = (Keys, Speech, Silence)
    waits: ClassVar[bool] = True

    person: str
    rounds: tuple[Round, ...]
    limit: int
    options: Mapping[str, Option]
    otherwise: str

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "WaitNode":
        rounds = tuple(Round(lines(part), part["seconds"]) for part in spec["rounds"])
        return cls(
            name=name, person=spec["person"], rounds=rounds, limit=spec["limit"], options=options(spec),
            otherwise=spec["otherwise"],
        )  # fmt: skip

    def enter(self, call: Call, came_from: str) -> str | None:
        call.say(self.rounds[0].say)
        self.present(call)
        return None

    def present(self, call: Call) -> None:
        groups = tuple(option.words for option in self.options.values() if option.words)
        keys = "".join(sorted({*self.options, *call.flow.always}))
        call.stop(Wait(call.says(), keys, self._round(call).seconds, call.hint(groups)))

    def take(self, call: Call, given: Input) -> str:
        key = self._key(call, given)
        if key is not None:
            return choose(call, self.options, key, self.name)
        silence = isinstance(given, Silence)
        part = self._round(call)
        call.state.waited += call.time_of(part.say, part.seconds)
        if silence and call.state.waited >= self.limit:
            call.event("unanswered", at=self.name, waited=str(call.state.waited))
            return self.otherwise
        if not silence:
            # A key never ends the waiting; the next silence does, if its time is over.
            call.state.waited = min(call.state.waited, self.limit)
            call.say(("ringing",))
        call.state.tries[self.name] = min(call.state.tries.get(self.name, 0) + 1, len(self.rounds) - 1)
        call.say(self._round(call).say)
        return STAY

    def rings(self, key: str) -> bool:
        """0 while somebody is rung already: said once more that he is coming, and the wait does not begin anew."""
        return key == "0" or (key == "9" and self.person == "emergency")

    def _key(self, call: Call, given: Input) -> str | None:
        if isinstance(given, Keys):
            if given.digits in self.options:
                return given.digits
            if not self.rings(given.digits):
                call.keep("keys", given.digits)
        if isinstance(given, Speech):
            call.keep("speech", given.text)
            return spoken(call, self.options, given.text)
        return None

    def _round(self, call: Call) -> Round:
        return self.rounds[min(call.state.tries.get(self.name, 0), len(self.rounds) - 1)]

    def edges(self) -> list[tuple[str, str]]:
        return [*option_edges(self.options, self.name), (f"{self.limit} s", self.otherwise)]
