"""ask: a question answered by one key, or a word for it; silence and wrong keys are helped once, then go otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from ivr_flows.call import LINE, Call
from ivr_flows.inputs import Input, Keys, Silence, Speech
from ivr_flows.nodes.node import STAY, Node, Option, choose, lines, option_edges, options, spoken
from ivr_flows.steps import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class AskNode(Node):
    """``say``, ``options`` and ``otherwise``.

    tries: how often it is asked before otherwise. silent: where the first silence leads at once, when nothing is left
    to decide.
    """

    kind: ClassVar[str] = "ask"
    takes: ClassVar[tuple[type, ...]] = (Keys, Speech, Silence)

    say: tuple[LINE, ...]
    options: Mapping[str, Option]
    timeout: int
    tries: int
    otherwise: str
    silent: str | None

    @classmethod
    def parse(cls, name: str, spec: Mapping[str, Any]) -> "AskNode":
        return cls(
            name=name, say=lines(spec), options=options(spec), timeout=spec.get("timeout", 8),
            tries=spec.get("tries", 2), otherwise=spec["otherwise"], silent=spec.get("silent"),
        )  # fmt: skip

    def enter(self, call: Call, came_from: str) -> str | None:
        call.say(self.say)
        self.present(call)
        return None

    def present(self, call: Call) -> None:
        groups = tuple(option.words for option in self.options.values() if option.words)
        keys = "".join(sorted({*self.options, *call.flow.always}))
        call.stop(Ask(call.says(), keys, 1, call.seconds(self.timeout), call.hint(groups)))

    def take(self, call: Call, given: Input) -> str:
        key = self._key(call, given)
        if key is not None:
            target = choose(call, self.options, key, self.name)
            if target == STAY:
                call.say(self.say)
            return target
        return self._failed(call, given)

    def _key(self, call: Call, given: Input) -> str | None:
        if isinstance(given, Keys):
            return given.digits if given.digits in self.options else None
        if isinstance(given, Speech):
            call.keep("speech", given.text)
            return spoken(call, self.options, given.text)
        return None

    def _failed(self, call: Call, given: Input) -> str:
        silence = isinstance(given, Silence)
        call.event("silence" if silence else "not_understood", at=self.name)
        if isinstance(given, Keys):
            call.keep("keys", given.digits)
        if silence and self.silent is not None:
            return self.silent
        tries = call.state.tries[self.name] = call.state.tries.get(self.name, 0) + 1
        if tries >= self.tries:
            return self.otherwise
        call.say(("again.silence" if silence else "again.wrong", *self.say))
        return STAY

    def edges(self) -> list[tuple[str, str]]:
        silent = [("silence", self.silent)] if self.silent else []
        return [*option_edges(self.options, self.name), *silent, ("otherwise", self.otherwise)]
