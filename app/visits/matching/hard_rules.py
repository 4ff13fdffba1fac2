"""What nobody may break, in the order in which it is checked; the first rule a candidate fails is his reason.

After these come the rules that need his day: shift, leave, window, overlap (schedule.py) and two_person (pairs.py).
"""

from collections.abc import Callable

from app.visits.matching.problem import Candidate, Problem

Rule = Callable[[Problem, Candidate], bool]


def not_forbidden(problem: Problem, candidate: Candidate) -> bool:
    """The resident, or a dispatcher, does not want him."""
    return candidate.worker_id not in problem.request.forbidden


def not_asked_yet(problem: Problem, candidate: Candidate) -> bool:
    """The same visit is never offered to the same worker twice."""
    return candidate.worker_id not in problem.request.asked


def is_not_the_partner(problem: Problem, candidate: Candidate) -> bool:
    """Of two people needed, he is one already."""
    return candidate.worker_id not in problem.request.partners


def has_skill(problem: Problem, candidate: Candidate) -> bool:
    """He can do what is asked for."""
    return problem.request.skill is None or problem.request.skill in candidate.skills


def is_licensed(problem: Problem, candidate: Candidate) -> bool:
    """His organisation's licence holds through the window."""
    return candidate.licensed_until is None or candidate.licensed_until >= problem.request.window.end


def serves_area(problem: Problem, candidate: Candidate) -> bool:
    """The door is in the area that he serves."""
    return candidate.area_id is None or candidate.area_id in problem.request.areas


RULES: tuple[tuple[str, Rule], ...] = (
    ("forbidden", not_forbidden),
    ("already_offered", not_asked_yet),
    ("two_person", is_not_the_partner),
    ("skill", has_skill),
    ("licence", is_licensed),
    ("scope", serves_area),
)


def first_failed(problem: Problem, candidate: Candidate) -> str | None:
    """The code of the first rule that ``candidate`` breaks, or None."""
    return next((code for code, holds in RULES if not holds(problem, candidate)), None)
