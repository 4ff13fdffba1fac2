"""Everything compiled, or fetched from disk as it was compiled before, so that nobody's plan has to wait for it.

Compiling takes half a minute, once for each version of the sources (python -m app.visits.planner.warm); fetching what
was compiled takes half a second.
"""

import numpy as np

from app.visits.planner.anneal import RUIN
from app.visits.planner.changes import none
from app.visits.planner.compiled import FOLDER
from app.visits.planner.instance import FAR, MATE, NOT_POSSIBLE, Instance, neighbours
from app.visits.planner.repair import give_up_breaches
from app.visits.planner.search import Limits, Recipe, Search
from app.visits.planner.timetable import timetable


def is_ready() -> bool:
    """Whether nothing has to be compiled any more before a search can begin."""
    return FOLDER is None or (FOLDER / "ready").exists()


def warm_up() -> None:
    """Search a tiny day that asks for all there is; afterwards each function that compiled code has is ready.

    Which of them a search calls from Python hangs on its luck; so those that give up visits are called here as well.
    """
    it = _tiny()
    day = timetable(it, [[0, 1], [2]])
    give_up_breaches(it, day, none(it))
    recipe = Recipe(laps=2, polish=0.5, shares=(1,) * (RUIN + 1), polish_shares=(1,) * (RUIN + 1))
    Search(it, 1, [[0], []], recipe).run(Limits(laps=[1, 1]))
    if FOLDER is not None:
        (FOLDER / "ready").touch()


def _tiny() -> Instance:
    """Two workers with a break, a visit of one and then a visit of two for which that leaves no time."""
    travel = np.array([[0, 5], [5, 0]], np.int32)
    one, two = [0, 50, 20, 30, FAR, -1, 0, 0], [1, 10, 30, 40, 50, -1, 0, 0]
    node = np.array([one, two, two] + [[0, 0, 0, 0, 0, -1, 0, 0]] * 4, np.int64)
    node[[1, 2], MATE] = 2, 1
    return Instance(
        travel=travel[None],
        node=node,
        crew=np.array([[0, 0, 80, 200, 0, 1, 90, 100, 10]] * 2, np.int64),
        wish=np.zeros((2, 3)),
        price=np.array([[1.0, 1000.0, 0.1]] * 3),
        rates=np.array([1.0, 1.0, 1.0, NOT_POSSIBLE, 2.0]),
        near=neighbours(travel, node[:3], 2),
    )


if __name__ == "__main__":
    warm_up()
