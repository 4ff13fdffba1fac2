"""Lots of the week, each drawn by the seed and by what it is about, so that both runs meet the same world."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import TypeVar

Chosen = TypeVar("Chosen")


WEATHER: dict[float, float] = {1.0: 0.65, 1.15: 0.2, 1.35: 0.15}
"""How much longer ways take, and how often."""


class Lots:
    """Draws; the same question has the same answer in every run, whatever was asked before."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def about(self, *what: object) -> Random:
        """A source of chance for ``what`` alone, such as ("length", call's key)."""
        return Random("/".join(map(str, (self._seed, *what))))

    def happens(self, share: float, *what: object) -> bool:
        """Whether it happens, which it does with the probability ``share``."""
        return self.about(*what).random() < share

    def between(self, least: float, most: float, *what: object) -> float:
        """Anything from ``least`` to ``most``."""
        return self.about(*what).uniform(least, most)

    def factor(self, spread: float, *what: object) -> float:
        """How much longer than estimated: around 1, seldom beyond 1 ± 2 ``spread``, more often too long than short."""
        return min(max(self.about(*what).lognormvariate(0, spread), 0.5), 2.5)

    def one_of(self, weights: dict[Chosen, float], *what: object) -> Chosen:
        """One of the keys, by their weights."""
        return self.about(*what).choices(list(weights), list(weights.values()))[0]

    def pick(self, among: Sequence[Chosen], *what: object) -> Chosen:
        """Any of them."""
        return self.about(*what).choice(among)


def weather(lots: Lots, day: date) -> float:
    """The factor on all ways of ``day``."""
    return lots.one_of(WEATHER, "weather", day)
