"""Several searches at the same time, each on a core of its own, and the best of what they find.

How well a short search ends is largely luck; two of them are luckier than one that takes twice as long.
"""

from concurrent.futures import ThreadPoolExecutor

from app.visits.planner.instance import Instance
from app.visits.planner.search import Found, Limits, Recipe, Routes, Search


def search_together(
    it: Instance, seed: int, limits: Limits, cores: int = 1, given: Routes = (), recipe: Recipe | None = None
) -> Found:
    """As many searches as ``cores``, with the seeds from ``seed`` on; what is found says which of them repeats it."""

    def search(number: int) -> Found:
        return Search(it, number, given, recipe).run(limits)

    with ThreadPoolExecutor(cores) as pool:
        found = list(pool.map(search, range(seed, seed + cores)))
    return min(found, key=lambda one: one.price)
