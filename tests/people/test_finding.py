"""Agents find residents while the caller is on the phone."""

import pytest
from sqlalchemy.orm import Session

from app.people import finding, names, residents
from tests.people import cast
from tests.people.cast import SHAN


@pytest.mark.parametrize(
    "typed",
    [
        SHAN,
        "13800130002",
        "138 0013 0002",
        "138-0013-0002",
        "+86 138 0013 0002",
        "0086 13800130002",
        "8613800130002",
        "１３８００１３０００２",
        "0002",
        "130002",
        "单德明",
        "单",
        "德明",
        "shandeming",
        "Shan Deming",
        "sdm",
        "deming",
        "shandem",
        "sandemin",
        "dandeming",
        "shanddeming",
        "善德铭",
        "0012",
        "13800130012",
    ],
)
def test_mr_shan_is_found(session: Session, typed: str) -> None:
    place = cast.town(session)
    cast.rosa(session, place)
    shan = cast.mr_shan(session, place)
    assert residents.search(session, typed) == [shan]


@pytest.mark.parametrize("typed", ["5550 0001", "021-55500001", "55500001", "0001"])
def test_a_landline_is_found_with_or_without_its_area_code(session: Session, typed: str) -> None:
    rosa = cast.rosa(session, cast.town(session))
    assert residents.search(session, typed) == [rosa]


@pytest.mark.parametrize(
    "typed", ["", "  ", "002", "13900130002", "91110002", "wang", "王", "zzzz", "%", "_", "~", "'"]
)
def test_nobody_is_found_by_what_does_not_fit(session: Session, typed: str) -> None:
    cast.mr_shan(session, cast.town(session))
    assert residents.search(session, typed) == []


def test_the_external_number_of_a_file_finds_it(session: Session) -> None:
    shan = cast.mr_shan(session, cast.town(session), external_id="R-SHAN")
    assert residents.search(session, "R-SHAN") == [shan]


def test_the_best_fit_comes_first(session: Session) -> None:
    place = cast.town(session)
    for name in ("商贵蓝", "单贵", "单桂兰", "善贵岚"):
        cast.rosa(session, place, name=name)
    found = [resident.name for resident in residents.search(session, "单桂兰")]
    assert found[:2] == ["单桂兰", "善贵岚"]
    by_sound = [resident.name for resident in residents.search(session, "shanguilan")]
    assert (set(by_sound[:2]), by_sound[2:]) == ({"单桂兰", "善贵岚"}, ["商贵蓝"])


def test_near_misses_are_shown_only_where_nobody_fits(session: Session) -> None:
    place = cast.town(session)
    shan = cast.mr_shan(session, place, name="单桂兰")
    assert residents.search(session, "shanguiran") == [shan]
    exact = cast.rosa(session, place, name="善贵然")
    assert residents.search(session, "shanguiran") == [exact]


def test_no_more_are_shown_than_asked_for(session: Session) -> None:
    place = cast.town(session)
    for number in range(5):
        cast.rosa(session, place, name=f"王桂{'兰芳花英梅'[number]}")
    assert len(residents.search(session, "wang", limit=3)) == 3


def test_exact_ranks_above_beginning_above_sound_above_near_miss() -> None:
    def score(typed: str) -> float:
        return finding.rank(typed, names.query_keys(typed), "单桂兰", names.keys("单桂兰"))

    scores = [
        score(typed)
        for typed in ("单桂兰", "单桂", "桂兰", "shanguilan", "shanguila", "shangguilan", "shanguilam", "li")
    ]
    assert scores[:2] + scores[3:] == sorted(scores[:2] + scores[3:], reverse=True)
    assert scores[-2] >= finding.WORTH_SHOWING > scores[-1]
