"""The plan of a day, on paper: what it keeps, what it moves and why, and that everything it says can be done."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.visits.dayplan.explaining import Reasons
from app.visits.matching.problem import Fix, Held, Problem
from app.visits.planner.search import Limits
from tests.visits import checker
from tests.visits.days import QUICK, around, changes, day, planned, promised, spot, standing, unsaid, wanted
from tests.visits.problems import AMIR, LENA, TOM, at, place, request, span, stop, worker, workers


def test_what_stands_well_is_left_alone():
    stands = [promised(1, AMIR, "09:00"), promised(2, LENA, "10:00", place=place(2000, 0))]
    assert changes(day(stands, worker(AMIR), worker(LENA, east=2000))) == {}


def test_a_visit_that_nobody_has_is_given_to_the_nearest():
    asked = wanted(1, place=place(2000, 0))
    found = changes(day([asked], worker(AMIR), worker(LENA, east=1900)))
    assert found == {1: (LENA, at("09:00"), "free")}


def test_what_nobody_was_told_yet_is_moved_freely():
    """Lena was to go past Amir's door; together it is a shorter way."""
    night = [unsaid(1, LENA, "09:00", place=place(100, 0)), unsaid(2, AMIR, "09:00", place=place(6000, 0))]
    found = planned(day(night, worker(AMIR), worker(LENA, east=6000)))
    assert {one.visit_id: (one.worker_id, one.why) for one in found.changes} == {1: (AMIR, "free"), 2: (LENA, "free")}
    assert found.price < found.price_before


def test_who_is_away_is_replaced_and_the_time_is_kept_if_it_can_be():
    away = worker(AMIR, leave=(span("08:30", "17:30"),))
    found = changes(day([promised(1, AMIR, "10:00")], away, worker(LENA, east=500)))
    assert found == {1: (LENA, at("10:00"), "absent")}


def test_a_promise_is_never_moved_forward():
    away = worker(AMIR, leave=(span("08:30", "17:30"),))
    busy = worker(LENA, stops=(stop("10:00", "11:00"),))
    [(who, start, why)] = changes(day([promised(1, AMIR, "10:00")], away, busy)).values()
    assert (who, why) == (LENA, "absent") and start >= at("11:00")


def test_without_anybody_else_it_is_said_that_nobody_comes():
    away = worker(AMIR, leave=(span("08:30", "17:30"),))
    assert changes(day([promised(1, AMIR, "10:00")], away)) == {1: (None, None, "absent")}


def test_room_is_made_for_a_visit_that_only_one_can_do():
    """Only Amir can mend; what Lena can do as well goes to her."""
    hair = promised(1, AMIR, "09:00", window=("09:00", "09:10"))
    tap = wanted(2, "09:00", "09:20", skill="repairs")
    people = worker(AMIR, skills=("haircut", "repairs")), worker(LENA, east=300)
    assert changes(day([hair, tap], *people)) == {1: (LENA, at("09:00"), "room"), 2: (AMIR, at("09:00"), "free")}


def test_a_promise_is_not_moved_to_shorten_a_way():
    """At Lena's door Amir had promised; now that she is there as well it stays his."""
    far = [promised(number, AMIR, f"{9 + number}:00", place=place(9000, 0)) for number in (1, 2)]
    assert changes(day(far, worker(AMIR), worker(LENA, east=9000))) == {}


def test_nor_is_it_while_there_is_room_for_all():
    """A tap in the next street fits before the promised visit; that this becomes later would save half an hour."""
    far = promised(1, AMIR, "10:00", place=place(9000, 0))
    asked = wanted(2, "09:00", "17:00", place=place(8000, 0))
    assert set(changes(day([far, asked], worker(AMIR)))) == {2}


def test_a_promise_is_not_given_up_for_another_visit():
    hair = promised(1, AMIR, "09:00", window=("09:00", "09:10"))
    others = [wanted(number, "09:00", "09:20", urgent=True) for number in (2, 3)]
    found = planned(day([hair, *others], worker(AMIR)))
    assert standing(found)[1] == (AMIR, at("09:00"))


def test_nor_for_the_promises_of_somebody_who_is_away():
    """Lena keeps hers, though she could go to two of his instead."""
    away = worker(AMIR, leave=(span("08:30", "17:30"),))
    hers = promised(1, LENA, "09:00", window=("09:00", "09:10"), seconds=7200)
    his = [promised(number, AMIR, "09:00", window=("09:00", f"{8 + number:02}:10"), seconds=1800) for number in (2, 3)]
    found = planned(day([hers, *his], away, worker(LENA)))
    assert standing(found)[1] == (LENA, at("09:00"))


def test_settled_stops_stay_and_nobody_is_in_two_places():
    busy = worker(AMIR, stops=(stop("09:00", "10:00", east=300), stop("10:20", "11:00", east=-300)))
    problem = day([wanted(1)], busy)
    found = planned(problem)
    [(_, start)] = found.placed.values()
    assert start >= at("11:00")
    assert checker.faults(around(problem, found.placed, problem.request), AMIR, start) == []


def test_between_two_stops_that_are_too_far_apart_nothing_is_put():
    """From the one he comes to the other late in any case, and after his break; the door in the middle has to wait."""
    busy = worker(AMIR, stops=(stop("09:20", "09:40"), stop("10:20", "11:30", east=20_000)))
    asked = wanted(1, "09:00", "17:00", place=place(10_000, 0))
    [(_, start, _)] = changes(day([asked], busy)).values()
    assert start >= at("13:00")


def test_from_such_a_pair_he_sets_out_where_its_last_stop_is():
    busy = worker(AMIR, stops=(stop("09:20", "09:40"), stop("09:45", "10:15", east=20_000)))
    far = wanted(1, "09:00", "11:00", place=place(20_000, 0))
    assert changes(day([far], busy)) == {1: (AMIR, at("10:15"), "free")}
    near = wanted(2, "08:30", "09:00")
    assert changes(day([near], busy)) == {2: (AMIR, at("08:30"), "free")}


def test_who_is_late_for_long_moves_the_rest_of_his_day():
    """He is with somebody until 10:30; what was promised for 10:00 becomes later, and its resident is told."""
    late = worker(AMIR, stops=(stop("09:00", "10:30", east=700),), asked_from=at("10:30"))
    found = changes(day([promised(1, AMIR, "10:00"), promised(2, AMIR, "14:00")], late, now="10:05"))
    assert list(found) == [1] and found[1][0] == AMIR and found[1][2] == "late"
    assert at("10:35") <= found[1][1] <= at("10:45")


def test_being_late_by_some_minutes_is_nobodys_plan():
    late = worker(AMIR, stops=(stop("09:00", "10:00", east=100),), asked_from=at("10:00"))
    assert changes(day([promised(1, AMIR, "10:00")], late, now="09:45")) == {}


def test_two_who_come_together_begin_together_and_are_moved_together():
    pair = [wanted(1, mate=2), wanted(2, mate=1)]
    found = planned(day(pair, worker(AMIR), worker(LENA, east=3000), worker(TOM, skills=())))
    assert {who for who, _ in found.placed.values()} == {AMIR, LENA}
    assert len({start for _, start in found.placed.values()}) == 1


def test_of_two_who_come_together_the_one_who_said_yes_keeps_his_time():
    """The other has not heard of it yet, and is at the other end of the street."""
    yes = replace(promised(1, AMIR, "10:00"), mate=2)
    night = replace(unsaid(2, LENA, "10:00"), mate=1)
    people = worker(AMIR), worker(LENA, east=9000), worker(TOM, east=200)
    assert changes(day([yes, night], *people)) == {2: (TOM, at("10:00"), "free")}


def test_of_two_who_come_together_one_is_replaced_at_the_others_time():
    half = replace(promised(2, TOM, "10:00"), fixed_start=at("10:00"), partners=(AMIR,))
    away = worker(TOM, leave=(span("08:30", "17:30"),))
    with_her = worker(AMIR, stops=(stop("10:00", "10:30"),))
    assert changes(day([half], with_her, away, worker(LENA, east=900))) == {2: (LENA, at("10:00"), "absent")}


def test_the_same_seed_with_the_same_laps_gives_the_same_plan_again():
    requests = [wanted(number, place=spot(number % 7)) for number in range(1, 13)]
    problem = day(requests, worker(AMIR), worker(LENA, east=2500))
    first = planned(problem, 5, Limits(seconds=0.1))
    again = planned(Problem.from_json(problem.to_json()), 5, Limits(laps=first.laps))
    assert (again.changes, again.price) == (first.changes, first.price)


def test_the_reasons_are_the_cost_parts_of_the_chosen_one_and_of_all_others():
    asked = wanted(1, usual_worker=LENA)
    problem = day([asked], worker(AMIR, east=100), worker(LENA, east=4000), worker(TOM, skills=()))
    found = planned(problem)
    [change] = found.changes
    answer = Reasons(found).of(change)
    chosen, other, unable = answer.assessments
    assert change.worker_id == AMIR and answer.proposals[0].worker_ids == (AMIR,)
    assert chosen.best.start == change.start and chosen.best.parts["continuity"] == 600
    assert other.best.price > chosen.best.price and "continuity" not in other.best.parts
    assert unable.failed == "skill"


def test_a_day_in_two_parts_goes_on_where_the_first_part_ended():
    """At noon he is at the far end of the street, and rides on from there, not from home."""
    halves = worker(AMIR, breaks=(), work=(span("08:30", "12:00"), span("13:30", "17:30")))
    asked = [wanted(1, "11:00", "11:30", place=place(6000, 0)), wanted(2, "13:00", "13:35", place=place(6050, 0))]
    problem = day(asked, halves)
    found = planned(problem)
    assert found.placed == {1: (AMIR, at("11:00")), 2: (AMIR, at("13:30"))}
    for change in found.changes:
        assert Reasons(found).of(change).proposals


def test_who_was_seen_since_his_last_visit_sets_out_from_there():
    """At home again he would be at the door at half past nine."""
    seen = worker(AMIR, stops=(stop("08:30", "08:50", east=50),), seen=Fix(place(6000, 0), at("09:00")))
    found = changes(day([wanted(1)], seen, now="09:00"))
    assert found[1][1] >= at("09:45")


def test_nobody_sets_out_sooner_than_he_can_hear_of_it():
    here = worker(AMIR, seen=Fix(place(0, 0), at("09:55")))
    [(_, start, _)] = changes(day([wanted(1)], here, now="10:00")).values()
    assert start >= at("10:10")


def test_without_workers_and_without_visits_there_is_nothing_to_plan():
    assert planned(day([], worker(AMIR))).changes == ()
    nobody = planned(day([wanted(1)]))
    assert (nobody.changes, nobody.placed) == ((), {})


@st.composite
def made_up_days(draw):
    people = tuple(draw(workers(number + 1)) for number in range(draw(st.integers(1, 4))))
    requests = []
    for number in range(draw(st.integers(1, 8))):
        asked = request(
            *draw(st.sampled_from([("09:00", "12:00"), ("09:00", "17:00"), ("13:00", "15:00")])),
            visit_id=100 + number,
            place=place(draw(st.integers(-4000, 4000)), draw(st.integers(-4000, 4000))),
            skill=draw(st.sampled_from([None, "haircut", "care"])),
            seconds=draw(st.integers(2, 6)) * 600,
            areas=(10, 1),
            urgent=draw(st.booleans()),
        )
        requests.append(asked)
    return Problem(at("08:50"), tuple(requests), people)


@given(made_up_days())
@settings(max_examples=100, deadline=None)
def test_every_plan_can_be_carried_out(problem):
    found = planned(problem)
    for asked in problem.requests:
        if asked.visit_id in found.placed:
            who, start = found.placed[asked.visit_id]
            assert checker.faults(around(problem, found.placed, asked), who, start) == []


@given(made_up_days(), st.data())
@settings(max_examples=100, deadline=None)
def test_every_plan_of_promised_visits_keeps_every_promise_that_can_be_kept(problem, data):
    """First they are placed and promised; then one of the workers falls away."""
    before = planned(problem).placed
    stands = tuple(
        replace(one, held=Held(*before[one.visit_id], True), promised_worker=before[one.visit_id][0],
                promised_start=before[one.visit_id][1])
        for one in problem.requests if one.visit_id in before
    )  # fmt: skip
    gone = data.draw(st.sampled_from([one.worker_id for one in problem.candidates]))
    people = tuple(
        replace(one, leave=(*one.leave, span("07:00", "20:00"))) if one.worker_id == gone else one
        for one in problem.candidates
    )
    after = standing(planned(replace(problem, requests=stands, candidates=people)))
    for one in stands:
        if one.held.worker_id != gone:
            assert one.visit_id in after
    assert gone not in {after[one.visit_id][0] for one in stands if one.visit_id in after}


def test_the_checker_sees_a_plan_that_can_not_be_carried_out():
    problem = day([wanted(1), wanted(2)], worker(AMIR))
    both = {1: (AMIR, at("09:00")), 2: (AMIR, at("09:10"))}
    assert "in two places" in checker.faults(around(problem, both, problem.requests[0]), AMIR, at("09:00"))


@pytest.mark.parametrize("limits", [QUICK, Limits(seconds=0.02)])
def test_a_plan_is_never_dearer_than_things_stand(limits):
    stands = [promised(number, AMIR if number % 2 else LENA, f"{8 + number:02}:30", place=spot(number % 5))
              for number in range(1, 7)]  # fmt: skip
    found = planned(day(stands, worker(AMIR), worker(LENA, east=900)), limits=limits)
    assert found.price <= found.price_before
