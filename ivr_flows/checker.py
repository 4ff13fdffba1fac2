"""The proof of a flow: walks the engine's own step over every state and every input and names each broken rule.

Rules (sources: GB/T 33358-2016; research on older callers): every call ends in an order, a person, a call-back or a
message (ends, hang_up, silence, endless); 0 and 9 work from every prompt (person, emergency); at most three options,
the choice before its key, each key as offered (options, text_first, offered); both languages within their time, digits
one by one (languages, budget, greeting, digits); nothing said is lost (kept, lost_step); codes and addresses only when
due (secrets); a voicemail accepts nothing (voicemail); no dead wood (unreachable); the document is sound (schema,
targets, effects, facts, patience).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ivr_flows import engine, loader
from ivr_flows.checking import routes, structure, texts
from ivr_flows.checking.problem import Problem
from ivr_flows.checking.walk import PACES, Walk
from ivr_flows.facts import LANGUAGES

RULES = (
    "schema", "targets", "effects", "facts", "ends", "hang_up", "silence", "endless", "person", "emergency", "options",
    "offered", "text_first", "digits", "languages", "budget", "greeting", "patience", "kept", "lost_step", "secrets",
    "voicemail", "unreachable",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """What was found and how much was walked."""

    problems: tuple[Problem, ...]
    places: int = 0
    steps: int = 0


def check(document: Mapping[str, Any], languages: Sequence[str] = LANGUAGES, paces: Sequence[str] = PACES) -> Report:
    """All broken rules of ``document``, each once, with the shortest way there that was found.

    languages, paces: what calls begin with; fewer make it faster.
    """
    try:
        flow = loader.load(document)
    except loader.BadDocument as error:
        return Report((Problem("schema", str(document.get("name")), str(error)),))
    found = [*structure.problems(flow), *texts.problems(flow)]
    if any(problem.rule in ("targets", "effects", "facts") or problem.says.startswith("no text") for problem in found):
        return Report(_once(found))
    try:
        walk = Walk(flow, languages, paces)
    except engine.EndlessFlow as error:
        return Report(_once([*found, Problem("endless", error.node, "goes in a circle without asking anybody")]))
    return Report(_once([*found, *routes.problems(walk)]), len(walk.places), walk.steps)


def _once(found: list[Problem]) -> tuple[Problem, ...]:
    first: dict[tuple[str, str, str], Problem] = {}
    for problem in found:
        key = (problem.rule, problem.where, problem.says)
        if key not in first or len(problem.path) < len(first[key].path):
            first[key] = problem
    return tuple(sorted(first.values()))
