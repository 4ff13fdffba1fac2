"""Made-up phone numbers: consecutive ones from ranges that cast.yaml names, valid in form, never the same twice."""

from collections.abc import Iterator
from itertools import count

from app.sample.data import document


class Numbers:
    """Counts through the ranges; what comes next depends only on how many were taken before."""

    def __init__(self) -> None:
        starts = document("cast.yaml")["numbers"]
        self._lines: dict[str, Iterator[int]] = {kind: count(start) for kind, start in starts.items()}

    def next(self, kind: str) -> str:
        """The next number in E.164; kind: mobiles, landlines, offices or organisations."""
        return f"+86{next(self._lines[kind])}"
