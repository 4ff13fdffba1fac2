"""Prints what the planner finds for one small case: run with and without compiled code it must say the same."""

import json

from app.visits.planner.search import Limits, Search, routes
from tests.planning import plain


def answer() -> str:
    """Routes and price of three short searches: with visits of two, with breaks, with both and a grain."""
    found = []
    for it in (
        plain.made_up(11, tasks=10, pairs=2),
        plain.made_up(12, tasks=10, pairs=0, rests=True),
        plain.made_up(13, tasks=10, pairs=2, rests=True, grain=7),
    ):
        search = Search(it, 3)
        day = search.run(Limits(laps=[1])).day
        found.append([routes(day, len(it.crew)), round(search.run(Limits(laps=[])).price, 6)])
    return json.dumps(found)


if __name__ == "__main__":
    print(answer())
