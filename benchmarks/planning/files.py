"""Instances and days on disk: JSON, JSON packed with xz, or a tar.xz of many."""

import csv
import json
import lzma
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.errors import BadInput

Document = dict[str, Any]

DATA = Path(__file__).parent / "data"
INSTANCES = DATA / "mankowska_1-5.tar.xz"
DAYS = tuple(DATA / f"day-{number}.json.xz" for number in (1, 2, 3))

OLDER = ("mankowska2014_best", "lasfargeas2019_best", "kummer2019_best", "brkga_mp_ipr_best")
"""Columns of published.csv beside that of the best known by simulated annealing, with one decimal place each."""
ROUNDED = 0.05


def documents(paths: Iterable[Path]) -> Iterator[tuple[str, Document]]:
    """(name without its endings, document) of each file; an archive gives all that it holds.

    Raises BadInput for a file that can't be read.
    """
    for path in paths:
        try:
            yield from _archived(path) if path.name.endswith(".tar.xz") else [(_stem(path.name), _single(path))]
        except (OSError, ValueError, lzma.LZMAError, tarfile.TarError) as error:
            raise BadInput("unreadable", problems=[f"{path.name}: {error}"]) from error


def _single(path: Path) -> Document:
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    document: Document = json.loads(raw)
    return document


def _archived(path: Path) -> Iterator[tuple[str, Document]]:
    with tarfile.open(path, "r:xz") as archive:
        for member in archive:
            held = archive.extractfile(member)
            if held is not None and member.name.endswith(".json"):
                yield _stem(Path(member.name).name), json.load(held)


def _stem(name: str) -> str:
    return name.removesuffix(".xz").removesuffix(".json")


def write(document: Document, path: Path) -> None:
    """Write as JSON, readable by people too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Published:
    """What is known of one instance: BRKGA's best and mean of 15 runs, and the best cost anybody has published.

    slack: by how much less a cost must be to be less than the best as that is printed.
    """

    brkga_best: float | None
    brkga_mean: float | None
    best_known: float
    slack: float

    def is_beaten_by(self, cost: float) -> bool:
        """Whether ``cost`` is a record."""
        return cost < self.best_known - self.slack


def published(path: Path = DATA / "published.csv") -> dict[str, Published]:
    """By the instance's name (its file's, without ending)."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {_stem(row["file"]): _published(row) for row in csv.DictReader(lines)}


def _published(row: dict[str, str]) -> Published:
    older = min((row[column] for column in OLDER if row[column]), key=float)
    best = row["ceschia2024_sa_best"]
    if float(older) < float(best) - ROUNDED:
        best = older
    return Published(
        brkga_best=_number(row["brkga_mp_ipr_best"]),
        brkga_mean=_number(row["brkga_mean_of_15"]),
        best_known=float(best),
        slack=0.5 * 10.0 ** -len(best.partition(".")[2]) + 1e-9,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
