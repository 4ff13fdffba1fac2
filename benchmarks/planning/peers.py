"""The same day planned by others: VROOM, which comes with the development tools, and PyVRP where that is installed."""

from benchmarks.planning.days import PRIZE
from benchmarks.planning.files import Document

try:
    import vroom
except ImportError:
    vroom = None  # type: ignore[assignment]
try:
    import pyvrp
    from pyvrp.stop import MaxRuntime
except ImportError:
    pyvrp = None  # type: ignore[assignment]

NO_WAY = 10**6
"""Seconds of a way that PyVRP may not go: longer than any day. With its own default, 2^44, it did not end in time."""


def by_vroom(day: Document, exploration: int = 5, threads: int = 1) -> list[list[int]]:
    """Routes by VROOM (https://github.com/VROOM-Project/vroom); exploration: 0 to 5, the more the longer."""
    workers, visits = day["workers"], day["visits"]
    problem = vroom.Input()
    problem.set_durations_matrix("car", day["travel"])
    for home, worker in enumerate(workers):
        shift = vroom.TimeWindow(worker["start"], worker["end"])
        skills = {skill + 1 for skill in worker["skills"]}
        problem.add_vehicle(vroom.Vehicle(home, start=home, end=home, skills=skills, time_window=shift))
    for v, visit in enumerate(visits):
        window = vroom.TimeWindow(*visit["window"])
        place, skills = len(workers) + v, {visit["skill"] + 1}
        job = vroom.Job(v, place, default_service=visit["duration"], skills=skills, time_windows=[window])
        problem.add_job(job)
    steps = problem.solve(exploration_level=exploration, nb_threads=threads).routes
    jobs = steps[steps["type"] == "job"]
    routes: list[list[int]] = [[] for _ in workers]
    for w, v in zip(jobs["vehicle_id"], jobs["id"], strict=True):
        routes[int(w)].append(int(v))
    return routes


def by_pyvrp(day: Document, seconds: float, seed: int) -> list[list[int]]:
    """Routes by PyVRP (https://pyvrp.org) after ``seconds``; skills are profiles that lack the ways to other visits."""
    workers, visits, travel = day["workers"], day["visits"], day["travel"]
    model = pyvrp.Model()
    locations = [model.add_location(0, 0) for _ in travel]
    depots = [model.add_depot(locations[home]) for home in range(len(workers))]
    for v, visit in enumerate(visits):
        opens, closes = visit["window"]
        model.add_client(
            locations[len(workers) + v],
            service_duration=visit["duration"],
            tw_early=opens,
            tw_late=closes,
            prize=int(PRIZE),
            required=False,
        )
    profiles = {skills: model.add_profile() for skills in {tuple(worker["skills"]) for worker in workers}}
    for skills, profile in profiles.items():
        fits = [True] * len(workers) + [visit["skill"] in skills for visit in visits]
        for a, row in enumerate(travel):
            for b, way in enumerate(row):
                if fits[a] and fits[b]:
                    model.add_edge(locations[a], locations[b], distance=way, duration=way, profile=profile)
    for depot, worker in zip(depots, workers, strict=True):
        model.add_vehicle_type(
            start_depot=depot,
            end_depot=depot,
            tw_early=worker["start"],
            tw_late=worker["end"],
            profile=profiles[tuple(worker["skills"])],
        )
    found = model.solve(MaxRuntime(seconds), seed=seed, display=False, missing_value=NO_WAY).best
    routes: list[list[int]] = [[] for _ in workers]
    for route in found.routes():
        routes[route.vehicle_type()] = [stop.idx for stop in route.schedule() if stop.is_client()]
    return routes
