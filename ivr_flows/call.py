"""The call being walked during one step: what nodes read and write."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ivr_flows import words
from ivr_flows.effects import Effect
from ivr_flows.facts import LANGUAGES
from ivr_flows.state import Event, State
from ivr_flows.steps import Say, Step, Wait

if TYPE_CHECKING:
    from ivr_flows.flow import Flow

LINE = str | Mapping[str, str]
"""What a node says: a prompt key, or {"prompt": key, "language": "other"}."""

SLOW_WAIT = 1.5
"""A caller at a slow pace has half as much time again."""


class Call:
    """Flow and state during one step, and what the step gives."""

    __slots__ = ("effect", "events", "flow", "state", "steps", "trace")

    def __init__(self, flow: "Flow", state: State) -> None:
        self.flow = flow
        self.state = state
        self.steps: tuple[Step, ...] = ()
        self.events: list[Event] = []
        self.effect: Effect | None = None
        self.trace: list[str] = []

    def say(self, lines: tuple[LINE, ...]) -> None:
        """Put ``lines`` before the next question."""
        for line in lines:
            key, language = (line, self.state.language) if isinstance(line, str) else self._foreign(line)
            if "{" in key:
                key = key.format(**self.state.facts)
            params = {name: self._spoken(name, language) for name in self.flow.fields(language, key)}
            self.state.says.append({"prompt": key, "params": params, "language": language})

    def says(self) -> tuple[Say, ...]:
        """All that is to be said at the present place."""
        pace = self.state.pace
        return tuple(Say(say["prompt"], say["params"], say["language"], pace) for say in self.state.says)

    def stop(self, *steps: Step) -> None:
        """The step ends here: ``steps`` are what the carrier does. Nobody hears anything after a hang-up."""
        self.steps = () if self.state.gone else steps
        if not isinstance(steps[-1], Wait):
            self.state.waited = 0

    def seconds(self, seconds: int) -> int:
        """A time-out at the caller's pace."""
        return round(seconds * SLOW_WAIT) if self.state.pace == "slow" else seconds

    def event(self, name: str, /, **facts: str) -> None:
        """Note something for the call's history."""
        self.events.append(Event(name, facts))

    def keep(self, kind: str, value: str, **more: Any) -> None:
        """Keep what the caller said or keyed; it is never lost, whatever comes."""
        self.state.kept.append({"at": self.state.node, "kind": kind, "value": value, **more})

    def learn(self, facts: Mapping[str, Any]) -> None:
        """Set facts; one that the flow does not declare, or cannot use, is left out and noted."""
        for name, value in facts.items():
            spec = self.flow.facts.get(name)
            clean = None if spec is None or value is None else spec.clean(value)
            if clean is None:
                self.event("fact_refused", fact=name)
            else:
                self.state.facts[name] = clean

    def reach(self, what: str) -> None:
        """The call has led to ``what``; the latest stands last."""
        reached = self.state.reached
        if what not in reached:
            self.event("reached", what=what)
        self.state.reached = [*(one for one in reached if one != what), what]

    def hears(self, group: str, text: str) -> bool:
        """Whether ``text`` has a word of ``group`` in the caller's language."""
        return words.heard(self.flow.words, self.state.language, group, text)

    def hint(self, groups: tuple[str, ...]) -> tuple[str, ...]:
        """Words for the carrier's speech recognition; a call for a person or for help is always among them."""
        known = self.flow.document["words"][self.state.language]
        return tuple(word for group in (*groups, "person", "emergency") for word in known.get(group, ()))

    def time_of(self, lines: tuple[LINE, ...], seconds: int) -> int:
        """How long ``lines`` and a pause take at the caller's pace."""
        before, self.state.says = self.state.says, []
        self.say(lines)
        spoken = sum(self.flow.seconds(say) for say in self.says())
        self.state.says = before
        return round(spoken) + seconds

    def _spoken(self, name: str, language: str) -> str:
        return self.flow.facts[name].spoken(self.state.facts[name], language)

    def _foreign(self, line: Mapping[str, str]) -> tuple[str, str]:
        other = next(language for language in LANGUAGES if language != self.state.language)
        return line["prompt"], other if line.get("language") == "other" else self.state.language
