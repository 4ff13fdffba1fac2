"""Why this worker at this time, in the cost parts of matching: everybody else is judged with the rest of the plan as
settled.
"""

from collections import defaultdict
from dataclasses import replace

from app.visits.dayplan.changes import NAME, Change, Plan
from app.visits.matching.answer import Answer, Assessment, Proposal
from app.visits.matching.options import Legs, assess, insertions
from app.visits.matching.problem import Candidate, Request, Stop
from app.visits.matching.schedule import joined


class Reasons:
    """Answers why, one change after the other; ways are asked for once."""

    def __init__(self, plan: Plan) -> None:
        self._problem, self._plan = plan.problem, plan
        self._legs = Legs(plan.problem.travel)
        self._planned: dict[int, list[Stop]] = defaultdict(list)
        for request in plan.problem.requests:
            if request.visit_id in plan.placed:
                worker_id, start = plan.placed[request.visit_id]
                stop = Stop(start, start + request.seconds, request.place, request.visit_id)
                self._planned[worker_id].append(stop)

    def of(self, change: Change) -> Answer:
        """Everybody's assessment of the changed visit, and the chosen one at his time as the only proposal."""
        request = self._beside_its_mate(change.request)
        problem = replace(self._problem.about(request), candidates=tuple(
            self._with_his_day(one, request) for one in self._problem.candidates))  # fmt: skip
        assessments, proposals = [], []
        for candidate in problem.candidates:
            failed, found = assess(problem, candidate, self._legs)
            if candidate.worker_id == change.worker_id:
                found = insertions(problem, joined(candidate), self._legs, change.start)
                proposals = [Proposal(one.start, (one,)) for one in found[:1]]
                failed = None
            assessments.append(Assessment(candidate.worker_id, failed, found[0] if found else None))
        return Answer(NAME, tuple(proposals), tuple(assessments))

    def _with_his_day(self, candidate: Candidate, request: Request) -> Candidate:
        planned = [stop for stop in self._planned[candidate.worker_id] if stop.visit_id != request.visit_id]
        return replace(
            candidate, stops=tuple(sorted((*candidate.stops, *planned), key=lambda one: (one.start, one.end)))
        )

    def _beside_its_mate(self, request: Request) -> Request:
        """Of a visit of two the other's worker and time are settled."""
        if request.mate not in self._plan.placed:
            return request
        worker_id, start = self._plan.placed[request.mate]
        return replace(request, partners=(*request.partners, worker_id), fixed_start=start)
