"""Solutions in docs/records are what they claim: they break no rule and cost less than anything published."""

import json
from pathlib import Path

import pytest

from benchmarks.planning import files
from benchmarks.planning.checks import judge_hhcrsp
from benchmarks.planning.files import Document
from tests.planning.test_checks import INSTANCE, RIGHT

RECORDS = Path(__file__).parents[2] / "docs" / "records"


def claims(folder: Path, instances: dict[str, Document], published: dict[str, files.Published]) -> dict[str, float]:
    """Instance -> cost of each solution in ``folder``; file names end with the instance's. Raises if one is none."""
    costs = {}
    for path in sorted(folder.glob("*.json")):
        (name,) = [name for name in instances if path.stem.endswith(name)]
        costs[name] = judge_hhcrsp(instances[name], json.loads(path.read_text())).approved().cost
        assert published[name].is_beaten_by(costs[name]), f"{path.name} costs {costs[name]}, which is no record"
    return costs


def test_every_record_is_one() -> None:
    assert claims(RECORDS, dict(files.documents([files.INSTANCES])), files.published())


@pytest.mark.parametrize("best_known, is_record", [(45.0, True), (44.0, False)])
def test_what_is_none_is_seen(tmp_path: Path, best_known: float, is_record: bool) -> None:
    files.write(RIGHT, tmp_path / "doorline_tiny.json")
    known = {"tiny": files.Published(None, None, best_known, 0.005)}
    if is_record:
        assert claims(tmp_path, {"tiny": INSTANCE}, known) == {"tiny": pytest.approx(134 / 3)}
    else:
        with pytest.raises(AssertionError, match="no record"):
            claims(tmp_path, {"tiny": INSTANCE}, known)
