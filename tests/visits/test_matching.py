"""Who is sent: hard rules first, then the cheapest place in somebody's real day."""

from dataclasses import replace
from random import Random

import pytest

from app.places.distance import Estimate
from app.visits.matching.insertion import CheapestInsertion
from app.visits.matching.problem import Fix, Weights
from tests.visits.naive import cheapest, nearest_free, serve_all
from tests.visits.problems import AMIR, LENA, TOM, at, place, problem, request, span, stop, worker

planner = CheapestInsertion()


def answer(asked, *people, **facts):
    return planner.propose(problem(asked, *people, **facts))


def chosen(asked, *people, **facts):
    """(worker, start) of the best proposal."""
    best = answer(asked, *people, **facts).proposals[0]
    return best.worker_ids[0], best.start


def failed(asked, *people, **facts):
    """{worker: reason} of those who can't."""
    return {one.worker_id: one.failed for one in answer(asked, *people, **facts).assessments if one.failed}


def parts_of(worker_id, asked, *people, **facts):
    found = answer(asked, *people, **facts).assessments
    return next(one.best.parts for one in found if one.worker_id == worker_id)


def test_the_nearest_free_worker_comes_at_the_first_round_time():
    assert chosen(request(), worker(AMIR, 500), worker(LENA, 2000), now="09:00") == (AMIR, at("09:15"))


def test_a_worker_between_two_visits_near_by_is_better_than_an_idle_one_far_away():
    busy = worker(AMIR, 5000, stops=(stop("09:00", "09:30", 100), stop("10:30", "11:00", 200)))
    found = answer(request(), busy, worker(LENA, 3000)).proposals[0].insertions[0]
    assert found.worker_id == AMIR
    assert at("09:30") < found.start < at("10:00")
    assert found.leaves == "stop"


@pytest.mark.parametrize(
    ("reason", "facts"),
    [
        ("skill", {"skills": ("cleaning",)}),
        ("licence", {"licensed_until": at("10:00")}),
        ("scope", {"area_id": 99}),
        ("shift", {"work": ()}),
        ("shift", {"work": (span("13:00", "20:00"),)}),
        ("leave", {"leave": (span("08:30", "17:30"),)}),
        ("leave", {"leave": (span("08:30", "12:30"),)}),
        ("overlap", {"stops": (stop("08:30", "12:00"),)}),
        ("window", {"breaks": (span("08:45", "12:30"),)}),
    ],
)
def test_the_reason_says_which_hard_rule_was_broken(reason, facts):
    asked = request(areas=(10, 1))
    assert failed(asked, worker(AMIR, **facts), worker(LENA)) == {AMIR: reason}


def test_nobody_is_asked_against_a_wish_or_twice():
    asked = request(forbidden=(AMIR,), asked=(LENA,))
    assert failed(asked, worker(AMIR), worker(LENA)) == {AMIR: "forbidden", LENA: "already_offered"}


def test_the_first_broken_rule_is_the_one_that_is_told():
    assert failed(request(forbidden=(AMIR,)), worker(AMIR, skills=(), work=())) == {AMIR: "forbidden"}


def test_somebody_too_far_away_for_the_window_fails_the_window():
    assert failed(request("08:30", "08:50"), worker(AMIR, 20_000)) == {AMIR: "window"}


def test_the_way_to_the_next_promised_visit_must_fit():
    tight = worker(AMIR, stops=(stop("09:40", "17:00", 6000),))
    roomy = worker(AMIR, stops=(stop("10:40", "17:00", 6000),))
    assert failed(request(), tight) == {AMIR: "overlap"}
    assert chosen(request(), roomy) == (AMIR, at("09:00"))


def test_nobody_visits_in_his_break():
    start = chosen(request("11:40", "14:00"), worker(AMIR))[1]
    assert start == at("13:00")


def test_a_way_may_be_interrupted_by_a_break():
    late_riser = worker(AMIR, 4000, work=(span("11:50", "17:30"),))
    start = chosen(request("09:00", "15:00"), late_riser)[1]
    assert at("13:00") < start < at("13:30")


def test_a_seen_worker_starts_from_where_he_was_seen_if_that_is_fresh():
    away = worker(AMIR, 6000, seen=Fix(place(100, 0), at("08:55")))
    stale = replace(away, seen=Fix(place(100, 0), at("06:00")))
    assert answer(request(), away, now="09:00").proposals[0].insertions[0].leaves == "position"
    assert answer(request(), stale, now="09:00").proposals[0].insertions[0].leaves == "home"


def test_who_has_been_somewhere_since_he_was_seen_starts_from_there():
    seen = Fix(place(100, 0), at("08:35"))
    been = worker(AMIR, 6000, seen=seen, stops=(stop("08:30", "09:00", 4000, visit_id=7),))
    assert answer(request(), been, now="09:05").proposals[0].insertions[0].after == 7


def test_without_a_position_the_last_planned_stop_counts():
    done = worker(AMIR, 6000, stops=(stop("08:30", "09:00", 150, visit_id=7),))
    found = answer(request(), done, now="09:10").proposals[0].insertions[0]
    assert (found.leaves, found.after) == ("stop", 7)
    assert found.travel_seconds < 200


def test_an_urgent_visit_may_come_late_at_a_price_an_ordinary_one_not():
    busy = worker(AMIR, stops=(stop("08:30", "10:00"),))
    assert failed(request("08:30", "09:30"), busy) == {AMIR: "overlap"}
    parts = parts_of(AMIR, request("08:30", "09:30", urgent=True), busy)
    assert parts["lateness"] >= 10 * 30 * 60


def test_a_little_overtime_is_possible_and_dear():
    asked = request("17:00", "17:20")
    parts = parts_of(AMIR, asked, worker(AMIR, stops=(stop("09:00", "17:05"),)))
    assert parts["overtime"] == 3 * 5 * 60
    assert failed(asked, worker(AMIR, stops=(stop("09:00", "17:16"),))) == {AMIR: "overlap"}


def test_there_is_no_overtime_into_a_leave():
    asked = request("11:30", "11:50")
    assert failed(asked, worker(AMIR, breaks=(), leave=(span("11:55", "17:30"),))) == {AMIR: "leave"}


def test_the_usual_worker_is_worth_a_small_detour_but_no_journey():
    asked = request(usual_worker=LENA)
    assert chosen(asked, worker(AMIR, 100), worker(LENA, 1000))[0] == LENA
    assert chosen(asked, worker(AMIR, 100), worker(LENA, 9000))[0] == AMIR


def test_work_is_shared_out():
    asked = request("13:00", "17:00")
    busy = worker(AMIR, 0, stops=(stop("08:30", "11:30", visit_id=1),))
    assert parts_of(AMIR, asked, busy)["load"] == round(60 * (3.5**2 - 3**2) / 2)
    assert chosen(asked, busy, worker(LENA, 50))[0] == LENA


def test_wishes_for_language_and_gender_are_weighed():
    asked = request(language="en", gender="f", dialect="wu")
    parts = parts_of(AMIR, asked, worker(AMIR, gender="m"))
    assert (parts["language"], parts["gender"], parts["dialect"]) == (3600, 1800, 300)
    suited = parts_of(LENA, asked, worker(LENA, gender="f", speaks=("en", "wu")))
    assert not {"language", "gender", "dialect"} & set(suited)


def test_a_worker_who_speaks_the_dialect_is_understood():
    assert "language" not in parts_of(AMIR, request(language="zh-CN", dialect="wu"), worker(AMIR, speaks=("wu",)))


def test_what_was_promised_during_the_call_is_kept_if_it_can_be():
    asked = request(promised_worker=LENA, promised_start=at("10:10"))
    assert chosen(asked, worker(AMIR, 100), worker(LENA, 4000)) == (LENA, at("10:10"))


def test_a_promise_that_falls_into_a_break_is_moved():
    asked = request("11:30", "14:00", promised_start=at("12:00"))
    assert chosen(asked, worker(AMIR))[1] == at("11:30")


def test_somebody_who_is_with_a_resident_is_asked_later_unless_it_is_urgent():
    riding = worker(AMIR, 100, asked_from=at("09:00"))
    assert parts_of(AMIR, request(), riding, now="08:30")["asking"] == 900
    assert "asking" not in parts_of(AMIR, request(urgent=True), riding, now="08:30")


def test_if_the_promise_cannot_be_kept_the_nearest_time_is_taken():
    asked = request(promised_start=at("10:00"))
    busy = worker(AMIR, stops=(stop("09:50", "10:40"),))
    assert chosen(asked, busy)[1] in (at("09:15"), at("10:40"))


def test_three_proposals_name_three_people_or_three_times():
    three = answer(request(), worker(AMIR, 100), worker(LENA, 200), worker(TOM, 300)).proposals
    assert [one.worker_ids for one in three] == [(AMIR,), (LENA,), (TOM,)]
    busy = worker(AMIR, stops=(stop("09:40", "10:00", 50), stop("10:50", "11:00", 50)))
    alone = answer(request(), busy).proposals
    assert len({one.start for one in alone}) == 3


def test_two_come_at_one_common_start():
    asked = request(workers_needed=2)
    late = worker(LENA, stops=(stop("08:30", "10:00", 300),))
    best = answer(asked, worker(AMIR, 100), late, worker(TOM, 100, work=())).proposals[0]
    assert set(best.worker_ids) == {AMIR, LENA}
    assert {one.start for one in best.insertions} == {best.start}
    assert best.start > at("10:00")


def test_who_finds_no_second_fails_the_two_person_rule():
    assert failed(request(workers_needed=2), worker(AMIR), worker(TOM, work=())) == {AMIR: "two_person", TOM: "shift"}


def test_a_second_one_comes_exactly_when_the_first_does():
    asked = request(fixed_start=at("10:10"), partners=(AMIR,))
    assert failed(asked, worker(AMIR), worker(LENA)) == {AMIR: "two_person"}
    assert chosen(asked, worker(AMIR), worker(LENA)) == (LENA, at("10:10"))
    assert failed(asked, worker(LENA, stops=(stop("10:00", "10:15"),))) == {LENA: "overlap"}


def test_rain_makes_everybody_slower():
    dry = answer(request(), worker(AMIR, 3000)).proposals[0].insertions[0]
    wet = answer(request(), worker(AMIR, 3000), travel=Estimate(slowness=1.5)).proposals[0].insertions[0]
    assert wet.travel_seconds > dry.travel_seconds
    assert wet.source == "estimate"


def test_weights_can_be_argued_about():
    people = worker(AMIR, 100), worker(LENA, 1000)
    asked = request(usual_worker=LENA)
    assert chosen(asked, *people)[0] == LENA
    assert chosen(asked, *people, weights=Weights(continuity=0))[0] == AMIR


def test_equal_prices_are_settled_by_worker_number():
    assert chosen(request(), worker(LENA, 100), worker(AMIR, 100))[0] == AMIR


def test_with_nobody_there_nothing_is_proposed():
    assert answer(request()).proposals == ()


def test_on_a_full_day_insertion_serves_more_people_than_the_nearest_free_worker():
    random = Random(7)
    everybody = problem(request(), *(worker(n, random.uniform(-5e3, 5e3), random.uniform(-5e3, 5e3)) for n in range(8)))
    everybody = replace(everybody, now=at("08:00"))
    windows = [("08:30", "12:00"), ("13:00", "17:00"), ("09:00", "11:00"), ("14:00", "16:00")]
    requests = [
        request(*random.choice(windows), place=place(random.uniform(-8e3, 8e3), random.uniform(-8e3, 8e3)))
        for _ in range(80)
    ]
    naive, _ = serve_all(everybody, requests, nearest_free)
    ours, days = serve_all(everybody, requests, lambda one: cheapest(planner, one))
    assert ours >= naive + 8
    for person in days.values():
        assert all(one.end <= other.start for one, other in zip(person.stops, person.stops[1:], strict=False))
