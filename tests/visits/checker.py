"""An independent judge of a proposal: goes through the worker's day minute by minute and shares no code with matching.

It reckons ways with geopy's geodesic and gives ten seconds a leg for rounding.
"""

from geopy.distance import geodesic

PACES = {"walk": (1.26, 4.5, 0), "ebike": (1.35, 15.0, 60), "car": (1.4, 20.0, 180)}
SLACK = 10


def way(origin, destination, mode):
    """Seconds from door to door."""
    detour, kmh, park = PACES[mode]
    metres = geodesic(origin, destination).meters * detour
    return metres / (kmh / 3.6) + park if metres >= 1 else 0


def faults(problem, worker_id, start):
    """What is wrong with ``worker_id`` coming at ``start``: an empty list if nothing is."""
    asked = problem.request
    person = next(person for person in problem.candidates if person.worker_id == worker_id)
    return rule_faults(problem, asked, person) + time_faults(problem, asked, person, start)


def rule_faults(problem, asked, person):
    wrong = []
    if person.worker_id in asked.forbidden or person.worker_id in asked.asked or person.worker_id in asked.partners:
        wrong.append("not to be asked")
    if asked.skill and asked.skill not in person.skills:
        wrong.append("unskilled")
    if person.licensed_until is not None and person.licensed_until < asked.window.end:
        wrong.append("unlicensed")
    if person.area_id is not None and person.area_id not in asked.areas:
        wrong.append("elsewhere")
    return wrong


def time_faults(problem, asked, person, start):
    end = start + asked.seconds
    wrong = []
    agreed = start in (asked.promised_start, asked.fixed_start)
    late = problem.limits.late_urgent if asked.urgent else 0
    if not agreed and not asked.window.start <= start <= asked.window.end + late:
        wrong.append("outside the window")
    if not agreed and start % problem.limits.grain:
        wrong.append("no round time")
    if not any(work.start <= start and end <= work.end + problem.limits.overtime for work in whole_spans(person)):
        wrong.append("off shift")
    if any(start < off.end and off.start < min(end, off.end) for off in (*person.breaks, *person.leave)):
        wrong.append("in a break or on leave")
    if any(start < stop.end and stop.start < end for stop in person.stops):
        wrong.append("in two places")
    return wrong or travel_faults(problem, asked, person, start)


def travel_faults(problem, asked, person, start):
    end = start + asked.seconds
    begin, origin = origin_of(problem, person, start)
    notice = problem.limits.notice_urgent if asked.urgent else problem.limits.notice
    wrong = []
    if free_seconds(person, max(begin, problem.now + notice), start) + SLACK < way(origin, asked.place, person.mode):
        wrong.append("can't be there in time")
    following = [stop for stop in person.stops if stop.start >= end and same_span(person, stop.start, start)]
    if following:
        after = min(following, key=lambda stop: stop.start)
        if free_seconds(person, end, after.start) + SLACK < way(asked.place, after.place, person.mode):
            wrong.append("can't be at the next in time")
    return wrong


def same_span(person, moment, start):
    """Whether both moments are in one stretch of work without leave: where he is on leave he goes to nobody."""
    if any(off.start <= moment < off.end for off in person.leave):
        return False
    return any(work.start <= start and moment < work.end + 900 for work in whole_spans(person) if start < work.end)


def whole_spans(person):
    """Work cut by leave, minute by minute."""
    found = []
    for work in person.work:
        run = None
        for minute in range(work.start, work.end + 60, 60):
            working = minute < work.end and not any(off.start <= minute < off.end for off in person.leave)
            if working and run is None:
                run = minute
            if not working and run is not None:
                found.append(type(work)(run, minute))
                run = None
    return found


def origin_of(problem, person, start):
    """When and where his way to the door begins."""
    work = next(work for work in whole_spans(person) if work.start <= start < work.end + 900)
    begin = max(work.start, problem.now)
    during = [stop for stop in person.stops if begin < stop.end <= start]
    if during:
        last = max(during, key=lambda stop: stop.end)
        return last.end, last.place
    seen = person.seen
    earlier = [stop for stop in person.stops if stop.end <= begin and stop.end >= begin - 4 * 3600]
    left_since = any(stop.end > seen.at for stop in earlier) if seen else False
    if seen and work.start <= problem.now and problem.now - seen.at <= problem.limits.fresh and not left_since:
        return begin, seen.place
    return begin, (max(earlier, key=lambda stop: stop.end).place if earlier else person.home)


def free_seconds(person, begin, end):
    """Time between two moments outside breaks, minute by minute (everything in the made-up days is on the minute)."""
    whole = range(begin, end, 60)
    return sum(60 for minute in whole if not any(off.start <= minute < off.end for off in person.breaks))


def first_round_starts(problem, asked):
    """Every start that could be said to somebody."""
    late = problem.limits.late_urgent if asked.urgent else 0
    grain = problem.limits.grain
    first = -(-max(asked.window.start, problem.now) // grain) * grain
    return range(first, asked.window.end + late + 1, grain)
