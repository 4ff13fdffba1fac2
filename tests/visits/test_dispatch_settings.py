"""What counts how much in dispatch is set within bounds, kept with who did it, and counts from then on."""

import pytest

from app.core import clock, site
from app.core.errors import BadInput, Refused
from app.visits import dispatch_settings, gathering, planning, weather
from app.visits.dispatch_settings import SETTINGS
from app.visits.matching.problem import Limits, Weights
from tests.visits.town import local

BY = "staff:1"


def change(session, **wanted):
    names = {name.replace("__", "."): value for name, value in wanted.items()}
    return dispatch_settings.change(session, names, dispatch_settings.version(session), BY)


def travel_seconds(world):
    leg = gathering.problem(world.session, [], []).travel.leg((30.6, 104.0), (30.62, 104.0), "ebike")
    return leg.seconds


def test_unless_set_everything_is_as_usual(world):
    assert dispatch_settings.weights(world.session) == Weights()
    assert dispatch_settings.limits(world.session) == Limits()
    assert dispatch_settings.values(world.session) == {name: one.usual for name, one in SETTINGS.items()}


def test_what_is_set_counts_in_the_next_problem_and_only_that(world):
    assert change(world.session, weights__load=90, limits__overtime=1800, weights__waiting=0.2) == 3
    problem = gathering.problem(world.session, [], [])
    assert problem.weights == Weights(load=90, waiting=0.2)
    assert problem.limits == Limits(overtime=1800)


def test_it_is_kept_who_set_what_and_how_it_was(world):
    change(world.session, weights__load=90)
    change(world.session, weights__load=60)
    rows = [(row.event, row.by, dict(row.facts)) for row in dispatch_settings.changes(world.session)]
    assert rows == [
        ("number_set", BY, {"name": "weights.load", "was": 90, "now": 60}),
        ("number_set", BY, {"name": "weights.load", "was": 60, "now": 90}),
    ]


def test_a_number_set_back_follows_the_usual_one_again(world):
    change(world.session, weights__load=90)
    change(world.session, weights__load=Weights().load)
    assert site.get(world.session, "dispatch_weights") == {"load": None}


def test_what_stays_is_no_change(world):
    assert change(world.session, weights__load=60) == 0
    assert dispatch_settings.changes(world.session) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("weights.load", -1),
        ("weights.load", 0.5),
        ("weights.load", float("inf")),
        ("weights.load", float("nan")),
        ("weights.unserved", 0),
        ("weights.lateness", 101.0),
        ("weights.lateness", float("nan")),
        ("limits.grain", 0),
        ("travel.slowness", 0.0),
        ("plan.seconds", 90.0),
    ],
)
def test_nonsense_is_refused_and_nothing_of_it_set(world, name, value):
    with pytest.raises(BadInput) as told:
        dispatch_settings.change(world.session, {"weights.gender": 60, name: value}, 0, BY)
    assert told.value.facts["name"] == name
    assert dispatch_settings.weights(world.session) == Weights()


def test_two_who_change_at_the_same_time_do_not_undo_each_other(world):
    seen = dispatch_settings.version(world.session)
    dispatch_settings.change(world.session, {"weights.load": 90}, seen, BY)
    with pytest.raises(Refused):
        dispatch_settings.change(world.session, {"weights.load": 60, "weights.gender": 60}, seen, "staff:2")
    assert dispatch_settings.weights(world.session) == Weights(load=90)


def test_weather_said_meanwhile_does_not_stand_in_the_way(world):
    seen = dispatch_settings.version(world.session)
    weather.say(world.session, "rain", BY)
    assert dispatch_settings.change(world.session, {"weights.load": 90}, seen, BY) == 1


def test_bad_weather_makes_ways_longer_until_midnight(world):
    usual = travel_seconds(world)
    midnight = local("00:00", 1)
    clock.wind(local("18:00") - clock.now())
    weather.say(world.session, "storm", BY)
    assert travel_seconds(world) == pytest.approx(1.5 * usual, rel=0.15)
    found = dispatch_settings.weather(world.session)
    assert found is not None and (found.kind, found.until) == ("storm", midnight)
    clock.wind(midnight - clock.now())
    assert (travel_seconds(world), dispatch_settings.weather(world.session)) == (usual, None)


def test_weather_and_its_end_each_want_a_plan_and_are_kept(world):
    assert [weather.say(world.session, kind, BY) for kind in ("rain", "rain", None, None)] == [True, False, True, False]
    assert dispatch_settings.weather(world.session) is None
    assert [row.facts["kind"] for row in dispatch_settings.changes(world.session)] == [None, "rain"]
    assert [plan.why for plan in planning.latest(world.session, 5)] == [["weather"]]


def test_a_weather_that_is_none_is_refused(world):
    with pytest.raises(BadInput):
        weather.say(world.session, "frogs", BY)
