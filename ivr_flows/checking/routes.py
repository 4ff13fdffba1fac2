"""Rules read off the walk: a person, an emergency, an end from everywhere; nothing lost, nothing endless."""

import json
from collections.abc import Callable, Iterator

from ivr_flows import engine
from ivr_flows.checking import texts
from ivr_flows.checking.problem import Problem
from ivr_flows.checking.walk import Key, Move, Place, Walk
from ivr_flows.inputs import HangUp, Input, Keys, Recorded, Resume, Silence, Speech
from ivr_flows.nodes.ask import AskNode
from ivr_flows.nodes.wait import WaitNode
from ivr_flows.state import State
from ivr_flows.steps import Ask, Conference, Dial, Record, Say, Wait
from ivr_flows.steps import HangUp as HangUpStep

Found = Iterator[Problem]
PERSON = (Wait, Dial, Conference)
"""Steps at which a person is there or being rung."""

ASKS = (Ask, Wait, Record)
"""Steps at which the caller's keys work."""


def problems(walk: Walk) -> Found:
    """All of them, each with the inputs that lead there."""
    staff = walk.flow.document.get("audience") == "staff"
    rules = (ends, hang_up, limit, lost_step, kept, secrets, turn, offered)
    for place in walk.places.values():
        for rule in rules:
            yield from rule(walk, place)
        if not staff:
            yield from person(walk, place)
            yield from emergency(walk, place)
    yield from silence(walk)
    yield from beginning(walk)
    yield from unreachable(walk)


def ends(walk: Walk, place: Place) -> Found:
    """A call stands at a question, or has ended as something that it really led to."""
    state, steps = place.state, place.turn.steps
    if state.pending is not None:
        return
    if state.end is None:
        if not state.gone and not (steps and isinstance(steps[-1], (*ASKS, *PERSON))):
            yield _problem("ends", place, "nothing is asked and nothing is over")
        return
    if not state.gone and not isinstance(steps[-1], HangUpStep):
        yield _problem("ends", place, "the call is over, but the line stays open")
    if state.end not in walk.flow.ends:
        yield _problem("ends", place, f"ends as {state.end}, which the flow does not declare")
    if state.end != walk.flow.document.get("silence_end") and state.reached[-1:] != [state.end]:
        yield _problem("ends", place, f"ends as {state.end}, which nothing on the way has brought about")


def hang_up(walk: Walk, place: Place) -> Found:
    """A hang-up leads to an end at once, and to nobody being asked."""
    for move in _moves(place, HangUp):
        for after in walk.settled(move.turn, move.to):
            if after.state.end is None or after.turn.steps:
                yield _problem("hang_up", place, "a hang-up here does not come to an end")


def person(walk: Walk, place: Place) -> Found:
    """0, or a word for a person, has one rung without a further question."""
    for move in _always_moves(walk, place, "0", "person"):
        if not all(_steps_at(after, PERSON) for after in walk.settled(move.turn, move.to)):
            yield _problem("person", place, "0 does not lead to a person")


def emergency(walk: Walk, place: Place) -> Found:
    """9, or a cry for help, is an emergency without a further step."""
    for move in _always_moves(walk, place, "9", "emergency"):
        asked_for = move.turn.effect is not None and move.turn.effect.name == "emergency"
        node = walk.flow.nodes[move.turn.state.node]
        under_way = isinstance(node, WaitNode) and node.person == "emergency"
        rung = all(_steps_at(after, PERSON) for after in walk.settled(move.turn, move.to))
        if not (asked_for or under_way) or not rung:
            yield _problem("emergency", place, "9 does not hand over an emergency")


def limit(walk: Walk, place: Place) -> Found:
    """When the call has lasted as many turns as it may, it ends without a further question."""
    if place.state.late and place.state.pending is None and place.state.end is None:
        yield _problem("endless", place, "something is asked after the limit of turns")


def lost_step(walk: Walk, place: Place) -> Found:
    """Asked again by the carrier, the place says the same; a repeated step, from a stored state, gives the same."""
    if not _asked(place) or _at_limit(walk, place):
        return
    for move in _moves(place, Resume):
        if move.turn.steps != place.turn.steps:
            yield _problem("lost_step", place, "does not say itself again")
    stored = State.from_json(json.loads(json.dumps(place.state.to_json())))
    for move in _moves(place, Silence):
        if engine.step(walk.flow, stored, move.given) != move.turn:
            yield _problem("lost_step", place, "a repeated step gives something else")


def kept(walk: Walk, place: Place) -> Found:
    """What was said or keyed stays, whatever comes."""
    before = place.state.kept
    for move in place.moves:
        after = move.turn.state.kept
        if after[: len(before)] != before:
            yield _problem("kept", place, f"loses what was said at {type(move.given).__name__}")
        if _must_be_kept(place, move.given) and not _at_limit(walk, place) and len(after) == len(before):
            yield _problem("kept", place, f"does not keep a {type(move.given).__name__}")


def secrets(walk: Walk, place: Place) -> Found:
    """A code or an address is spoken only once the call has led to what its fact asks for."""
    facts = walk.flow.document["facts"]
    for say in _says(place):
        for name in say.params:
            after = facts[name].get("after")
            if after is not None and after not in place.state.reached:
                yield _problem("secrets", place, f"speaks of {name} before {after}")


def turn(walk: Walk, place: Place) -> Found:
    """All that is said before one answer stays within the turn's budget, at the normal pace."""
    flow = walk.flow
    seconds = sum(flow.seconds(Say(say.prompt, say.params, say.language)) for say in _says(place))
    if seconds > flow.document["budgets"]["turn"]:
        yield _problem("budget", place, f"{seconds:.1f} s are spoken before an answer")


def offered(walk: Walk, place: Place) -> Found:
    """At most three keys are offered at a time (0 and 9 apart), each works, and a question names all of its own."""
    if not _asked(place) or isinstance(place.turn.steps[-1], Record):
        return
    says = _says(place)
    named = {key for say in says for key in texts.named_keys(walk.flow.text(say), say.language)}
    node = walk.flow.nodes[place.state.node]
    options = set(getattr(node, "options", {}))
    if len(named - {"0", "9"}) > 3:
        yield _problem("options", place, f"offers {len(named)} keys at a time")
    for key in sorted(named - options - set(walk.flow.always)):
        yield _problem("offered", place, f"offers key {key}, which does nothing")
    if isinstance(node, AskNode):
        for key in sorted(options - named):
            yield _problem("offered", place, f"does not say what key {key} is for")


def silence(walk: Walk) -> Found:
    """Whoever stays silent comes to a person, a call-back or an end, never in a circle."""
    on_way: set[Key] = set()
    done: set[Key] = set()
    for first in walk.places.values():
        stack: list[tuple[Place, Iterator[Place]]] = [(first, _silent(walk, first))] if first.key not in done else []
        while stack:
            place, ways = stack[-1]
            on_way.add(place.key)
            after = next(ways, None)
            if after is None:
                on_way.discard(place.key)
                done.add(place.key)
                stack.pop()
            elif after.key in on_way:
                yield _problem("endless", after, "silence goes in a circle")
                done.add(after.key)
            elif after.key not in done:
                stack.append((after, _silent(walk, after)))
    yield from _silence_is_helped(walk)


def beginning(walk: Walk) -> Found:
    """A hotline greets while a person is rung; an outbound call that nobody answers ends as such."""
    greeting = walk.flow.document.get("greeting")
    unheard = walk.flow.document.get("silence_end")
    for place in walk.places.values():
        if place.came is not None or _at_limit(walk, place):
            continue
        if greeting is not None:
            effect = place.turn.effect
            if effect is None or effect.name != "ring_agents":
                yield _problem("greeting", place, "nobody is rung at the first moment")
            for after in walk.settled(place.turn, place.key):
                says = _says(after)
                if not _steps_at(after, (Wait,)) or not says or says[0].prompt != greeting:
                    yield _problem("greeting", after, "the greeting is not the first thing said")
        if unheard is not None:
            yield from _unheard(walk, place, unheard)


def unreachable(walk: Walk) -> Found:
    """Every node can be reached."""
    for name in sorted(set(walk.flow.nodes) - walk.visited):
        yield Problem("unreachable", name, "no input leads here")


def _unheard(walk: Walk, start: Place, end: str) -> Found:
    todo, seen = [start], {start.key}
    while todo:
        place = todo.pop()
        if place.state.end not in (None, end):
            yield _problem("voicemail", place, f"silence ends as {place.state.end}")
        if place.state.end is None and walk.flow.document.get("audience") != "staff" and _steps_at(place, PERSON):
            yield _problem("voicemail", place, "a person is rung for a voicemail")
        for after in _silent(walk, place):
            if after.key not in seen and not _steps_at(after, (Conference,)):
                seen.add(after.key)
                todo.append(after)


def _silence_is_helped(walk: Walk) -> Found:
    """At an inbound question, silence has a person rung, unless the caller has got something already."""
    if walk.flow.direction != "inbound":
        return
    for place in walk.places.values():
        if _asked(place) and not place.state.reached and not _steps_at(place, PERSON):
            todo, seen = list(_silent(walk, place)), {place.key}
            while todo:
                after = todo.pop()
                if after.state.end not in (None, "call_back"):
                    yield _problem("silence", place, f"silence ends as {after.state.end} without a person")
                if after.key not in seen and after.state.end is None and not _steps_at(after, PERSON):
                    seen.add(after.key)
                    todo += _silent(walk, after)


def _silent(walk: Walk, place: Place) -> Iterator[Place]:
    """Where nobody's saying anything leads: time-outs, empty recordings, unanswered dials, all outcomes."""
    if place.state.pending is not None:
        yield from walk.settled(place.turn, place.key)
        return
    if place.state.end is not None or place.state.gone or not place.turn.steps:
        return
    quiet: dict[type, Callable[[Input], bool]] = {
        Ask: lambda given: isinstance(given, Silence),
        Wait: lambda given: isinstance(given, Silence),
        Record: lambda given: given == Recorded("R0", 0) or isinstance(given, Silence),
        Dial: lambda given: getattr(given, "outcome", "answered") != "answered",
        Conference: lambda given: getattr(given, "outcome", None) == "answered",
    }
    matches = quiet.get(type(place.turn.steps[-1]))
    for move in place.moves if matches else ():
        if matches and matches(move.given):
            yield from walk.settled(move.turn, move.to)


def _always_moves(walk: Walk, place: Place, key: str, group: str) -> Iterator[Move]:
    """The moves by ``key``, alone or at the end of a recording, or by a word of ``group`` in any language."""
    if not _asked(place) or _at_limit(walk, place):
        return
    words = {texts[group][0] for texts in walk.flow.document["words"].values() if texts.get(group)}
    for move in place.moves:
        match move.given:
            case Keys(digits) if digits == key and not _steps_at(place, (Record,)):
                yield move
            case Recorded(_, _, ended_by) if ended_by == key and _steps_at(place, (Record,)):
                yield move
            case Speech(text) if text in words:
                yield move


def _must_be_kept(place: Place, given: Input) -> bool:
    if _steps_at(place, (Record,)):
        return isinstance(given, Speech) or (isinstance(given, Recorded) and given.seconds > 0)
    return _steps_at(place, (Ask, Wait)) and isinstance(given, Speech)


def _asked(place: Place) -> bool:
    return place.state.end is None and not place.state.gone and _steps_at(place, ASKS)


def _steps_at(place: Place, kinds: tuple[type, ...]) -> bool:
    steps = place.turn.steps
    return place.state.pending is None and bool(steps) and isinstance(steps[-1], kinds)


def _at_limit(walk: Walk, place: Place) -> bool:
    return place.state.turns == walk.flow.limit_turns


def _says(place: Place) -> list[Say]:
    said = [step for step in place.turn.steps if isinstance(step, Say)]
    return said + [say for step in place.turn.steps for say in getattr(step, "says", ())]


def _moves(place: Place, kind: type) -> Iterator[Move]:
    return (move for move in place.moves if isinstance(move.given, kind))


def _problem(rule: str, place: Place, says: str) -> Problem:
    return Problem(rule, place.state.node, says, place.path)
