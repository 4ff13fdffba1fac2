"""The three rates, each over those who answered that question."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from app.quality.measures import Rate, rates
from app.quality.rules import FOLLOW_UP, GRADES


@dataclass
class Asked:
    state: str = "answered"
    contacted: bool | None = None
    solved: bool | None = None
    grade: str | None = None


ASKED = st.builds(
    Asked,
    st.sampled_from(sorted(FOLLOW_UP.states)),
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
    st.sampled_from([*GRADES, None]),
)


def test_each_rate_has_its_own_base() -> None:
    found = rates(
        [
            Asked(contacted=True, solved=True, grade="very_satisfied"),
            Asked(contacted=True, solved=False, grade="dissatisfied"),
            Asked(contacted=True, solved=None, grade="fair"),
            Asked(contacted=False),
        ]
    )
    assert (found.contacted, found.solved, found.satisfied) == (Rate(3, 4), Rate(1, 2), Rate(2, 3))


def test_silence_is_in_no_base_but_is_shown() -> None:
    found = rates([Asked(grade="satisfied"), Asked("not_reached"), Asked("not_reached"), Asked("due"), Asked("task")])
    assert found.satisfied == Rate(1, 1)
    assert found.reached == Rate(1, 3)


def test_nobody_asked_gives_no_rate_rather_than_a_hundred_per_cent() -> None:
    found = rates([])
    assert found.satisfied.value is None
    assert found.reached == Rate(0, 0)
    assert list(found.grades) == list(GRADES)


@given(st.lists(ASKED))
def test_a_part_is_never_more_than_its_base_and_grades_add_up(answers: list[Asked]) -> None:
    found = rates(answers)
    for rate in (found.reached, found.contacted, found.solved, found.satisfied):
        assert 0 <= rate.part <= rate.base
    assert sum(found.grades.values()) == found.satisfied.base


@given(st.lists(ASKED, min_size=1))
def test_more_silence_never_makes_anybody_more_satisfied(answers: list[Asked]) -> None:
    silent = [*answers, Asked("not_reached"), Asked("answered")]
    assert rates(silent).satisfied == rates(answers).satisfied
