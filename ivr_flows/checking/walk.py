"""The walk: the engine's own step over every state that can be reached and every input that can come there."""

import gc
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ivr_flows import engine
from ivr_flows.checking import inputs
from ivr_flows.checking.liveness import Liveness
from ivr_flows.facts import LANGUAGES, Choice
from ivr_flows.flow import Flow
from ivr_flows.inputs import Input, Outcome, Start
from ivr_flows.state import State, Turn

Key = tuple[object, ...]
PACES = ("normal", "slow")
TOO_MANY = 60_000
"""States beyond which a document is not a flow any more."""


@dataclass(slots=True)
class Move:
    """One input at a place and what came of it."""

    given: Input
    turn: Turn
    to: Key


@dataclass(slots=True)
class Place:
    """A state that can be reached, the turn that first led to it, and where each input leads from it."""

    key: Key
    state: State
    turn: Turn
    came: "tuple[Place, Input] | None"
    moves: list[Move] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The inputs that lead here, for the reader."""
        place, steps = self, [self.state.node]
        while place.came is not None:
            place, given = place.came
            steps.append(inputs.label(given))
        return " > ".join(reversed(steps))


@contextmanager
def _no_collection() -> Iterator[None]:
    """The walk only grows: looking for garbage would take half its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Walk:
    """All places of a flow. Raises engine.EndlessFlow or KeyError if the document lets the engine run astray."""

    def __init__(self, flow: Flow, languages: Sequence[str] = LANGUAGES, paces: Sequence[str] = PACES) -> None:
        self.flow = flow
        self._callers = [(language, pace) for language in languages for pace in paces]
        self.places: dict[Key, Place] = {}
        self.visited: set[str] = set()
        self.steps = 0
        self._live = {reached: Liveness(flow, reached) for reached in (False, True)}
        self._choices = [name for name, spec in flow.facts.items() if isinstance(spec, Choice)]
        self._promised = {str(spec["after"]) for spec in flow.document["facts"].values() if "after" in spec}
        self._queue: deque[Place] = deque()
        with _no_collection():
            self._begin()
            while self._queue:
                self._explore(self._queue.popleft())

    def settled(self, turn: Turn, key: Key) -> Iterator[Place]:
        """The places at which the call can stand after ``turn``, whatever the declared outcomes of its effects."""
        todo, seen = [key], {key}
        while todo:
            place = self.places[todo.pop()]
            if place.state.pending is None:
                yield place
                continue
            for move in place.moves:
                declared = isinstance(move.given, Outcome) and move.given != inputs.UNHEARD_OF
                if declared and move.to not in seen:
                    seen.add(move.to)
                    todo.append(move.to)

    def _begin(self) -> None:
        for facts in inputs.beginnings(self.flow):
            for language, pace in self._callers:
                state = engine.begin(self.flow, facts, language, pace)
                self._arrive(engine.step(self.flow, state, Start()), None)

    def _explore(self, place: Place) -> None:
        for given in inputs.at(self.flow, place.state, place.turn.steps):
            turn = engine.step(self.flow, place.state, given)
            self.steps += 1
            place.moves.append(Move(given, turn, self._arrive(turn, (place, given))))

    def _arrive(self, turn: Turn, came: tuple[Place, Input] | None) -> Key:
        self.visited.update(turn.trace)
        key = self._add(turn, came, at_limit=False)
        state = turn.state
        if state.end is None and not state.gone and not state.late and state.pending is None:
            self._add(turn, came, at_limit=True)
        return key

    def _add(self, turn: Turn, came: tuple[Place, Input] | None, at_limit: bool) -> Key:
        """``at_limit``: the same place when the call has lasted as many turns as it may."""
        state = self._plain(turn.state)
        state.turns = self.flow.limit_turns if at_limit else 1
        if at_limit:
            # Any input leads to the flow's limit from here: earlier failures and waiting make no difference.
            state.tries, state.waited = {}, 0
        key = self._key(state)
        if key not in self.places:
            if len(self.places) >= TOO_MANY:
                raise engine.EndlessFlow(self.flow.name, state.node)
            place = self.places[key] = Place(key, state, turn, came)
            self._queue.append(place)
        return key

    def _plain(self, state: State) -> State:
        """``state`` without what can't matter any more: facts never read again, counts of nodes never seen again."""
        plain = state.copy()
        plain.kept = plain.kept[-1:]
        live = self._live[bool(state.reached)]
        counts = {state.node} | live.counts[state.node]
        plain.tries = {name: tries for name, tries in plain.tries.items() if name in counts}
        for name in self._choices:
            if name not in live.facts[state.node]:
                plain.facts[name] = self.flow.facts[name].default
        return plain

    def _key(self, state: State) -> Key:
        return (
            state.node, state.language, state.pace, state.pending, state.late, state.turns, state.end, state.gone,
            state.waited, *state.reached[-1:], tuple(sorted(self._promised.intersection(state.reached))),
            tuple(sorted(state.tries.items())), tuple(str(state.facts[name]) for name in self._choices),
            tuple((say["prompt"], say["language"]) for say in state.says),
        )  # fmt: skip
