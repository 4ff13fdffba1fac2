"""What holds for every made-up problem, judged by a checker that shares no code with the planner."""

import json
from dataclasses import replace

from hypothesis import given, settings

from app.visits.matching.insertion import CheapestInsertion
from app.visits.matching.problem import Problem
from tests.visits import checker
from tests.visits.problems import problems

planner = CheapestInsertion()


@given(problems())
@settings(max_examples=300, deadline=None)
def test_every_proposal_can_be_carried_out(problem):
    for proposal in planner.propose(problem, 5).proposals:
        assert len(set(proposal.worker_ids)) == problem.request.workers_needed
        for insertion in proposal.insertions:
            assert insertion.start == proposal.start
            assert checker.faults(problem, insertion.worker_id, insertion.start) == []


@given(problems())
@settings(max_examples=200, deadline=None)
def test_who_is_turned_down_for_his_day_could_come_at_no_round_time(problem):
    for assessment in planner.propose(problem).assessments:
        if assessment.failed in ("overlap", "window", "shift", "leave"):
            for start in checker.first_round_starts(problem, problem.request):
                assert too_tight(problem, assessment.worker_id, start)


def too_tight(problem, worker_id, start):
    """The checker gives some seconds a leg: without them this start must not work either."""
    slack, checker.SLACK = checker.SLACK, -checker.SLACK
    try:
        return checker.faults(problem, worker_id, start) != []
    finally:
        checker.SLACK = slack


@given(problems())
@settings(max_examples=200, deadline=None)
def test_everybody_is_either_priced_or_told_why_not(problem):
    answer = planner.propose(problem)
    assert [one.worker_id for one in answer.assessments] == [one.worker_id for one in problem.candidates]
    for one in answer.assessments:
        assert (one.failed is None) != (one.best is None)
        if one.best:
            assert one.best.price == sum(one.best.parts.values())
            assert "travel" in one.best.parts


@given(problems())
@settings(max_examples=200, deadline=None)
def test_proposals_come_cheapest_first_and_the_first_is_the_cheapest_of_all(problem):
    answer = planner.propose(problem)
    if problem.request.workers_needed == 1 and answer.proposals:
        prices = [one.best.price for one in answer.assessments if one.best]
        assert answer.proposals[0].price == min(prices)
    else:
        assert [one.price for one in answer.proposals] == sorted(one.price for one in answer.proposals)


@given(problems())
@settings(max_examples=200, deadline=None)
def test_the_problem_read_back_from_json_gives_the_same_answer(problem):
    again = Problem.from_json(json.loads(json.dumps(problem.to_json())))
    assert again == problem
    assert planner.propose(again) == planner.propose(problem)


@given(problems())
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_candidates_does_not_matter(problem):
    turned = replace(problem, candidates=problem.candidates[::-1])
    assert planner.propose(turned).proposals == planner.propose(problem).proposals
