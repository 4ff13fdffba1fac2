"""The engine, pure: flow + state + input gives state + steps + events, or an effect to be carried out first."""

from collections.abc import Callable, Mapping
from typing import Any

from ivr_flows import words
from ivr_flows.call import Call
from ivr_flows.effects import Effect
from ivr_flows.flow import Flow
from ivr_flows.inputs import AgentAnswered, HangUp, Input, Keys, Outcome, Recorded, Resume, Speech, Start
from ivr_flows.nodes.node import STAY, Node
from ivr_flows.state import State, Turn
from ivr_flows.steps import HangUp as HangUpStep


class EndlessFlow(Exception):
    """The document goes in a circle without anybody being asked; the checker finds these."""

    def __init__(self, flow: str, node: str) -> None:
        super().__init__(f"{flow}: {node}")
        self.node = node


def begin(flow: Flow, facts: Mapping[str, Any], language: str = "zh-CN", pace: str = "normal") -> State:
    """The state of a call before its first input (Start).

    facts: by the flow's declaration; missing ones get their default, others are left out. language: zh-CN or en; pace:
    normal or slow.
    """
    state = State(flow.start, language, pace, {name: spec.default for name, spec in flow.facts.items()})
    call = Call(flow, state)
    call.learn({name: value for name, value in facts.items() if name in flow.facts})
    return state


def step(flow: Flow, state: State, given: Input) -> Turn:
    """One input; ``state`` is left as it is. Never raises for a checked document, whatever comes at whatever place."""
    call = Call(flow, state.copy())
    target = _target(call, given)
    if target is not None:
        _walk(call, target)
    return Turn(call.state, call.steps, tuple(call.events), call.effect, tuple(call.trace))


def run(flow: Flow, state: State, given: Input, carry_out: Callable[[Effect, State], Outcome]) -> Turn:
    """step, with every effect carried out by ``carry_out`` on the way; the turn has no effect left, but all events."""
    turn = step(flow, state, given)
    events, trace = turn.events, turn.trace
    while turn.effect is not None:
        turn = step(flow, turn.state, carry_out(turn.effect, turn.state))
        events += turn.events
        trace += turn.trace
    return Turn(turn.state, turn.steps, events, None, trace)


def _target(call: Call, given: Input) -> str | None:
    """The node to enter because of ``given``; None if the step is over already."""
    state = call.state
    if isinstance(given, HangUp):
        return _hung_up(call)
    if isinstance(given, Outcome) and state.pending is not None:
        return _here(call).take(call, given)
    if state.end is not None or state.gone:
        call.event("too_late")
        call.stop(HangUpStep())
        return None
    if isinstance(given, AgentAnswered):
        return _agent(call)
    if state.turns == 0:
        return _start(call, given)
    if state.pending is not None:
        _here(call).present(call)
        return None
    state.turns += 1
    if state.turns > call.flow.limit_turns and not state.late:
        state.late = True
        state.says.clear()
        call.event("limit_reached")
        return call.flow.limit_go
    return _answer(call, given)


def _start(call: Call, given: Input) -> str:
    """Whatever comes first, the flow begins at its beginning."""
    call.state.turns = 1
    call.event("started" if isinstance(given, Start) else "started_late")
    return call.flow.start


def _answer(call: Call, given: Input) -> str | None:
    """Let the present node take the input; what it can't take makes it say itself again."""
    node = _here(call)
    if isinstance(given, Resume) or not isinstance(given, node.takes):
        node.present(call)
        return None
    call.state.says = []
    always = _always(call, given)
    target = always if always is not None else node.take(call, given)
    if target == STAY:
        node.present(call)
        return None
    return target


def _always(call: Call, given: Input) -> str | None:
    """Where a key that works everywhere leads (0, 9), or a word that stands for it; None if it is none of these."""
    key = ""
    if isinstance(given, Keys):
        key = given.digits
    elif isinstance(given, Recorded):
        key = given.key
    elif isinstance(given, Speech):
        key = _spoken_key(call, given.text)
    target, node = call.flow.always.get(key), _here(call)
    if target is None or node.rings(key):
        return None
    if isinstance(given, Recorded):
        node.keep(call, given)
    elif isinstance(given, Speech):
        call.keep("speech", given.text)
    call.event("always_key", key=key, at=node.name)
    return target


def _spoken_key(call: Call, text: str) -> str:
    if words.heard_anywhere(call.flow.words, "emergency", text):
        return "9"
    return "0" if words.heard_anywhere(call.flow.words, "person", text) else ""


def _hung_up(call: Call) -> str | None:
    state = call.state
    if state.gone:
        return None
    state.gone = True
    state.pending = None
    call.event("hung_up", at=state.node)
    if state.end is None and _here(call).waits:
        # Who hangs up while he waits for a person still wants one, whatever he had got before.
        return call.flow.hung_up_waiting
    if state.end is None and state.reached:
        state.end = state.reached[-1]
        call.event("ended", end=state.end)
    return call.flow.hung_up if state.end is None else None


def _agent(call: Call) -> str | None:
    if call.flow.answered is None:
        _here(call).present(call)
        return None
    call.state.says.clear()
    if call.state.node == call.flow.answered:
        # Led there twice, by his own step and by ours: the words have been said.
        _here(call).present(call)
        return None
    call.state.pending = None
    call.event("agent_answered", at=call.state.node)
    return call.flow.answered


def _walk(call: Call, target: str) -> None:
    """Enter nodes until one waits for the caller or for an effect."""
    next_node: str | None = target
    seen: set[str] = set()
    while next_node is not None:
        if next_node in seen:
            raise EndlessFlow(call.flow.name, next_node)
        seen.add(next_node)
        node = call.flow.nodes[next_node]
        came_from = call.state.node
        if not call.flow.nodes[came_from].keeps_tries:
            call.state.tries.pop(came_from, None)
        call.state.node = next_node
        call.trace.append(next_node)
        next_node = node.enter(call, came_from)


def _here(call: Call) -> Node:
    return call.flow.nodes[call.state.node]
