"""enter: a number of known length, keyed; a lone 0 or 9 still is the person or the emergency.

A carrier waits for further digits as long as for the first one. So a long time-out is cut into short ones, of which all
but the last pass without a word: who presses 9 at the door is not left alone with it for twenty seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.inputs import Input, Keys, Silence, Speech
from ivr_flows.nodes.node import STAY, Node, lines
from ivr_flows.steps import Ask

PIECE = 7
"""Seconds, about: after so long without a further digit the number counts as complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterNode(Node):
    """``say``, ``digits`` (how many), ``into`` (the fact that takes them), ``go`` and ``otherwise``.

    timeout: seconds for the first digit. Coming back counts as a try: nobody is led round a wrong number for ever.
    """

    kind: ClassVar[str] = "enter"
    takes: ClassVar[tuple[type, ...]] = (Keys, Speech, Silence)
    keeps_tries: ClassVar[bool] = True

    say: tuple[LINE, ...]
    digits: int
    into: str
    go: str
    timeout: int
    tries: int
    otherwise: str

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "EnterNode":
        return cls(
            name=name, say=lines(spec), digits=spec["digits"], into=spec["into"], go=spec["go"],
            timeout=spec.get("timeout", 8), tries=spec.get("tries", 2), otherwise=spec["otherwise"],
        )  # fmt: skip

    def enter(self, call: Call, came_from: str) -> str | None:
        if self._tried(call) >= self.tries:
            return self.otherwise
        call.say(self.say)
        self.present(call)
        return None

    def present(self, call: Call) -> None:
        keys = "".join(sorted({*"0123456789", *call.flow.always}))
        call.stop(Ask(call.says(), keys, self.digits, call.seconds(-(-self.timeout // self._pieces)), ()))

    @property
    def _pieces(self) -> int:
        """Into how many short time-outs the long one is cut."""
        return max(1, round(self.timeout / PIECE))

    def _tried(self, call: Call) -> int:
        """How often it was asked in vain; pieces of a time-out are counted, and all of them make one."""
        return call.state.tries.get(self.name, 0) // self._pieces

    def take(self, call: Call, given: Input) -> str:
        if isinstance(given, Silence):
            pieces = call.state.tries[self.name] = call.state.tries.get(self.name, 0) + 1
            if pieces % self._pieces:
                return STAY
        else:
            call.state.tries[self.name] = (self._tried(call) + 1) * self._pieces
        digits = self._digits(call, given)
        if len(digits) == self.digits:
            call.learn({self.into: digits})
            call.event("entered", at=self.name)
            return self.go
        call.event("silence" if isinstance(given, Silence) else "not_understood", at=self.name)
        if self._tried(call) >= self.tries:
            return self.otherwise
        call.say(("again.silence" if isinstance(given, Silence) else "again.wrong", *self.say))
        return STAY

    def _digits(self, call: Call, given: Input) -> str:
        if isinstance(given, Silence):
            return ""
        if isinstance(given, Speech):
            call.keep("speech", given.text)
            return "".join(sign for sign in given.text if sign in "0123456789")
        digits = given.digits if isinstance(given, Keys) else ""
        call.keep("keys", digits)
        return digits if digits.isdigit() else ""

    def edges(self) -> list[tuple[str, str]]:
        return [(f"{self.digits} digits", self.go), ("otherwise", self.otherwise)]
