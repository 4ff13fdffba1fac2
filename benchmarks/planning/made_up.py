"""Days that nobody lived: visits and workers drawn from a seed, like those in data/.

Half of the visits are called in during the day; 3 skills, half of the windows 2 h or half a day, visits of 20 to 60
minutes, shifts 8:30-17:30, 16x16 km, straight line x 1.3 at 15 km/h.
"""

import math
import random

from benchmarks.planning.files import Document

HOUR, MINUTE = 3600, 60
START, END = 8 * HOUR + 30 * MINUTE, 17 * HOUR + 30 * MINUTE
NOON, AFTERNOON = 12 * HOUR, 13 * HOUR
MINUTES = (20, 30, 40, 45, 60)
MINUTES_SHARES = (10, 25, 30, 15, 20)
SKILLS_SHARES = (60, 20, 20)

SIDE = 16_000
"""Metres."""
DETOUR, SPEED = 1.3, 15_000 / HOUR
METRES_A_DEGREE = 111_320
SOUTH_WEST = (30.58, 103.98)
LAST_CALL = 2 * HOUR + 15 * MINUTE
"""Nobody rings later than so long before the end of the shifts, nor less than NOTICE before the window closes."""
NOTICE = HOUR + 30 * MINUTE


def day(visits: int, workers: int, seed: int) -> Document:
    """One day. seed: the same one, the same day."""
    rng = random.Random(seed)
    crew = [_worker(rng, number) for number in range(workers)]
    calls = [_visit(rng, number) for number in range(visits)]
    places = [worker["home"] for worker in crew] + [visit["place"] for visit in calls]
    return {
        "seed": seed,
        "unit": "seconds since midnight, WGS-84 degrees",
        "workers": crew,
        "visits": calls,
        "travel": [[_way(a, b) for b in places] for a in places],
    }


def _place(rng: random.Random) -> list[float]:
    south, west = SOUTH_WEST
    north_m, east_m = rng.uniform(0, SIDE), rng.uniform(0, SIDE)
    return [south + north_m / METRES_A_DEGREE, west + east_m / (METRES_A_DEGREE * math.cos(math.radians(south)))]


def _way(a: list[float], b: list[float]) -> int:
    """Seconds."""
    north = (a[0] - b[0]) * METRES_A_DEGREE
    east = (a[1] - b[1]) * METRES_A_DEGREE * math.cos(math.radians(SOUTH_WEST[0]))
    return math.ceil(math.hypot(north, east) * DETOUR / SPEED)


def _worker(rng: random.Random, number: int) -> Document:
    skills = {rng.choices(range(3), SKILLS_SHARES)[0], *(skill for skill in range(3) if rng.random() < 0.4)}
    skills |= {0, 1, 2} if number == 0 else set()  # somebody can do everything
    return {"id": number, "home": _place(rng), "skills": sorted(skills), "start": START, "end": END}


def _visit(rng: random.Random, number: int) -> Document:
    duration = rng.choices(MINUTES, MINUTES_SHARES)[0] * MINUTE
    opens, closes = _window(rng, duration)
    latest = min(END - LAST_CALL, closes - NOTICE)
    is_known = rng.random() < 0.5 or latest <= START
    return {
        "id": number,
        "place": _place(rng),
        "skill": rng.choices(range(3), SKILLS_SHARES)[0],
        "duration": duration,
        "window": [opens, closes],
        "called_at": 0 if is_known else rng.randrange(START, latest),
    }


def _window(rng: random.Random, duration: int) -> tuple[int, int]:
    """When the visit may begin: any time, in one half of the day, or within two hours."""
    last = END - duration
    draw = rng.random()
    if draw < 0.5:
        return START, last
    if draw < 0.75:
        return (START, NOON) if rng.random() < 0.5 else (AFTERNOON, last)
    opens = START + 30 * MINUTE * rng.randrange(14)
    return opens, min(opens + 2 * HOUR, last)
