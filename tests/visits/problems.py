"""Small worlds for the tests of matching: people on a sheet of paper around one street corner, times of one Tuesday."""

from dataclasses import replace
from math import cos, radians

from hypothesis import strategies as st

from app.visits.matching.problem import Candidate, Fix, Problem, Request, Span, Stop

CORNER = (31.23, 121.47)
MIDNIGHT = 1_795_449_600
"""Tuesday 24 November 2026, 00:00 in Shanghai, in seconds since the epoch."""

AMIR, LENA, TOM = 1, 2, 3


def at(clock_time: str) -> int:
    """ "09:30" of that Tuesday in epoch seconds."""
    hours, minutes = clock_time.split(":")
    return MIDNIGHT + int(hours) * 3600 + int(minutes) * 60


def span(start: str, end: str) -> Span:
    return Span(at(start), at(end))


def place(east: float, north: float) -> tuple[float, float]:
    """So many metres east and north of the corner."""
    return (CORNER[0] + north / 111_200, CORNER[1] + east / (111_300 * cos(radians(CORNER[0]))))


def stop(start: str, end: str, east: float = 0, north: float = 0, visit_id: int | None = None) -> Stop:
    return Stop(at(start), at(end), place(east, north), visit_id)


def worker(worker_id: int, east: float = 0, north: float = 0, **facts) -> Candidate:
    """On shift 08:30 to 17:30 with a lunch break, can cut hair."""
    usual = {
        "skills": ("haircut",),
        "speaks": ("zh-CN",),
        "work": (span("08:30", "17:30"),),
        "breaks": (span("12:00", "13:00"),),
    }
    return Candidate(worker_id, place(east, north), **(usual | facts))


def request(start: str = "09:00", end: str = "12:00", **facts) -> Request:
    """Half an hour of haircut at the corner."""
    return Request(**({"place": CORNER, "seconds": 1800, "window": span(start, end), "skill": "haircut"} | facts))


def problem(asked: Request, *people: Candidate, now: str = "08:30", **facts) -> Problem:
    return Problem(at(now), (asked,), people, **facts)


# -- made-up problems ---------------------------------------------------

places = st.builds(place, st.integers(-6000, 6000), st.integers(-6000, 6000))
quarters = st.integers(0, 40).map(lambda n: at("07:30") + n * 900)


@st.composite
def spans(draw, longest: int = 8):
    start = draw(quarters)
    return Span(start, start + draw(st.integers(1, longest)) * 900)


@st.composite
def busy_days(draw):
    """Stops one after the other, never at once."""
    moment, stops = at("08:00"), []
    for number in range(draw(st.integers(0, 6))):
        start = moment + draw(st.integers(0, 10)) * 600
        moment = start + draw(st.integers(2, 9)) * 600
        stops.append(Stop(start, moment, draw(places), number + 1))
    return tuple(stops)


@st.composite
def workers(draw, worker_id: int):
    seen = draw(st.none() | st.builds(Fix, places, st.just(at("08:50"))))
    return Candidate(
        worker_id,
        draw(places),
        mode=draw(st.sampled_from(["walk", "ebike", "car"])),
        skills=draw(st.sampled_from([(), ("haircut",), ("haircut", "care")])),
        speaks=draw(st.sampled_from([("zh-CN",), ("zh-CN", "wu"), ("en",)])),
        gender=draw(st.sampled_from(["f", "m", None])),
        area_id=draw(st.sampled_from([None, 10, 99])),
        licensed_until=draw(st.sampled_from([None, at("07:00"), at("23:59")])),
        work=draw(st.sampled_from([(), (span("08:30", "17:30"),), (span("08:30", "12:00"), span("13:30", "17:30"))])),
        breaks=draw(st.sampled_from([(), (span("12:00", "13:00"),), (span("10:10", "10:25"), span("12:00", "12:30"))])),
        leave=draw(st.sampled_from([(), (), (span("13:00", "17:30"),)])),
        stops=draw(busy_days()),
        seen=seen,
    )


@st.composite
def problems(draw, most: int = 4):
    window = draw(spans(16))
    asked = Request(
        place=draw(places),
        seconds=draw(st.integers(1, 8)) * 900,
        window=window,
        skill=draw(st.sampled_from([None, "haircut", "care"])),
        areas=(10, 1),
        urgent=draw(st.booleans()),
        workers_needed=draw(st.sampled_from([1, 1, 2])),
        forbidden=draw(st.sampled_from([(), (1,)])),
        asked=draw(st.sampled_from([(), (2,)])),
        language="zh-CN",
        dialect=draw(st.sampled_from([None, "wu"])),
        gender=draw(st.sampled_from([None, "f"])),
        usual_worker=draw(st.sampled_from([None, 1])),
        promised_start=draw(st.none() | st.just(window.start)),
    )
    people = tuple(draw(workers(number + 1)) for number in range(draw(st.integers(1, most))))
    return Problem(at("09:00"), (asked,), people)


def without_stops(candidate: Candidate) -> Candidate:
    return replace(candidate, stops=())
